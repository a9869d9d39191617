import { type HopSafety, type RevisionContent, rollbackPath } from '../service/rollback.ts';
import type { Change } from './change.ts';
import { rollbackSafety } from './rollback.ts';

/**
 * Whether a service's traffic may go from one revision back to another, however far: each step is judged as a suspect
 * is (`rollbackSafety`), so that a plan and the suspects' list never say different things.
 */
export function returnSafety(
  service: string,
  revisions: (RevisionContent & { ready: boolean; retired: boolean })[],
  way: { from: string; to: string },
  changes: readonly Change[],
  now: number,
): HopSafety {
  const from = revisions.find(({ name }) => name === way.from);
  const to = revisions.find(({ name }) => name === way.to);
  if (!from || !to) return { rollback: 'unknown', reason: 'one of the revisions is not known any more' };
  return rollbackPath(revisions, from, to, (revision, previous) => {
    // A record made after the next deploy belongs to that step.
    const next = revisions.filter(({ createdAt }) => createdAt > revision.createdAt).map(({ createdAt }) => createdAt);
    const until = revision.name === from.name ? now : Math.min(now, ...next);
    return rollbackSafety(
      { service, revision: revision.name, labels: revision.labels, cohorts: null, shift: null, previous },
      changes,
      until,
    );
  });
}
