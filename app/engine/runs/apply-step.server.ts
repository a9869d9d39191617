import type { Applied, Move, Observed } from '../../actions/action.ts';
import { errorCode } from '../../errors.ts';
import { type Attempt, declareIntent, openAttempt } from './attempts.server.ts';
import { type Claim, claimStep, loadRun, writeStep } from './claim.server.ts';
import { type Bound, bindStep } from './context.server.ts';
import type { EngineDeps } from './deps.ts';
import { holdLook } from './hold-look.server.ts';
import { type MadePlan, makePlan } from './make-plan.server.ts';
import { recordDone, recordNoEffect } from './outcome.server.ts';
import type { HookPoint } from './port.ts';
import { giveUpOrQueue } from './queue-stop.server.ts';
import { giveWayWithin, pause, takeTarget } from './target.server.ts';
import { type EndReason, watchCall } from './watch-call.server.ts';
import { errorText } from './words.ts';

/** Drives a confirmed step to its effect's outcome. Returns true when the run may go on at once. */
export async function applyStep(
  deps: EngineDeps,
  runId: string,
  stepId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const loaded = await loadRun(deps.db, runId);
  if (!loaded) return false;
  const claim = await claimStep(deps, loaded.run, loaded.steps, stepId);
  const { step } = claim;
  if (step.state !== 'running' && step.state !== 'blocked') return true;
  const bound = await bindStep(deps, claim, signal);
  const attempt = await openAttempt(deps, claim);
  if (attempt) return recover(deps, bound, attempt, signal);
  if (step.drive.cancel) return cancelled(deps, bound);
  if (step.drive.look !== undefined && step.state === 'running') {
    const go = await holdLook(deps, bound);
    return go === null ? false : begin(deps, go, signal);
  }
  return begin(deps, bound, signal);
}

/** From the target to the outcome: lock, plan check, intent, effect, observation, outcome. */
async function begin(deps: EngineDeps, bound: Bound, signal: AbortSignal, again = false): Promise<boolean> {
  const { claim } = bound;
  const { step } = claim;
  const plan = step.plan!;
  const undo = step.drive.direction === 'undo';
  const kind = undo || plan.kind === 'stop' ? 'stop' : 'forward';
  const taken = plan.target === null ? 'taken' : await takeTarget(deps, claim, plan.target, kind, signal);
  if (taken === 'blocked') return false;
  const checked = await checkPlan(deps, bound);
  if (!checked) return false;
  await at(deps, bound, 'before-intent', null);
  const declared = await declareIntent(deps, claim, checked);
  const ready: Bound = { ...checked.bound, claim: declared.claim };
  await at(deps, ready, 'after-intent', declared.attempt);
  return fire(deps, ready, declared.attempt, signal, { conflictBefore: again, lookAgain: taken === 'preempted' });
}

/** The plan once more, against the world as it is now. Null when it no longer holds: the step then waits for a person, or for the outside system. */
async function checkPlan(deps: EngineDeps, bound: Bound): Promise<MadePlan | null> {
  const { claim } = bound;
  const { step } = claim;
  const made = await makePlan(deps, bound).catch((error: unknown) => errorText(error));
  const later = step.drive.direction === 'undo' || (step.drive.progress !== undefined && step.drive.look !== undefined);
  if (typeof made === 'string') {
    await giveUpOrQueue(deps, bound, null, made);
    return null;
  }
  // An undo writes what was captured, and a second move what was confirmed with the first.
  if (later) return { ...made, plan: step.plan!, hash: step.plan_hash! };
  if (made.hash === step.plan_hash && made.plan.refused === null) return made;
  const why = made.plan.refused ?? 'The world moved since this plan was confirmed. Read the new plan, then confirm it.';
  await recordNoEffect(
    deps,
    claim,
    null,
    { result: 'conflict', text: why },
    { state: 'planned', reason: why, plan: made },
  );
  return null;
}

interface Circumstances {
  /** A conditional write already lost once. */
  conflictBefore: boolean;
  /** A forward run had to give way: its last write may land after ours. */
  lookAgain: boolean;
}

/** The effect itself, and what the target says afterwards. */
async function fire(
  deps: EngineDeps,
  bound: Bound,
  attempt: Attempt,
  signal: AbortSignal,
  circumstances: Circumstances,
): Promise<boolean> {
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
    if ((error as Error).name === 'Fenced') throw error;
    // The process stops: what was declared stays open, and whoever takes over looks at the target first.
    if (signal.aborted) throw error;
    return await failed(deps, bound, attempt, error, watch.reason(), circumstances, signal);
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
): Promise<boolean> {
  if (circumstances.lookAgain) await pause(giveWayWithin, signal);
  const observed = await observe(bound, attempt);
  if (observed.state === 'not_done' && circumstances.lookAgain) {
    return fire(deps, bound, attempt, signal, { ...circumstances, lookAgain: false });
  }
  if (observed.state === 'not_done') {
    const text = `It was accepted, and yet: ${observed.text}`;
    await recordNoEffect(deps, bound.claim, attempt, { result: 'refused', text }, { state: 'failed', reason: text });
    return false;
  }
  await at(deps, bound, 'before-outcome', attempt);
  await recordDone(deps, bound, attempt, applied, { result: 'done', text: observed.text });
  await at(deps, bound, 'after-outcome', attempt);
  return false;
}

async function failed(
  deps: EngineDeps,
  bound: Bound,
  attempt: Attempt,
  error: unknown,
  ended: EndReason | null,
  circumstances: Circumstances,
  signal: AbortSignal,
): Promise<boolean> {
  const { claim, action } = bound;
  const text = errorText(error);
  const code = errorCode(error);
  if (ended === 'fenced') return false;
  if (code === 'plan_stale') return conflict(deps, bound, attempt, text, circumstances, signal);
  const refused = isRefusal(error) && ended === null;
  if (refused) {
    await recordNoEffect(
      deps,
      claim,
      attempt,
      { result: 'refused', text },
      { state: 'failed', reason: text, forget: forgets(bound, attempt) },
    );
    return false;
  }
  // Whether the call was taken is not known: the target itself answers.
  const observed = action.recovery === 'verifiable' ? await observe(bound, attempt) : null;
  if (observed?.state === 'done' && observed.applied) {
    await recordDone(deps, bound, attempt, observed.applied, { result: 'done', text: observed.text });
    return false;
  }
  if (ended !== null) return gaveWay(deps, bound, attempt, ended, observed);
  if (action.recovery === 'ask') return unknown(deps, bound, attempt, text);
  return giveUpOrQueue(deps, bound, attempt, text, observed?.state === 'not_done');
}

/** A clear no: asking again does not help, and nothing was changed. */
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
  signal: AbortSignal,
): Promise<boolean> {
  const { claim } = bound;
  const stop = claim.step.plan!.kind === 'stop' || attempt.direction === 'undo';
  if (stop && !circumstances.conflictBefore) {
    const note = { result: 'conflict' as const, text };
    const drive = claim.step.drive;
    await recordNoEffect(deps, claim, attempt, note, {
      state: 'blocked',
      reason: 'Somebody else changed the target in that moment; read again.',
      drive,
    });
    const loaded = await loadRun(deps.db, claim.run.id);
    const next = await claimStep(deps, loaded!.run, loaded!.steps, claim.step.step_id);
    return begin(deps, await bindStep(deps, next, signal), signal, true);
  }
  const made = attempt.direction === 'undo' ? null : await makePlan(deps, bound).catch(() => null);
  const note = { result: 'conflict' as const, text };
  if (made) {
    const reason = 'Somebody else changed the target in that moment. Read the new plan, then confirm it.';
    await recordNoEffect(deps, claim, attempt, note, {
      state: 'planned',
      reason,
      plan: made,
      forget: forgets(bound, attempt),
    });
  } else {
    await recordNoEffect(deps, claim, attempt, note, { state: 'failed', reason: text });
  }
  return false;
}

async function gaveWay(
  deps: EngineDeps,
  bound: Bound,
  attempt: Attempt,
  ended: EndReason,
  observed: Observed | null,
): Promise<boolean> {
  const why =
    ended === 'preempted' ? 'A stop on the same target goes first; this was ended.' : 'Cancelled while it ran.';
  const certain = observed?.state === 'not_done';
  const reason = certain ? why : `${why} Whether it took effect is not known.`;
  const note = { result: ended === 'preempted' ? ('preempted' as const) : ('cancelled' as const), text: reason };
  const state = certain ? (ended === 'cancelled' ? 'skipped' : 'failed') : 'unknown';
  await recordNoEffect(deps, bound.claim, attempt, note, { state, reason, forget: certain && forgets(bound, attempt) });
  return false;
}

async function unknown(deps: EngineDeps, bound: Bound, attempt: Attempt, text: string): Promise<boolean> {
  const reason = `Whether this took effect is not known (${text}). Look at the target, then say whether it is done.`;
  await recordNoEffect(deps, bound.claim, attempt, { result: 'unknown', text }, { state: 'unknown', reason });
  return false;
}

/** An effect was declared and nobody recorded its outcome: its process died. The target is looked at before anything is fired. */
async function recover(deps: EngineDeps, bound: Bound, attempt: Attempt, signal: AbortSignal): Promise<boolean> {
  const { claim, action } = bound;
  const { step } = claim;
  const plan = step.plan!;
  deps.log.warn(
    { run: claim.run.id, step: step.step_id, key: attempt.key },
    'taking over a step whose outcome is not recorded',
  );
  if (action.recovery === 'ask') return unknown(deps, bound, attempt, 'the process that ran it died');
  const kind = attempt.direction === 'undo' || plan.kind === 'stop' ? 'stop' : 'forward';
  if (plan.target !== null && (await takeTarget(deps, claim, plan.target, kind, signal)) === 'blocked') return false;
  await goOn(deps, claim);
  if (action.recovery === 'verifiable') {
    const observed = await observe(bound, attempt);
    if (observed.state === 'done' && observed.applied) {
      await at(deps, bound, 'before-outcome', attempt);
      await recordDone(deps, bound, attempt, observed.applied, {
        result: 'done',
        text: observed.text,
        recovered: true,
      });
      return false;
    }
    if (observed.state === 'unknown') {
      return kind === 'stop'
        ? giveUpOrQueue(deps, bound, attempt, observed.text)
        : unknown(deps, bound, attempt, observed.text);
    }
  }
  const first = attempt.direction === 'apply' && step.drive.progress === undefined;
  const made = await makePlan(deps, bound).catch((error: unknown) => errorText(error));
  if (typeof made === 'string') return giveUpOrQueue(deps, bound, attempt, made);
  if (first && (made.hash !== step.plan_hash || made.plan.refused !== null)) {
    const reason =
      made.plan.refused ?? 'The world moved while this step had no process. Read the new plan, then confirm it.';
    await recordNoEffect(
      deps,
      claim,
      attempt,
      { result: 'not_taken', text: reason },
      { state: 'planned', reason, plan: made, forget: true },
    );
    return false;
  }
  if (step.drive.cancel) return cancelled(deps, bound, attempt);
  const ready: Bound = { ...made.bound, claim };
  return fire(deps, ready, attempt, signal, { conflictBefore: false, lookAgain: false });
}

/** A stop that waited in the queue runs again. */
async function goOn(deps: EngineDeps, claim: Claim): Promise<void> {
  const { look: _look, ...drive } = claim.step.drive;
  await deps.db.transaction().execute(async (tx) => {
    await writeStep(tx, claim, ['running', 'blocked'], { state: 'running', drive: JSON.stringify(drive) });
  });
}

async function cancelled(deps: EngineDeps, bound: Bound, attempt: Attempt | null = null): Promise<boolean> {
  const { cancel } = bound.claim.step.drive;
  const reason = `Cancelled by ${cancel?.by}: ${cancel?.reason}`;
  const moved = bound.claim.step.drive.progress !== undefined;
  const state = moved ? 'failed' : 'skipped';
  await recordNoEffect(
    deps,
    bound.claim,
    attempt,
    { result: 'cancelled', text: reason },
    { state, reason, forget: !moved },
  );
  return false;
}

/** What was captured is forgotten when nothing of this step stands in the world. */
function forgets(bound: Bound, attempt: Attempt): boolean {
  return attempt.direction === 'apply' && bound.claim.step.drive.progress === undefined;
}

function moveOf(bound: Bound, attempt: Attempt): Move {
  const { step } = bound.claim;
  return { plan: step.plan!, captured: step.captured, progress: step.drive.progress ?? null, key: attempt.key };
}

/** Seen against the move that the attempt declared: `progress` is what it was before that move. */
async function observe(bound: Bound, attempt: Attempt): Promise<Observed> {
  try {
    return await bound.action.observe(bound.context, moveOf(bound, attempt), attempt.direction);
  } catch (error) {
    return { state: 'unknown', text: errorText(error) };
  }
}

async function at(deps: EngineDeps, bound: Bound, point: HookPoint, attempt: Attempt | null): Promise<void> {
  if (!deps.hooks) return;
  const { run, step } = bound.claim;
  const direction = step.drive.direction ?? 'apply';
  await deps.hooks.at(point, { runId: run.id, stepId: step.step_id, direction, key: attempt?.key ?? null });
}
