import type { Attempt } from './attempts.server.ts';
import { type Claim, writeStep } from './claim.server.ts';
import { closedGate, keptBack } from './closed-gate.server.ts';
import type { Bound } from './context.server.ts';
import type { EngineDeps } from './deps.ts';
import { askPerson, callOff, isUntouched, moveOf, observe, recoveryOf } from './effect-parts.server.ts';
import { type Circumstances, type Fired, fireEffect } from './fire-effect.server.ts';
import { makePlan } from './make-plan.server.ts';
import { recordDone, recordNoEffect } from './outcome.server.ts';
import { giveUpOrQueue } from './queue-stop.server.ts';
import { takeTarget } from './target.server.ts';
import { errorText } from './words.ts';

/** Nothing is special about a try after the first. */
const asBefore: Circumstances = { conflictBefore: false, lookAgain: false };

/**
 * An effect was declared and nobody recorded its outcome: its process died, or a stop waits in the queue. The target is
 * looked at before anything is fired, and what is fired has the same key.
 */
export async function recover(deps: EngineDeps, bound: Bound, attempt: Attempt, signal: AbortSignal): Promise<Fired> {
  const { claim, action } = bound;
  const { run, step } = claim;
  const plan = step.plan!;
  deps.log.info({ run: run.id, step: step.step_id, key: attempt.key }, 'going on with a declared effect');
  const recovery = recoveryOf(bound);
  if (recovery === 'ask') return ended(askPerson(deps, bound, attempt, 'the process that ran it died'));
  const kind = attempt.direction === 'undo' || plan.kind === 'stop' ? 'stop' : 'forward';
  if (plan.target !== null && (await takeTarget(deps, claim, plan.target, kind, signal)) === 'blocked') return 'ended';
  await goOn(deps, claim);
  if (recovery === 'verifiable') {
    const observed = await observe(bound, attempt);
    if (observed.state === 'done' && observed.applied) {
      const note = { result: 'done' as const, text: observed.text, recovered: true };
      return recordDone(deps, bound, attempt, observed.applied, note);
    }
    if (observed.state === 'unknown') {
      if (step.drive.cancel) return ended(askPerson(deps, bound, attempt, `called off, and ${observed.text}`));
      if (action.repeatable?.(moveOf(bound, attempt), attempt.direction))
        return fireEffect(deps, bound, attempt, signal, asBefore);
      const wait = kind === 'stop';
      return ended(
        wait ? giveUpOrQueue(deps, bound, attempt, observed.text) : askPerson(deps, bound, attempt, observed.text),
      );
    }
  }
  const made = await makePlan(deps, bound).catch((error: unknown) => errorText(error));
  if (typeof made === 'string') {
    const certain = recovery === 'idempotent' && (await observe(bound, attempt)).state === 'not_done';
    return ended(giveUpOrQueue(deps, bound, attempt, made, certain));
  }
  const first = attempt.direction === 'apply' && step.drive.progress === undefined;
  if (first && (made.hash !== step.plan_hash || made.plan.refused !== null)) {
    const moved = 'The world moved while nobody drove this step. Read the new plan, then confirm it.';
    const reason = made.plan.refused ?? moved;
    const end = { state: 'planned' as const, reason, plan: made, forget: await isUntouched(bound, attempt) };
    return ended(recordNoEffect(deps, claim, attempt, { result: 'not_taken', text: reason }, end));
  }
  if (step.drive.cancel) return ended(callOff(deps, bound, attempt));
  const closed = attempt.direction === 'apply' ? await closedGate(deps, bound) : null;
  if (closed !== null && (await hasNotBegun(bound, attempt))) {
    const end = { ...(await keptBack(deps, bound, closed)), forget: first };
    return ended(recordNoEffect(deps, claim, attempt, { result: 'not_taken', text: closed }, end));
  }
  return fireEffect(deps, bound, attempt, signal, asBefore);
}

/** True when nothing of this move is there. One of several writes that stopped half way is brought to its end, whatever the gate says. */
async function hasNotBegun(bound: Bound, attempt: Attempt): Promise<boolean> {
  const { captured, drive } = bound.claim.step;
  if (captured !== null && drive.progress === undefined) return isUntouched(bound, attempt);
  return (await observe(bound, attempt)).state === 'not_done';
}

async function ended(work: Promise<unknown>): Promise<Fired> {
  await work;
  return 'ended';
}

/** A stop that waited in the queue runs again. */
async function goOn(deps: EngineDeps, claim: Claim): Promise<void> {
  const { look: _look, ...drive } = claim.step.drive;
  await deps.db.transaction().execute(async (tx) => {
    await writeStep(tx, claim, ['running', 'blocked'], { state: 'running', drive: JSON.stringify(drive) });
  });
}
