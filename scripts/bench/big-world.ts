import { readCatalog } from '../../app/catalog/read-catalog.server.ts';
import { evaluateSlo } from '../../app/domain/slo/evaluate.ts';
import {
  createSeries,
  hourMs,
  hourRow,
  loadHour,
  type MinuteSeries,
  minuteMs,
  setMinute,
} from '../../app/domain/slo/series.ts';
import { systemClock } from '../../app/platform/clock.ts';
import { openDb } from '../../app/platform/db.server.ts';
import { createLog } from '../../app/platform/log.ts';
import { createNotices } from '../../app/platform/notify.server.ts';
import { createCatalogStore } from '../../app/stores/catalog.server.ts';
import { createChangeStore } from '../../app/stores/changes.server.ts';
import { insertIncident } from '../../app/stores/incident/incident-writes.server.ts';
import { recordTimeline } from '../../app/stores/incident/timeline.server.ts';
import { migrate } from '../../app/stores/migrate.server.ts';
import { createObservationStore } from '../../app/stores/observations.server.ts';
import { createSloStore } from '../../app/stores/slo/slos.server.ts';

const burning = 3;
const settleMs = 4 * minuteMs;

/**
 * Writes through the stores what an engine would have written of a large organisation in which three SLOs burn and an
 * incident is open: catalog, evaluations, minutes, changes, failures, error lines, timeline. Returns the incident's id.
 */
export async function fillBigWorld(databaseUrl: string, catalogFolder: string): Promise<string> {
  const log = createLog('silent', { add: () => undefined, text: (text) => text });
  const handle = openDb(databaseUrl, { max: 4, onError: () => undefined });
  const { db } = handle;
  await migrate(db);
  const notices = await createNotices(databaseUrl, db, log);
  const now = systemClock.now();
  const at = Math.floor((now - settleMs) / minuteMs) * minuteMs;
  const catalog = await readCatalog(catalogFolder);
  const catalogs = createCatalogStore(db, notices);
  await catalogs.save(catalog, now);
  const slos = createSloStore(db, catalogs);
  const [quiet, loud] = [seriesUpTo(at, 0.000_2), seriesUpTo(at, 0.026)];
  const source = { readAt: now, error: null, errorAt: null, silentFrom: null };
  const states = catalog.slos.map((slo, index) => {
    const series = index < burning ? loud : quiet;
    const evaluation = evaluateSlo({ slo, profile: catalog.profiles[slo.id]!, series, at });
    return { evaluation, service: slo.service, source, lookedAt: now };
  });
  await db.transaction().execute((tx) => slos.saveStates(states, tx));
  const first = catalog.slos[0]!;
  const hour = Math.floor(at / hourMs);
  await slos.saveHours(
    Array.from({ length: 72 }, (_, back) => ({ slo: first.id, counted: null, ...hourRow(loud, hour - back) })),
  );

  const incident = await insertIncident(db, {
    title: `${first.service} is burning its error budget`,
    status: 'open',
    level: 'page',
    service: first.service,
    slo: first.id,
    tier: 'page-fast',
    startedAt: at - 40 * minuteMs,
    openedAt: at - 34 * minuteMs,
    pagedAt: at - 34 * minuteMs,
    resolvedAt: null,
    runbook: null,
    children: [],
  });
  const changes = createChangeStore(db, () => now, notices.notify);
  for (let index = 0; index < 40; index++) {
    await changes.record({
      source: 'api',
      externalId: `bench-${index}`,
      kind: 'config',
      at: now - index * 10 * minuteMs,
      service: index < 20 ? first.service : 'service-0007',
      environment: 'production',
      target: `setting-${index}`,
      title: `setting-${index} moved from ${index} to ${index + 1}`,
      actor: 'ada@studio.example',
      commit: null,
      url: null,
      before: null,
      after: null,
    });
  }
  const observations = createObservationStore(db);
  const codes = ['502', '503', '504', '500', '429'];
  const groups = codes.map((code, index) => ({
    code,
    route: '/voices',
    revision: `${first.service}-00042-abc`,
    region: 'europe-west1',
    bad: 1_389 >> index,
    total: 53_450,
  }));
  await observations.saw('cloud-monitoring', `failures/${first.id}`, { from: at - 40 * minuteMs, to: at, groups }, now);
  const lines = codes.map((code, index) => ({
    message: `upstream answered ${code}: model not found`,
    count: 900 >> index,
  }));
  await observations.saw(
    'cloud-logging',
    `loglines/${first.service}`,
    { onset: at - 40 * minuteMs, before: [], after: lines },
    now,
  );
  const onCall = [1, 2].map((level) => ({ person: `Level ${level}`, email: null, level, until: now + 8 * hourMs }));
  await observations.saw('pagerduty', `oncall/${first.service}`, onCall, now);
  await recordTimeline(
    db,
    incident.id,
    Array.from({ length: 20 }, (_, index) => ({
      at: at - (34 - index) * minuteMs,
      kind: 'note' as const,
      text: `Note ${index} of somebody who looks for the cause`,
      key: `note-${index}`,
    })),
  );
  await notices.stop();
  await handle.close();
  return incident.id;
}

/** 30 days at 1,200 requests a minute; `badShare` fail in the last 40 minutes, 0.02 % before. Minutes for 3 days, hours before that. */
function seriesUpTo(at: number, badShare: number): MinuteSeries {
  const series = createSeries();
  const [last, minutes] = [at / minuteMs, 3 * 24 * 60];
  const perHour = 60 * 1_200;
  for (let hour = Math.floor(last / 60) - 30 * 24; hour < Math.floor((last - minutes) / 60); hour++)
    loadHour(series, hour, { bad: Math.round(perHour * 0.000_2), total: perHour, known: 60, minutes: null });
  for (let minute = Math.floor((last - minutes) / 60) * 60; minute < last; minute++) {
    const share = minute >= last - 40 ? badShare : 0.000_2;
    setMinute(series, minute, Math.round(1_200 * share + (minute % 5 === 0 ? 0.4 : 0)), 1_200);
  }
  return series;
}
