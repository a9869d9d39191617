import type { PagerDutyIncident } from '../../domain/incident/incident.ts';
import type { Db, Tx } from '../../platform/db.server.ts';

/** A PagerDuty incident as last read, and the incident of ours that it belongs to. */
export interface StoredPagerDuty {
  body: PagerDutyIncident;
  /** When the read began that brought it, data time. */
  readAt: number;
  incidentId: string | null;
}

/** The PagerDuty incidents of one of ours, oldest first. */
export async function pagerDutyOf(db: Db | Tx, incident: string): Promise<PagerDutyIncident[]> {
  const rows = await db.selectFrom('pagerduty_incident').select('body').where('incident_id', '=', incident).execute();
  return rows.map((row) => row.body).sort((a, b) => a.createdAt - b.createdAt);
}

/** What is stored of a PagerDuty incident; null before its first read. */
export async function storedPagerDuty(db: Db | Tx, id: string): Promise<StoredPagerDuty | null> {
  const row = await db.selectFrom('pagerduty_incident').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? { body: row.body, readAt: row.read_at, incidentId: row.incident_id } : null;
}

/** Ids of those not resolved when last read. */
export async function unresolvedPagerDuty(db: Db | Tx): Promise<string[]> {
  const rows = await db.selectFrom('pagerduty_incident').select('id').where('status', '!=', 'resolved').execute();
  return rows.map((row) => row.id);
}

/** Writes a read; the caller holds the incidents' lock and has compared it with what was stored. */
export async function savePagerDuty(db: Db | Tx, stored: StoredPagerDuty & { service: string | null }): Promise<void> {
  const row = {
    incident_id: stored.incidentId,
    status: stored.body.status,
    service: stored.service,
    read_at: stored.readAt,
    body: JSON.stringify(stored.body),
  };
  await db
    .insertInto('pagerduty_incident')
    .values({ id: stored.body.id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}
