import type { Catalog } from '../domain/catalog.ts';
import { type CleanUp, cleanUpOf } from '../domain/flag/clean-up.ts';
import type { FlagState } from '../domain/flag/flag.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import { openFollowUp } from '../stores/follow-ups.server.ts';
import type { ChangeStore, ObservationStore } from '../stores/stores.ts';

const day = 86_400_000;
/** Whoever clears a reminder by hand is reminded again after this long, ms. */
const restFor = 30 * day;
const dueIn = 14 * day;
/** Older than this the flags as last read say nothing, ms. */
const freshFor = 10 * 60_000;
const cleaner = 'Firebreak';

/**
 * One follow-up for each declared flag that ought to be cleaned up, to its owner: expired, marked stale, asked for by nobody,
 * or given to everybody or nobody for a month. It is cleared by itself once none of that is so. Where Unleash cannot be
 * read nothing is opened and nothing cleared.
 */
export function followCleanUps(deps: {
  db: Db;
  clock: Pick<Clock, 'now'>;
  catalog: () => Promise<Catalog | null>;
  observations: Pick<ObservationStore, 'get'>;
  changes: Pick<ChangeStore, 'lastOfFlags'>;
  notify: Notify;
  environment: string;
}): () => Promise<void> {
  const { db, clock } = deps;

  return async () => {
    const now = clock.now();
    const [catalog, read] = await Promise.all([deps.catalog(), deps.observations.get<FlagState[]>('unleash', 'flags')]);
    if (!catalog || !read.value || read.at === null || now - read.at > freshFor) return;
    const states = new Map(read.value.map((state) => [state.flag, state]));
    const changedAt = new Map((await deps.changes.lastOfFlags()).map(({ target, at }) => [target, at]));
    const wanted = new Map<string, CleanUp>();
    for (const declared of catalog.flags) {
      const known = { changedAt: changedAt.get(declared.name) ?? null, environment: deps.environment, now };
      const found = cleanUpOf(declared, states.get(declared.name) ?? null, known);
      if (found) wanted.set(`clean-up/${declared.name}`, found);
    }
    const rows = await db.selectFrom('follow_up').selectAll().where('kind', '=', 'flag-cleanup').execute();
    let news = false;
    for (const row of rows.filter(({ cleared_at }) => cleared_at === null)) {
      if (wanted.has(row.target)) continue;
      news = true;
      const set = { cleared_at: now, cleared_by: cleaner };
      await db.updateTable('follow_up').set(set).where('id', '=', row.id).where('cleared_at', 'is', null).execute();
    }
    for (const [target, { title, service, owner }] of wanted) {
      const known = rows.filter((row) => row.target === target);
      const open = known.find(({ cleared_at }) => cleared_at === null);
      const rests = known.some((row) => (row.cleared_at ?? 0) > now - restFor && row.cleared_by !== cleaner);
      if (open ? open.title === title && open.owner === owner : rests) continue;
      news = true;
      await db.transaction().execute((tx) =>
        openFollowUp(tx, {
          ...{ kind: 'flag-cleanup', target, title, service, owner, incidentId: null, runId: null },
          ...{ openedAt: now, dueAt: open?.due_at ?? now + dueIn, wayBack: null },
        }),
      );
    }
    if (news) await deps.notify('follow-ups');
  };
}
