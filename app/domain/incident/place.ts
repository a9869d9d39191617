import { dependenciesOf, sharedDependency } from '../service/dependencies.ts';
import type { Service } from '../service/service.ts';
import type { Incident } from './incident.ts';

/** SLOs that start to burn this close together and share a dependency have one cause. */
const joinWithin = 10 * 60_000;
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
  startedAt: number;
  at: number;
}

/** Where an alert goes. `leads`: it names the incident from now on, because it is the cause of what burned so far (or nothing burned yet). */
export type Placement =
  | { kind: 'open' }
  | { kind: 'reopen'; incident: string }
  | { kind: 'join'; incident: string; leads: boolean; via: string };

/** Which incident an alert opens, joins or re-opens: one cause, one page. */
export function placeAlert(
  alert: Unplaced,
  candidates: readonly Candidate[],
  services: readonly Pick<Service, 'id' | 'dependsOn'>[],
): Placement {
  const open = newestFirst(candidates.filter((candidate) => candidate.status === 'open'));
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

  const again = candidates
    .filter((candidate) => candidate.status === 'resolved' && candidate.slos.includes(alert.slo))
    .filter((candidate) => alert.at - (candidate.resolvedAt ?? 0) <= reopenWithin)
    .sort((a, b) => (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0))[0];
  return again ? { kind: 'reopen', incident: again.id } : { kind: 'open' };
}

function newestFirst(incidents: readonly Candidate[]): Candidate[] {
  return [...incidents].sort((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? -1 : 1));
}
