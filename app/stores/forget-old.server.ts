import { sql } from 'kysely';
import type { Db } from '../platform/db.server.ts';
import { never } from './outbox.server.ts';

const deliveriesKept = 30 * 86_400_000;
const findingsKept = 86_400_000;
const catalogVersionsKept = 50;

/** Drops what was delivered, or refused for good, over 30 days before `now` (data time). What belongs to an open incident stays: its newest delivery is what PagerDuty has. */
export async function forgetDeliveries(db: Db, now: number): Promise<void> {
  await db
    .deleteFrom('outbox')
    .where((eb) =>
      eb.or([
        eb('delivered_at', '<', now - deliveriesKept),
        eb.and([eb('next_at', '=', never), eb('created_at', '<', now - deliveriesKept)]),
      ]),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('incident')
            .select('id')
            .whereRef('incident.id', '=', 'outbox.incident_id')
            .where('status', '=', 'open'),
        ),
      ),
    )
    .execute();
}

/** Drops what PagerDuty answered about single incidents over a day before `now` (data time): it is only shown while it is fresh. */
export async function forgetFindings(db: Db, now: number): Promise<void> {
  await db
    .deleteFrom('observation')
    .where('source', '=', 'pagerduty')
    .where('key', 'like', 'incident/%')
    .where(sql<number>`greatest(at, error_at)`, '<', now - findingsKept)
    .execute();
}

/** Keeps the newest 50 versions of the catalog. */
export async function forgetCatalogVersions(db: Db): Promise<void> {
  await sql`delete from catalog_version where id <= (
    select id from catalog_version order by id desc offset ${catalogVersionsKept} limit 1)`.execute(db);
}
