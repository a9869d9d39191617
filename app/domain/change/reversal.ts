import type { FlagDeclaration } from '../flag/flag.ts';
import type { Change, Reversal } from './change.ts';
import { type RevisionFacts, rollbackSafety } from './rollback.ts';

/**
 * The lock target that a change moved, so that several changes of one thing are known as such; null when there is none.
 * A change of no environment in particular is one of the console's, `environment`.
 */
export function movedTarget(change: Change, environment: string): string | null {
  if (change.kind === 'flag') return `flag/${change.environment ?? environment}/${change.target}`;
  if (change.kind === 'revision' || change.kind === 'traffic') return `traffic/${change.service ?? change.target}`;
  return null;
}

/** The kill that brings a flag to its declared safe state, verified by the SLO that burns. */
export function flagReversal(flag: FlagDeclaration, change: Change, slo: string | null, environment: string): Reversal {
  const { safe } = flag;
  const label = safe.state === 'variant' ? `Set ${flag.name} to ${safe.variant}` : `Turn ${safe.state} ${flag.name}`;
  return {
    action: 'flag.kill',
    label,
    inputs: { flag: flag.name, environment: change.environment ?? environment, ...(slo ? { slo } : {}) },
  };
}

/** The way back to the previous revision; null when it can take no traffic. */
export function revisionReversal(
  facts: RevisionFacts,
  changes: readonly Change[],
  slo: string | null,
  now: number,
): Reversal | null {
  const { previous, service } = facts;
  if (!previous?.ready || previous.retired) return null;
  const { rollback, reason } = rollbackSafety(facts, changes, now);
  return {
    action: 'cloudrun.traffic',
    label: `Route back to ${previous.name}`,
    inputs: { service, to: previous.name, ...(slo ? { slo } : {}) },
    rollback,
    rollbackReason: reason,
  };
}
