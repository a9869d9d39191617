import { namedIncident, placePagerDuty } from '../../domain/incident/attach.ts';
import type { Incident, PagerDutyIncident, PagerDutyLogEntry } from '../../domain/incident/incident.ts';
import { fromLog, fromState } from '../../domain/incident/pagerduty-timeline.ts';
import { mayReplace } from '../../domain/incident/reconcile.ts';
import type { Service } from '../../domain/service/service.ts';
import type { Tx } from '../../platform/db.server.ts';
import {
  candidates,
  insertIncident,
  lockIncidents,
  readIncident,
} from '../../stores/incident/incident-writes.server.ts';
import { savePagerDuty, storedPagerDuty } from '../../stores/incident/pagerduty-incidents.server.ts';
import { recordTimeline } from '../../stores/incident/timeline.server.ts';
import type { IncidentDeps } from './deps.ts';
import { settleIncident } from './settle.server.ts';

/** One read of a PagerDuty incident. `log` is null when it could not be read. */
export interface PagerDutyReading {
  incident: PagerDutyIncident;
  log: PagerDutyLogEntry[] | null;
  /** When the read began, data time. */
  readAt: number;
}

/**
 * Takes one read of a PagerDuty incident in: stores it unless a newer one is there, attaches it to its incident
 * (opening one if it must), and carries its log into the timeline. Repeating it, in any order with other reads,
 * ends in the same state. Returns the incident of ours.
 */
export async function applyPagerDuty(deps: IncidentDeps, tx: Tx, reading: PagerDutyReading): Promise<Incident> {
  const services = (await deps.catalog())?.services ?? [];
  await lockIncidents(tx);
  const stored = await storedPagerDuty(tx, reading.incident.id);
  const read = { body: reading.incident, readAt: reading.readAt };
  const newest = mayReplace(stored, read) ? read : { body: stored?.body ?? read.body, readAt: stored?.readAt ?? 0 };
  const service = services.find((candidate) => candidate.pagerDutyService === newest.body.service?.id) ?? null;
  const incident = stored?.incidentId ?? (await attach(tx, newest.body, service));
  await savePagerDuty(tx, { ...newest, incidentId: incident, service: service?.id ?? null });
  const lines = reading.log ? fromLog(newest.body, reading.log) : fromState(newest.body);
  await recordTimeline(tx, incident, lines);
  const { after } = await settleIncident(tx, incident, newest.body.resolvedAt ?? reading.readAt);
  await deps.notify('incidents', tx);
  return after;
}

async function attach(tx: Tx, pagerDuty: PagerDutyIncident, service: Service | null): Promise<string> {
  const name = namedIncident(pagerDuty);
  const named = name && (await readIncident(tx, name)) ? name : null;
  const known = { attached: null, named, service: service?.id ?? null };
  // What others opened is no ticket of ours.
  const pages = (await candidates(tx, pagerDuty.createdAt)).filter(({ level }) => level === 'page');
  const placement = placePagerDuty(pagerDuty, known, pages);
  if (placement.kind === 'join') return placement.incident;
  const resolved = pagerDuty.status === 'resolved';
  const opened = await insertIncident(tx, {
    title: pagerDuty.title,
    status: resolved ? 'resolved' : 'open',
    level: 'page',
    service: service?.id ?? null,
    slo: null,
    tier: null,
    startedAt: null,
    openedAt: pagerDuty.createdAt,
    // PagerDuty told its people when it opened the incident; Firebreak had no part in it.
    pagedAt: pagerDuty.createdAt,
    resolvedAt: resolved ? (pagerDuty.resolvedAt ?? pagerDuty.updatedAt ?? pagerDuty.createdAt) : null,
    runbook: service?.runbook ?? null,
    children: [],
  });
  return opened.id;
}
