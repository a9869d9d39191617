import { sql } from 'kysely';
import { readCatalog } from '../../app/catalog/read-catalog.server.ts';
import { createSeries, hourMs, hourRow, loadHour, minuteMs, setMinute } from '../../app/domain/slo/series.ts';
import { openDb } from '../../app/platform/db.server.ts';
import { createLog } from '../../app/platform/log.ts';
import { createNotices } from '../../app/platform/notify.server.ts';
import { createCatalogStore } from '../../app/stores/catalog.server.ts';
import { createCursorStore } from '../../app/stores/cursors.server.ts';
import { migrate } from '../../app/stores/migrate.server.ts';
import { createSloStore } from '../../app/stores/slo/slos.server.ts';

const keptDays = 35;
const minuteDays = 3;
/** A whole hour of a Monday. */
const start = Date.UTC(2026, 10, 16, 12);

/** Stores a catalog and what an engine would have kept of all its SLOs up to `start` (ms, returned): 35 days of hours, 3 of minutes. */
export async function fillBigHistory(databaseUrl: string, catalogFolder: string): Promise<number> {
  const { db, close } = openDb(databaseUrl, { max: 4, onError: () => undefined });
  await migrate(db);
  const notices = await createNotices(
    databaseUrl,
    db,
    createLog('silent', { add: () => undefined, text: (text) => text }),
  );
  const catalogs = createCatalogStore(db, notices);
  const catalog = await readCatalog(catalogFolder);
  await catalogs.save(catalog, start);
  // The daily look back is not part of a cycle.
  await createCursorStore(db).set('metrics-reread', start);
  const series = createSeries();
  const hour = start / hourMs;
  const firstMinutes = hour - minuteDays * 24;
  for (let each = hour - keptDays * 24; each < firstMinutes; each++)
    loadHour(series, each, { bad: 12, total: 62_880, known: 60, minutes: null });
  for (let minute = firstMinutes * 60; minute < start / minuteMs; minute++)
    setMinute(series, minute, minute % 5 === 0 ? 1 : 0, 1_048);
  const [first, ...others] = catalog.slos.map(({ id }) => id);
  const rows = Array.from({ length: keptDays * 24 }, (_, back) => ({
    slo: first!,
    counted: null,
    ...hourRow(series, hour - 1 - back),
  }));
  await createSloStore(db, catalogs).saveHours(rows);
  for (let from = 0; from < others.length; from += 200)
    await sql`
      insert into sli_hour (slo, hour, bad, total, known, minutes)
      select other, hour, bad, total, known, minutes from sli_hour
      cross join unnest(${others.slice(from, from + 200)}::text[]) as other where slo = ${first!}`.execute(db);
  await sql`analyze`.execute(db);
  await notices.stop();
  await close();
  return start;
}
