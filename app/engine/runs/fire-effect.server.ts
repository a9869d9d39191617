import { sql } from 'kysely';
import type { Applied, Observed } from '../../actions/action.ts';
import { errorCode } from '../../errors.ts';
import type { Attempt } from './attempts.server.ts';
import type { Bound } from './context.server.ts';
import type { EngineDeps } from './deps.ts';
import { askPerson, isUntouched, moveOf, observe, recoveryOf } from './effect-parts.server.ts';
import { at } from './hook-at.server.ts';
import { makePlan } from './make-plan.server.ts';
import { recordDone, recordNoEffect } from './outcome.server.ts';
import { giveUpOrQueue } from './queue-stop.server.ts';
import { giveWayWithin, pause, takenOverText } from './target.server.ts';
import { type EndReason, watchCall } from './watch-call.server.ts';
import { errorText } from './words.ts';

/** What is special about this try. */
export interface Circumstances {
  /** A conditional write already lost once. */
  conflictBefore: boolean;
  /** A forward run had to give way: its last write may land after ours. */
  lookAgain: boolean;
}

/**
 * `again`: a stop lost a conditional write and is to read and try once more. `ended`: whatever came of it is recorded. `over`: it is
 * done and nothing is left to be looked at, so that the run goes on at once.
 */
export type Fired = 'ended' | 'again' | 'over';

/** The effect itself, what the target says afterwards, and the record of it. */
export async function fireEffect(
  deps: EngineDeps,
  bound: Bound,
  attempt: Attempt,
  signal: AbortSignal,
  circumstances: Circumstances,
): Promise<Fired> {
  const { claim, action } = bound;
  const watch = watchCall(deps, claim, claim.step.plan!.target, signal);
  const context = { ...bound.context, signal: watch.signal };
  const move = moveOf(bound, attempt);
  try {
    await at(deps, bound, 'before-effect', attempt);
    const applied = await (attempt.direction === 'undo' ? action.undo!(context, move) : action.apply(context, move));
    await at(deps, bound, 'after-effect', attempt);
    return await settle(deps, bound, attempt, applied, circumstances, signal);
  } catch (error) {
    // The process stops, or lost the step: what was declared stays open, and whoever takes over looks at the target first.
    if ((error as Error).name === 'Fenced' || signal.aborted) throw error;
    return await failed(deps, bound, attempt, error, watch.reason(), circumstances);
  } finally {
    watch.stop();
  }
}

async function settle(
  deps: EngineDeps,
  bound: Bound,
  attempt: Attempt,
  applied: Applied,
  circumstances: Circumstances,
  signal: AbortSignal,
): Promise<Fired> {
  if (circumstances.lookAgain) await pause(giveWayWithin, signal);
  const observed = await observe(bound, attempt);
  if (observed.state === 'not_done') {
    if (circumstances.lookAgain) {
      return fireEffect(deps, bound, attempt, signal, { ...circumstances, lookAgain: false });
    }
    const text = `It was accepted, and yet: ${observed.text}`;
    const forget = attempt.direction === 'undo' && (await isUntouched(bound, attempt));
    await recordNoEffect(
      deps,
      bound.claim,
      attempt,
      { result: 'refused', text },
      { state: 'failed', reason: text, forget },
    );
    return 'ended';
  }
  if (observed.state === 'unknown' && provesItself(bound, attempt)) {
    await giveUpOrQueue(deps, bound, attempt, `It was accepted, and is not seen in force: ${observed.text}`);
    return 'ended';
  }
  return recordDone(deps, bound, attempt, applied, { result: 'done', text: observed.text });
}

/** True for a change that nobody looks at again once it is recorded: only what was seen in force may count as done. */
function provesItself({ claim, action }: Bound, { direction }: Attempt): boolean {
  const { kind } = claim.step.plan!;
  return (kind === 'stop' || kind === 'forward') && (direction === 'undo' || !action.follow);
}

async function failed(
  deps: EngineDeps,
  bound: Bound,
  attempt: Attempt,
  error: unknown,
  ended: EndReason | null,
  circumstances: Circumstances,
): Promise<Fired> {
  const { claim } = bound;
  const text = errorText(error);
  if (ended === 'fenced') return 'ended';
  if (errorCode(error) === 'plan_stale') return conflict(deps, bound, attempt, text, circumstances);
  if (isRefusal(error) && ended === null) {
    const end = { state: 'failed' as const, reason: text, forget: await isUntouched(bound, attempt) };
    await recordNoEffect(deps, claim, attempt, { result: 'refused', text }, end);
    return 'ended';
  }
  // Whether the call was taken is not known: the target itself answers.
  const recovery = recoveryOf(bound);
  const observed = recovery === 'ask' ? null : await observe(bound, attempt);
  if (observed?.state === 'done' && observed.applied) {
    return recordDone(deps, bound, attempt, observed.applied, { result: 'done', text: observed.text });
  }
  if (ended !== null) await gaveWay(deps, bound, attempt, ended, observed);
  else if (recovery === 'ask') await askPerson(deps, bound, attempt, text);
  else await giveUpOrQueue(deps, bound, attempt, text, observed?.state === 'not_done');
  return 'ended';
}

/** A clear no: asking again does not help. */
function isRefusal(error: unknown): boolean {
  const code = errorCode(error);
  return code !== null && (code !== 'unavailable' || (error as { reason?: unknown }).reason === 'refused');
}

/** A conditional write lost. A stop reads again and tries once more; a forward change is shown to a person again. */
async function conflict(
  deps: EngineDeps,
  bound: Bound,
  attempt: Attempt,
  text: string,
  circumstances: Circumstances,
): Promise<Fired> {
  const { claim } = bound;
  const note = { result: 'conflict' as const, text };
  const stop = claim.step.plan!.kind === 'stop' || attempt.direction === 'undo';
  if (stop && !circumstances.conflictBefore) {
    const reason = 'Somebody else changed the target in that moment; it is read again.';
    await recordNoEffect(deps, claim, attempt, note, { state: 'blocked', reason, drive: claim.step.drive });
    return 'again';
  }
  const made = attempt.direction === 'undo' ? null : await makePlan(deps, bound).catch(() => null);
  const reason = made ? 'Somebody else changed the target in that moment. Read the new plan, then confirm it.' : text;
  const forget = await isUntouched(bound, attempt);
  const end = made
    ? { state: 'planned' as const, plan: made, drive: { progress: claim.step.drive.progress } }
    : { state: 'failed' as const };
  await recordNoEffect(deps, claim, attempt, note, { ...end, reason, forget });
  return 'ended';
}

/** The person's word behind a take-over of this step's target; null when it was a stop that goes first. */
async function takenOverBy({ db }: EngineDeps, { claim: { run, step } }: Bound) {
  const taker = await db
    .selectFrom('run_step')
    .select('drive')
    .where('state', 'in', ['running', 'blocked'])
    .where(sql<boolean>`drive->'takeOver' @> ${JSON.stringify({ runId: run.id, stepId: step.step_id })}::jsonb`)
    .executeTakeFirst();
  return taker?.drive.takeOver ?? null;
}

async function gaveWay(
  deps: EngineDeps,
  bound: Bound,
  attempt: Attempt,
  ended: EndReason,
  observed: Observed | null,
): Promise<void> {
  const stopped = ended === 'preempted';
  const takenOver = stopped ? await takenOverBy(deps, bound) : null;
  const goesFirst = takenOver ? takenOverText(takenOver) : 'A stop on the same target goes first; this was ended.';
  const why = stopped ? goesFirst : 'Cancelled while it ran.';
  const certain = observed?.state === 'not_done';
  const reason = certain ? why : `${why} Whether it took effect is not known.`;
  // An undo, or a second move, that did not happen leaves a change in the world: nothing was skipped.
  const stands = attempt.direction === 'undo' || bound.claim.step.drive.progress !== undefined;
  const state = !certain ? ('unknown' as const) : stopped || stands ? ('failed' as const) : ('skipped' as const);
  const forget = certain && (await isUntouched(bound, attempt));
  const result = stopped ? ('preempted' as const) : ('cancelled' as const);
  await recordNoEffect(deps, bound.claim, attempt, { result, text: reason }, { state, reason, forget, reopen: stands });
}
