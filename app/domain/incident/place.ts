import { dependenciesOf, sharedDependency } from '../service/dependencies.ts';
import type { Service } from '../service/service.ts';
import type { Incident } from './incident.ts';

/** SLOs that start to burn this close together and share a dependency have one cause. */
export const joinWithin = 10 * 60_000;
/** A re-trigger this soon after the resolution opens the same incident again. */
export const reopenWithin = 2 * 3_600_000;

/** An incident that news may belong to: open, or resolved within the last two hours. */
export interface Candidate extends Incident {
  /** SLOs of all its alerts, cleared ones too. */
  slos: string[];
}

/** An alert that has no incident yet. `startedAt` is the onset of the errors, else the evaluation that fired. */
export interface Unplaced {
  slo: string;
  service: string;
  level: Incident['level'];
  startedAt: number;
  at: number;
}

/**
 * Where an alert goes. `leads`: it names the incident from now on, because it is the cause of what burned so far (or
 * nothing burned yet). `rise`: a ticket becomes a page. `wait`: a page of this SLO is hardly over, and what burns on at a
 * ticket tier is mostly what its windows still hold.
 */
export type Placement =
  | { kind: 'open' }
  | { kind: 'wait' }
  | { kind: 'reopen'; incident: string }
  | { kind: 'rise'; incident: string }
  | { kind: 'join'; incident: string; leads: boolean; via: string };

type Services = readonly Pick<Service, 'id' | 'dependsOn'>[];

/**
 * Which incident an alert opens, joins or re-opens: one cause, one page. A page looks for pages first and for the ticket
 * of its own SLO then; a ticket joins either, and never opens what was a page again.
 */
export function placeAlert(alert: Unplaced, candidates: readonly Candidate[], services: Services): Placement {
  const standing = newestFirst(candidates.filter((candidate) => candidate.status === 'open'));
  const pages = standing.filter(({ level }) => level === 'page');
  const tickets = standing.filter(({ level }) => level === 'ticket');
  const joined = join(alert, pages, services);
  if (joined) return joined;

  const late = candidates
    .filter((candidate) => candidate.status === 'resolved' && candidate.slos.includes(alert.slo))
    .filter((candidate) => alert.at - (candidate.resolvedAt ?? 0) <= reopenWithin)
    .sort((a, b) => (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0));
  if (alert.level === 'page') {
    const own = tickets.find(({ slos }) => slos.includes(alert.slo));
    if (own) return { kind: 'rise', incident: own.id };
    return late[0] ? { kind: 'reopen', incident: late[0].id } : { kind: 'open' };
  }
  if (late.some(({ level }) => level === 'page')) return { kind: 'wait' };
  return join(alert, tickets, services) ?? (late[0] ? { kind: 'reopen', incident: late[0].id } : { kind: 'open' });
}

function join(alert: Unplaced, open: readonly Candidate[], services: Services): Placement | null {
  const same =
    open.find((candidate) => candidate.slos.includes(alert.slo)) ??
    open.find((candidate) => candidate.service === alert.service) ??
    open.find((candidate) => candidate.children.includes(alert.service));
  if (same) return { kind: 'join', incident: same.id, leads: same.slo === null, via: alert.service };

  for (const candidate of open) {
    if (candidate.service === null) continue;
    const onset = candidate.startedAt ?? candidate.openedAt;
    if (Math.abs(onset - alert.startedAt) > joinWithin) continue;
    const via = sharedDependency(services, candidate.service, alert.service);
    if (via === null) continue;
    const causes =
      dependenciesOf(services, candidate.service).has(alert.service) &&
      !dependenciesOf(services, alert.service).has(candidate.service);
    return { kind: 'join', incident: candidate.id, leads: candidate.slo === null || causes, via };
  }
  return null;
}

function newestFirst(incidents: readonly Candidate[]): Candidate[] {
  return [...incidents].sort((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? -1 : 1));
}
