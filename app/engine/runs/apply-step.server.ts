import { staysInside } from '../../domain/runbook/actions.ts';
import { AppError } from '../../errors.ts';
import { type Attempt, declareIntent } from './attempts.server.ts';
import { type Claim, claimStep, loadRun } from './claim.server.ts';
import { closedGate, keptBack } from './closed-gate.server.ts';
import { type Bound, bindStep } from './context.server.ts';
import type { EngineDeps } from './deps.ts';
import { callOff } from './effect-parts.server.ts';
import { type Fired, fireEffect } from './fire-effect.server.ts';
import { holdLook } from './hold-look.server.ts';
import { at } from './hook-at.server.ts';
import { type MadePlan, makePlan } from './make-plan.server.ts';
import { recordNoEffect } from './outcome.server.ts';
import { giveUpOrQueue } from './queue-stop.server.ts';
import { recover } from './recover.server.ts';
import { takeTarget } from './target.server.ts';
import { errorText } from './words.ts';

/** Drives a confirmed and claimed step to its effect's outcome; `attempt` is what was declared of it and not recorded. Returns true when the run may go on at once. */
export async function applyStep(
  deps: EngineDeps,
  claim: Claim,
  attempt: Attempt | null,
  signal: AbortSignal,
): Promise<boolean> {
  if (!isInFlight(claim)) return true;
  const fired = await go(deps, await bindStep(deps, claim, signal), attempt, signal);
  if (fired !== 'again') return fired === 'over';
  const { run, step } = claim;
  const loaded = await loadRun(deps.db, run.id);
  const anew = loaded && (await claimStep(deps.db, loaded.run, loaded.steps, step.step_id));
  if (!anew || !isInFlight(anew)) return false;
  return (await begin(deps, await bindStep(deps, anew, signal), signal, true)) === 'over';
}

const isInFlight = ({ step }: Claim) => step.state === 'running' || step.state === 'blocked';

async function go(deps: EngineDeps, bound: Bound, attempt: Attempt | null, signal: AbortSignal): Promise<Fired> {
  const { step } = bound.claim;
  if (attempt) return recover(deps, bound, attempt, signal);
  if (step.drive.cancel) {
    await callOff(deps, bound, null);
    return 'ended';
  }
  if (step.drive.look === undefined || step.state !== 'running') return begin(deps, bound, signal);
  const held = await holdLook(deps, bound);
  return held ? begin(deps, held, signal) : 'ended';
}

/** From the target to the outcome: lock, plan check, intent, effect, observation, outcome. `again`: a conditional write lost once. */
async function begin(deps: EngineDeps, bound: Bound, signal: AbortSignal, again = false): Promise<Fired> {
  const { claim } = bound;
  const { step } = claim;
  const plan = step.plan!;
  if (deps.mode !== 'act' && !staysInside(step.uses)) {
    const text = new AppError('mode_observe').message;
    await recordNoEffect(deps, claim, null, { result: 'refused', text }, { state: 'failed', reason: text });
    return 'ended';
  }
  const kind = step.drive.direction === 'undo' || plan.kind === 'stop' ? 'stop' : 'forward';
  const taken = plan.target === null ? 'taken' : await takeTarget(deps, claim, plan.target, kind, signal);
  if (taken === 'blocked') return 'ended';
  const checked = await checkPlan(deps, bound, again);
  if (!checked) return 'ended';
  const closed = await closedGate(deps, bound);
  if (closed !== null) {
    const note = { result: 'refused' as const, text: closed };
    await recordNoEffect(deps, claim, null, note, await keptBack(deps, bound, closed));
    return 'ended';
  }
  await at(deps, bound, 'before-intent', null);
  const declared = await declareIntent(deps, claim, checked);
  const ready: Bound = { ...checked.bound, claim: declared.claim };
  await at(deps, ready, 'after-intent', declared.attempt);
  const circumstances = { conflictBefore: again, lookAgain: taken === 'preempted' };
  return fireEffect(deps, ready, declared.attempt, signal, circumstances);
}

/**
 * The plan once more, against the world as it is now. Null when it no longer holds: the step then waits for a person, or
 * for the outside system.
 */
async function checkPlan(deps: EngineDeps, bound: Bound, again: boolean): Promise<MadePlan | null> {
  const { claim } = bound;
  const { step } = claim;
  if (await movedOn(deps, bound)) return null;
  const made = await makePlan(deps, bound).catch((error: unknown) => errorText(error));
  if (typeof made === 'string') {
    await giveUpOrQueue(deps, bound, null, made);
    return null;
  }
  // An undo writes what was captured, and a second move what was confirmed with the first.
  if (step.drive.direction === 'undo' || secondMove(step, again))
    return { ...made, plan: step.plan!, hash: step.plan_hash! };
  if (made.hash === step.plan_hash && made.plan.refused === null) return made;
  const why = made.plan.refused ?? 'The world moved since this plan was confirmed. Read the new plan, then confirm it.';
  const drive = { progress: step.drive.progress };
  const end = { state: 'planned' as const, reason: why, plan: made, drive };
  await recordNoEffect(deps, claim, null, { result: 'conflict', text: why }, end);
  return null;
}

/** True for the rest of a change whose first move was made: it goes by what was confirmed with that. */
function secondMove({ drive }: Bound['claim']['step'], again: boolean): boolean {
  return drive.progress !== undefined && (drive.look !== undefined || again);
}

/**
 * True when an undo was refused, once: somebody else moved the target since the change, and restoring what was captured
 * would overwrite that unseen. The person is told what stands there, and undoes all the same or passes the step over.
 */
async function movedOn(deps: EngineDeps, { claim, action, context }: Bound): Promise<boolean> {
  const { step } = claim;
  if (!step.drive.asLeft || !action.stands) return false;
  const move = { plan: step.plan!, captured: step.captured, progress: null, key: '' };
  // An undo is not refused because the target cannot be read.
  const seen = await action.stands(context, move).catch(() => null);
  if (seen === null || seen.still) return false;
  const text = `Not undone: somebody else has changed this since, ${seen.text}. Undo again to overwrite that, or skip.`;
  const end = { state: 'failed' as const, reason: text, drive: { movedOn: true } };
  await recordNoEffect(deps, claim, null, { result: 'conflict', text }, end);
  return true;
}
