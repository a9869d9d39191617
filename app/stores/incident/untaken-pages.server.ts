import { sql } from 'kysely';
import type { PageTrouble } from '../../domain/incident/incident.ts';
import type { Db } from '../../platform/db.server.ts';
import { isRefused } from '../outbox.server.ts';

/** A page that waits is worth a word after this long, ms: one failed try of a few seconds is not. */
const patience = 30_000;

/** Pages of open incidents that PagerDuty refused, or has not taken for half a minute, by incident. `now` is data time. */
export async function untakenPages(db: Db, now: number): Promise<Map<string, PageTrouble>> {
  const rows = await db
    .selectFrom('outbox')
    .innerJoin('incident', 'incident.id', 'outbox.incident_id')
    .select([
      'incident.id',
      'outbox.error',
      'outbox.created_at',
      'outbox.next_at',
      'outbox.delivered_at',
      'outbox.held_back_at',
    ])
    .where('incident.status', '=', 'open')
    .where('outbox.kind', '=', 'pagerduty-event')
    .where('outbox.delivered_at', 'is', null)
    .where('outbox.error', 'is not', null)
    .where('outbox.held_back_at', 'is', null)
    .where(sql<string>`outbox.body->>'action'`, '=', 'trigger')
    // A later event of the same key that was taken makes up for it.
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('outbox as later')
            .select('later.id')
            .whereRef('later.dedup_key', '=', 'outbox.dedup_key')
            .whereRef('later.created_at', '>', 'outbox.created_at')
            .where('later.delivered_at', 'is not', null),
        ),
      ),
    )
    .orderBy('outbox.created_at')
    .execute();
  const troubles = new Map<string, PageTrouble>();
  for (const row of rows) {
    const kind = isRefused(row) ? ('refused' as const) : ('waiting' as const);
    if (kind === 'waiting' && now - row.created_at < patience) continue;
    const since = troubles.get(row.id)?.since ?? row.created_at;
    troubles.set(row.id, { kind, error: row.error ?? '', since });
  }
  return troubles;
}
