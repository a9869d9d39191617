import { randomUUID } from 'node:crypto';
import type { Attempt } from './attempts.server.ts';
import type { Bound } from './context.server.ts';
import type { EngineDeps } from './deps.ts';
import { isUntouched } from './effect-parts.server.ts';
import { recordNoEffect } from './outcome.server.ts';
import { dataMs } from './wall-time.ts';

/** Wall ms for which a stop that the outside system does not take is tried again. */
const queueFor = 600_000;

/** Wall ms before try number `tries` (from 1). */
export function queueDelay(tries: number): number {
  return Math.min(30_000, 2_000 * 2 ** (tries - 1));
}

/**
 * The outside system did not take an effect, or could not even be read. A stop waits in sight of everybody and is
 * tried again, planned anew each time, for ten minutes; its intent stays open, so that the next try looks at the target first.
 * Anything else asks a person at once. `certain` says that the target was seen unchanged.
 */
export async function giveUpOrQueue(
  deps: EngineDeps,
  bound: Bound,
  attempt: Attempt | null,
  text: string,
  certain = false,
): Promise<false> {
  const { claim } = bound;
  const { step } = claim;
  const stop = step.plan!.kind === 'stop' || step.drive.direction === 'undo';
  const now = deps.clock.now();
  const until = step.drive.queuedUntil ?? now + dataMs(deps.clock, queueFor);
  if (stop && now < until) {
    const tries = (step.drive.tries ?? 0) + 1;
    const look = randomUUID();
    const reason = `Not taken yet: ${sentence(text)} Tried again by itself for up to 10 minutes (try ${tries + 1} comes next); it can be cancelled.`;
    const drive = { ...step.drive, queuedUntil: until, tries, look };
    const note = { result: 'not_taken' as const, text };
    await recordNoEffect(deps, claim, null, note, { state: 'blocked', reason, drive, again: queueDelay(tries) });
    return false;
  }
  const known = certain || attempt === null;
  const waited = stop ? ' It was tried for 10 minutes.' : '';
  const said = stop ? sentence(text) : text;
  const reason = known ? `Not taken: ${said}${waited}` : `Whether this took effect is not known: ${said}${waited}`;
  const note = { result: known ? ('not_taken' as const) : ('unknown' as const), text };
  // A change of several writes may have stopped half way; and without an attempt, what was captured is an earlier one's.
  const forget = known && attempt !== null && (await isUntouched(bound, attempt));
  await recordNoEffect(deps, claim, attempt, note, { state: known ? 'failed' : 'unknown', reason, forget });
  return false;
}

/** What an outside system's error says, ended: another sentence follows it. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
