import { randomUUID } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { Alert } from '../../domain/alert/alert.ts';
import { pages } from '../../domain/incident/status.ts';
import type { Tier } from '../../domain/slo/slo.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import type { Database } from '../schema.ts';

/** The alerts of an incident, oldest first. */
export async function alertsOf(db: Db | Tx, incident: string): Promise<Alert[]> {
  const rows = await db
    .selectFrom('alert')
    .selectAll()
    .where('incident_id', '=', incident)
    .orderBy('opened_at')
    .execute();
  return rows.map(toAlert);
}

/** The open alert of each SLO, and when its last one cleared: what a new verdict is compared with. */
export async function latestAlerts(db: Db | Tx, slos: readonly string[]): Promise<Map<string, Alert>> {
  if (slos.length === 0) return new Map();
  const rows = await db
    .selectFrom('alert')
    .selectAll()
    .distinctOn('slo')
    .where(sql<boolean>`slo = any(${[...slos]}::text[])`)
    .orderBy('slo')
    .orderBy('opened_at', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.slo, toAlert(row)]));
}

/** The tiers of the alerts that are open, of those SLOs that have one. */
export async function openTiers(db: Db | Tx, slos: readonly string[]): Promise<Map<string, Tier>> {
  const rows = await db
    .selectFrom('alert')
    .select(['slo', 'tier'])
    .where('cleared_at', 'is', null)
    .where(sql<boolean>`slo = any(${[...slos]}::text[])`)
    .execute();
  return new Map(rows.map(({ slo, tier }) => [slo, tier]));
}

/** Opens an alert; a unique index lets each SLO have one. */
export async function insertAlert(
  db: Db | Tx,
  alert: Omit<Alert, 'id' | 'clearedAt' | 'pageFrom' | 'pageTo'>,
): Promise<Alert> {
  const pageFrom = pages(alert.tier) ? alert.openedAt : null;
  const full: Alert = { ...alert, id: randomUUID(), clearedAt: null, pageFrom, pageTo: null };
  await db
    .insertInto('alert')
    .values({
      id: full.id,
      slo: full.slo,
      service: full.service,
      tier: full.tier,
      peak_tier: full.peakTier,
      opened_at: full.openedAt,
      cleared_at: null,
      incident_id: full.incidentId,
      page_from: pageFrom,
      page_to: null,
    })
    .execute();
  return full;
}

/** Writes what may change of an alert: its tier, peak, end and incident, and when it stood at a page tier. */
export async function updateAlert(db: Db | Tx, alert: Alert): Promise<void> {
  const { pageFrom = null, pageTo = null } = alert;
  await db
    .updateTable('alert')
    .set({
      tier: alert.tier,
      peak_tier: alert.peakTier,
      cleared_at: alert.clearedAt,
      incident_id: alert.incidentId,
      page_from: pageFrom,
      // What clears an alert ends its page too.
      page_to: pageFrom === null ? null : (pageTo ?? alert.clearedAt),
    })
    .where('id', '=', alert.id)
    .execute();
}

/** A row as everybody else reads it. */
export function toAlert(row: Selectable<Database['alert']>): Alert {
  return {
    id: row.id,
    slo: row.slo,
    service: row.service,
    tier: row.tier,
    peakTier: row.peak_tier,
    openedAt: row.opened_at,
    clearedAt: row.cleared_at,
    incidentId: row.incident_id,
    pageFrom: row.page_from,
    pageTo: row.page_to,
  };
}
