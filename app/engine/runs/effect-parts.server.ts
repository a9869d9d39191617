import type { Move, Observed, Recovery } from '../../actions/action.ts';
import { canonicalValue } from '../../domain/audit/canonical.ts';
import type { Attempt } from './attempts.server.ts';
import type { Bound } from './context.server.ts';
import type { EngineDeps } from './deps.ts';
import { recordNoEffect } from './outcome.server.ts';
import { errorText } from './words.ts';

/** The move that an attempt declared: `progress` is what it was before it. */
export function moveOf(bound: Bound, attempt: Attempt): Move {
  const { step } = bound.claim;
  return { plan: step.plan!, captured: step.captured, progress: step.drive.progress ?? null, key: attempt.key };
}

/** What is done about this step's effect when its outcome was lost. */
export function recoveryOf({ claim, action: { recovery } }: Bound): Recovery {
  return typeof recovery === 'function' ? recovery(claim.step.plan!) : recovery;
}

/** What the target says of an attempt; a target that cannot be read says "unknown". */
export async function observe(bound: Bound, attempt: Attempt): Promise<Observed> {
  try {
    return await bound.action.observe(bound.context, moveOf(bound, attempt), attempt.direction);
  } catch (error) {
    return { state: 'unknown', text: errorText(error) };
  }
}

/**
 * True when there is nothing (left) to undo: the target stands as it was captured, or what was done can no longer be taken
 * back. A change of several writes may have stopped half way: what was captured is forgotten only when that was seen not to be so.
 */
export async function isUntouched(bound: Bound, attempt: Attempt): Promise<boolean> {
  const { step } = bound.claim;
  if (attempt.direction === 'undo') return isSettled(bound, attempt);
  if (step.drive.progress !== undefined || step.captured === null) return false;
  const read = await bound.action.plan(bound.context).catch(() => null);
  return read !== null && text(read.capture) === text(step.captured);
}

async function isSettled(bound: Bound, attempt: Attempt): Promise<boolean> {
  if (!bound.action.settled) return false;
  return bound.action.settled(bound.context, moveOf(bound, attempt)).catch(() => false);
}

/** An effect nobody can observe: a person looks and decides. */
export async function askPerson(deps: EngineDeps, bound: Bound, attempt: Attempt, why: string): Promise<void> {
  const reason = `Whether this took effect is not known (${why}). Look at the target, then say whether it is done.`;
  await recordNoEffect(deps, bound.claim, attempt, { result: 'unknown', text: why }, { state: 'unknown', reason });
}

/**
 * A step called off before its (next) effect. A first move that stands stays to be undone, and so does a change whose
 * undo is called off: the run is open again for that, also when it was the run that was cancelled.
 */
export async function callOff(deps: EngineDeps, bound: Bound, attempt: Attempt | null): Promise<void> {
  const { cancel, progress, direction } = bound.claim.step.drive;
  const reason = `Cancelled by ${cancel?.by}: ${cancel?.reason}`;
  const stands = progress !== undefined || direction === 'undo';
  // Without an attempt of this confirmation, what was captured is from an earlier one that may have changed something.
  const forget = attempt !== null && (await isUntouched(bound, attempt));
  const end = stands ? { state: 'failed' as const, reopen: true } : { state: 'skipped' as const, forget };
  await recordNoEffect(deps, bound.claim, attempt, { result: 'cancelled', text: reason }, { ...end, reason });
}

const text = (value: unknown) => JSON.stringify(canonicalValue(value));
