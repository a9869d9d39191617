import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Incident } from '../../domain/incident/incident.ts';
import type { Candidate } from '../../domain/incident/place.ts';
import { reopenWithin } from '../../domain/incident/place.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import { toIncident } from './incidents.server.ts';

const incidentsLock = 4_177_002;

/**
 * Held to the end of the transaction by whoever places alerts or PagerDuty incidents: of two replicas that see the
 * same news, the second finds the incident that the first opened. Take it before the audit's lock.
 */
export async function lockIncidents(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${incidentsLock})`.execute(tx);
}

/** Incidents that new news may belong to: the open ones, and those resolved so lately that a re-trigger opens them again. */
export async function candidates(db: Db | Tx, at: number): Promise<Candidate[]> {
  const rows = await db
    .selectFrom('incident')
    .selectAll()
    .where((eb) => eb.or([eb('status', '=', 'open'), eb('resolved_at', '>=', at - reopenWithin)]))
    .execute();
  const alerts = rows.length
    ? await db
        .selectFrom('alert')
        .select(['incident_id', 'slo'])
        .where(
          'incident_id',
          'in',
          rows.map((row) => row.id),
        )
        .execute()
    : [];
  return rows.map((row) => ({
    ...toIncident(row),
    slos: alerts.filter((alert) => alert.incident_id === row.id).map((alert) => alert.slo),
  }));
}

/** Opens an incident and returns it with its id. */
export async function insertIncident(db: Db | Tx, incident: Omit<Incident, 'id'>): Promise<Incident> {
  const full: Incident = { ...incident, id: randomBytes(6).toString('hex') };
  await db
    .insertInto('incident')
    .values({ id: full.id, ...columns(full) })
    .execute();
  return full;
}

/** Writes all fields of an incident; the caller holds the incidents' lock. */
export async function updateIncident(db: Db | Tx, incident: Incident): Promise<void> {
  await db.updateTable('incident').set(columns(incident)).where('id', '=', incident.id).execute();
}

/** One incident, null when there is none. */
export async function readIncident(db: Db | Tx, id: string): Promise<Incident | null> {
  const row = await db.selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toIncident(row) : null;
}

/** What an incident leaves behind: titles of its open follow-ups. */
export async function leftBehind(db: Db | Tx, incident: string): Promise<string[]> {
  const rows = await db
    .selectFrom('follow_up')
    .select('title')
    .where('incident_id', '=', incident)
    .where('cleared_at', 'is', null)
    .orderBy('opened_at')
    .execute();
  return rows.map((row) => row.title);
}

/** Changes of an incident whose verification still runs: what was done, and when it is decided at the latest (ms; null before its first look). */
export async function stillVerified(
  db: Db | Tx,
  incident: string,
): Promise<{ title: string | null; until: number | null }[]> {
  const rows = await db
    .selectFrom('run_step')
    .innerJoin('run', 'run.id', 'run_step.run_id')
    .select(['run_step.plan', 'run_step.verification'])
    .where('run.incident_id', '=', incident)
    .where('run.state', '=', 'open')
    .where('run_step.state', '=', 'verifying')
    .where('run_step.kind', 'in', ['stop', 'forward'])
    .orderBy('run_step.confirmed_at')
    .execute();
  return rows.map(({ plan, verification }) => ({ title: plan?.title ?? null, until: verification?.deadline ?? null }));
}

function columns(incident: Incident) {
  return {
    title: incident.title,
    level: incident.level,
    status: incident.status,
    service: incident.service,
    slo: incident.slo,
    tier: incident.tier,
    started_at: incident.startedAt,
    opened_at: incident.openedAt,
    paged_at: incident.pagedAt,
    resolved_at: incident.resolvedAt,
    runbook: incident.runbook,
    children: JSON.stringify(incident.children),
  };
}
