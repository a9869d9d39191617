import { randomUUID } from 'node:crypto';
import type { Followed } from '../../actions/action.ts';
import type { StepResult, VerificationState } from '../../domain/run/run.ts';
import { paths } from '../../paths.ts';
import { recordTimeline } from '../../stores/incident/timeline.server.ts';
import type { StepDrive } from '../../stores/run/step-drive.ts';
import { type Claim, writeStep } from './claim.server.ts';
import { type Bound, bindStep } from './context.server.ts';
import type { EngineDeps } from './deps.ts';
import { auditLine, leave, nothingLeft } from './outcome.server.ts';
import { seeByHand } from './see-by-hand.server.ts';
import { told } from './told.server.ts';
import { verify } from './verify.server.ts';
import { wallMs } from './wall-time.ts';
import { errorText } from './words.ts';

/** Data ms between looks at the burn. */
const verifyEvery = 10_000;

/** One look at a change that is done: is it obeyed, and what does the burn say? Holds nothing, writes nothing outside. Returns true when the run may go on. */
export async function lookStep(deps: EngineDeps, claim: Claim, signal: AbortSignal): Promise<boolean> {
  if (claim.step.state !== 'verifying') return true;
  const bound = await bindStep(deps, claim, signal);
  const hand = isFirstLookByHand(claim.step) ? await seeByHand(bound) : null;
  if (hand) claim.step.evidence = hand.evidence;
  if (claim.step.drive.decision === 'done' && !hand?.refuted) await leaveBehind(deps, bound);
  const followed = await follow(deps, bound);
  if (hand?.refuted)
    return end(deps, bound, followed, null, { failed: hand.refuted, words: 'Reported, and not there' });
  if (followed.failed !== null)
    return end(deps, bound, followed, null, { failed: followed.failed, words: 'Did not take effect' });
  const effectAt = followed.effectAt ?? (followed.ended ? followed.doneAt : null);
  const requirement = bound.definition.verify;
  const verification =
    requirement && effectAt !== null ? await verify(deps, bound, requirement, effectAt) : claim.step.verification;
  // A burn that stays because somebody turned the change back would speak against an innocent reversal.
  const back = followed.ended && verification?.outcome !== 'improved' ? await turnedBack(bound) : null;
  if (back !== null)
    return end(deps, bound, followed, verification, {
      failed: back,
      words: 'Turned back by somebody else',
      movedOn: true,
    });
  // An SLO that left the catalog proves nothing any more.
  const judged = !requirement || (verification === null ? effectAt !== null : isFinal(verification));
  if (followed.ended && judged)
    return end(deps, bound, followed, verification, {
      result: verification?.outcome ?? (requirement ? 'no_data' : 'none'),
    });
  return again(deps, bound, followed, verification);
}

/** True until what was reported as done by hand has been looked at: what it leaves behind is written down then. */
function isFirstLookByHand({ drive }: Bound['claim']['step']): boolean {
  return drive.byHand !== undefined && drive.decision === 'done';
}

/** What stands there now when a stop that had taken effect was turned back since; null while it stands, or cannot be read. */
async function turnedBack({ claim, action, context }: Bound): Promise<string | null> {
  const { step } = claim;
  if (!action.stands || step.plan?.kind !== 'stop') return null;
  const move = { plan: step.plan, captured: step.captured, progress: step.drive.progress ?? null, key: '' };
  const seen = await action.stands(context, move).catch(() => null);
  if (seen === null || seen.still) return null;
  return `It took effect, and somebody else has turned it back since: ${seen.text}. What burns now says nothing about it.`;
}

/** An answer that no later data changes. Harm seen on provisional data offers undo at once, and is looked at again. */
function isFinal(verification: VerificationState | null): boolean {
  return (
    verification !== null &&
    verification.outcome !== null &&
    !(verification.outcome === 'worse' && verification.provisional)
  );
}

/** A person said that the effect is there: what it leaves behind is remembered as after any other. */
async function leaveBehind(deps: EngineDeps, bound: Bound): Promise<void> {
  const { claim, action, context } = bound;
  const { step } = claim;
  if (step.plan === null) return;
  const move = { plan: step.plan, captured: step.captured, progress: step.drive.progress ?? null, key: '' };
  const left = action.leaves?.(context, move, 'apply') ?? nothingLeft;
  await deps.db.transaction().execute(async (tx) => leave(deps, tx, bound, left, deps.clock.now()));
}

type Seen = Followed & { doneAt: number };

async function follow(deps: EngineDeps, bound: Bound): Promise<Seen> {
  const { claim, action, context } = bound;
  const { step } = claim;
  const done = await deps.db
    .selectFrom('step_attempt')
    .select(['outcome_at', 'key'])
    .where('run_id', '=', claim.run.id)
    .where('step_id', '=', step.step_id)
    .where('direction', '=', 'apply')
    .orderBy('attempt', 'desc')
    .executeTakeFirst();
  // A person may say "done" of a step that this process never got to fire.
  const doneAt = done?.outcome_at ?? step.effect_at ?? deps.clock.now();
  const known = {
    evidence: step.evidence,
    progress: step.drive.progress,
    effectAt: step.effect_at,
    failed: null,
    doneAt,
  };
  // Where a person saw the effect there is no receipt to follow; the burn is still judged.
  const seen = step.drive.obeyed || step.drive.decision === 'done';
  if (!action.follow || seen) return { ...known, ended: true, lookIn: verifyEvery };
  const move = {
    plan: step.plan!,
    captured: step.captured,
    progress: step.drive.progress ?? null,
    key: done?.key ?? '',
  };
  try {
    return { ...(await action.follow(context, move, step.evidence, doneAt)), doneAt };
  } catch (error) {
    deps.log.warn({ run: claim.run.id, step: step.step_id, why: errorText(error) }, 'an effect could not be followed');
    return { ...known, ended: false, lookIn: 5_000 };
  }
}

async function again(
  deps: EngineDeps,
  bound: Bound,
  followed: Seen,
  verification: VerificationState | null,
): Promise<boolean> {
  const { claim } = bound;
  const look = randomUUID();
  const drive: StepDrive = {
    ...claim.step.drive,
    // What it leaves behind was written down: once, or a follow-up that somebody clears would come back.
    decision: undefined,
    progress: followed.progress ?? undefined,
    obeyed: followed.ended,
    look,
  };
  await deps.db.transaction().execute(async (tx) => {
    await writeStep(tx, claim, ['verifying'], {
      evidence: JSON.stringify(followed.evidence ?? null),
      effect_at: followed.effectAt,
      verification: verification === null ? null : JSON.stringify(verification),
      drive: JSON.stringify(drive),
    });
    await told(deps, tx, claim.run);
    const lookIn = followed.ended ? verifyEvery : Math.min(followed.lookIn, verifyEvery);
    await deps.send(tx, { runId: claim.run.id, look }, wallMs(deps.clock, lookIn));
  });
  return false;
}

async function end(
  deps: EngineDeps,
  bound: Bound,
  followed: Seen,
  verification: VerificationState | null,
  /** `movedOn`: somebody else has set the target since, which an undo would overwrite. */
  how: { result: StepResult } | { failed: string; words: string; movedOn?: true },
): Promise<boolean> {
  const { claim } = bound;
  const { run, step } = claim;
  const now = deps.clock.now();
  const failed = 'failed' in how ? how.failed : null;
  const inForce = 'failed' in how ? how.words : resultWords(step)[how.result];
  // What people do, and waits, take no effect: they end.
  const said = step.kind === 'people' && failed === null ? 'Ended' : inForce;
  const result = 'result' in how ? how.result : 'none';
  await deps.db.transaction().execute(async (tx) => {
    await writeStep(tx, claim, ['verifying'], {
      state: failed === null ? 'succeeded' : 'failed',
      result,
      reason: failed,
      evidence: JSON.stringify(followed.evidence ?? null),
      ...(followed.settled ? { captured: null } : {}),
      ...(followed.outputs ? { outputs: JSON.stringify({ ...step.outputs, ...followed.outputs }) } : {}),
      effect_at: followed.effectAt ?? followed.doneAt,
      verification: verification === null ? null : JSON.stringify(verification),
      drive: JSON.stringify('movedOn' in how ? { movedOn: true } : {}),
      ended_at: now,
    });
    if (run.incident_id !== null) {
      const text = `${said}: ${step.plan?.title ?? step.step_id}`;
      const href = paths.runStep(run.id, step.step_id);
      const key = `run/${run.id}/${step.step_id}/${step.attempt}/verified`;
      await recordTimeline(tx, run.incident_id, [{ at: now, kind: 'run', text, href, key }]);
    }
    await told(deps, tx, run);
    await deps.send(tx, { runId: run.id, look: null });
    await auditLine(
      deps,
      tx,
      claim,
      failed === null ? 'step.verified' : 'step.failed',
      failed ?? verification?.text ?? null,
      now,
      null,
      { result },
    );
  });
  return false;
}

/** What somebody reported as done by hand may stand on their word alone: it is not called in force. */
function resultWords({ drive }: Bound['claim']['step']): Record<StepResult, string> {
  const there = drive.byHand ? 'Done by hand' : 'In force';
  return {
    improved: 'Verified, the burn fell',
    not_improved: `${there}, and the burn did not improve`,
    worse: `${there}, and the burn is worse than before`,
    no_data: `${there}, not proven: not enough data`,
    none: there,
  };
}
