import { parseDedupKey } from './dedup-key.ts';
import type { PagerDutyIncident } from './incident.ts';
import type { Candidate } from './place.ts';

/** The incident of ours that a dedup key of this PagerDuty incident names; null when none does. */
export function namedIncident(pagerDuty: Pick<PagerDutyIncident, 'alertKeys'>): string | null {
  for (const key of pagerDuty.alertKeys) {
    const ours = parseDedupKey(key);
    if (ours) return ours.incident;
  }
  return null;
}

/**
 * Which incident a PagerDuty incident belongs to: the one it was attached to before, else the one its dedup key names
 * (`named`, null when we know no such incident), else the open one of its service, else a new one. A PagerDuty
 * incident that is over joins an incident only if that one stood when it was created.
 */
export function placePagerDuty(
  pagerDuty: Pick<PagerDutyIncident, 'status' | 'createdAt'>,
  known: { attached: string | null; named: string | null; service: string | null },
  candidates: readonly Candidate[],
): { kind: 'join'; incident: string } | { kind: 'open' } {
  const direct = known.attached ?? known.named;
  if (direct) return { kind: 'join', incident: direct };
  const { service } = known;
  if (service === null) return { kind: 'open' };
  const stood = candidates
    .filter((candidate) => candidate.service === service || candidate.children.includes(service))
    .filter((candidate) =>
      pagerDuty.status === 'resolved'
        ? candidate.resolvedAt === null || candidate.resolvedAt >= pagerDuty.createdAt
        : candidate.status === 'open',
    )
    .sort((a, b) => Number(b.service === service) - Number(a.service === service) || b.openedAt - a.openedAt)[0];
  return stood ? { kind: 'join', incident: stood.id } : { kind: 'open' };
}
