import { randomUUID } from 'node:crypto';
import type { Applied, LeftBehind } from '../../actions/action.ts';
import { decidedBy } from '../../domain/audit/audit.ts';
import type { StepState } from '../../domain/run/run.ts';
import { paths } from '../../paths.ts';
import type { Tx } from '../../platform/db.server.ts';
import { clearFollowUps, openFollowUp, reopenFollowUp } from '../../stores/follow-ups.server.ts';
import { recordTimeline } from '../../stores/incident/timeline.server.ts';
import { holderOf, releaseLock } from '../../stores/run/locks.server.ts';
import type { StepDrive } from '../../stores/run/step-drive.ts';
import { noteUndo } from '../../stores/run/undo-note.server.ts';
import type { Attempt } from './attempts.server.ts';
import { type Claim, holdRun, writeStep } from './claim.server.ts';
import type { Bound } from './context.server.ts';
import type { EngineDeps } from './deps.ts';
import { at } from './hook-at.server.ts';
import type { MadePlan } from './make-plan.server.ts';
import { told } from './told.server.ts';
import { wallMs } from './wall-time.ts';

/** How an attempt ended, as its row says it. */
export interface OutcomeNote {
  result: 'done' | 'not_taken' | 'refused' | 'unknown' | 'conflict' | 'preempted' | 'cancelled';
  text: string;
  /** True when a process that took over found the effect already there. */
  recovered?: boolean;
}

/** Data ms from a change to the first look at what became of it. */
const firstLook = 1_000;

/**
 * One transaction: attempt, step, what is left behind, target released, timeline, the job of the next look, and audit. Where nothing
 * is left to be looked at, the next job is the one in hand (`over`): the queue gives it to another process when this one dies.
 */
export async function recordDone(
  deps: EngineDeps,
  bound: Bound,
  attempt: Attempt,
  applied: Applied,
  note: OutcomeNote,
): Promise<'ended' | 'over'> {
  const { claim, action, context } = bound;
  const { step } = claim;
  const plan = step.plan!;
  const now = deps.clock.now();
  const move = { plan, captured: step.captured, progress: applied.progress, key: attempt.key };
  const undo = attempt.direction === 'undo';
  const held = applied.next === 'hold';
  const follows = !undo && (action.follow !== undefined || bound.definition.verify !== null);
  const state: StepState = held ? 'running' : undo ? 'undone' : follows ? 'verifying' : 'succeeded';
  const look = held || follows ? randomUUID() : undefined;
  // The second move goes by the same word as the first.
  const { request, brokenGlass } = held ? step.drive : {};
  const moved = { direction: attempt.direction, progress: applied.progress ?? undefined, look };
  const drive: StepDrive = { ...moved, request, brokenGlass };
  const left = held ? nothingLeft : (action.leaves?.(context, move, attempt.direction) ?? nothingLeft);
  await at(deps, bound, 'before-outcome', attempt);
  await closing(deps, claim, plan.target, !held, async (tx) => {
    await endAttempt(tx, attempt, now, note);
    await writeStep(tx, claim, ['running'], {
      state,
      reason: held ? note.text : null,
      evidence: JSON.stringify(applied.evidence ?? null),
      outputs: JSON.stringify({ ...step.outputs, ...applied.outputs }),
      drive: JSON.stringify(drive),
      // A change that is followed takes effect when it is obeyed; all others when they are done.
      effect_at: undo ? step.effect_at : action.follow || held ? null : now,
      ended_at: state === 'succeeded' || state === 'undone' ? now : null,
      ...(undo ? { result: 'none' as const } : {}),
    });
    await at(deps, bound, 'after-outcome', attempt);
    await leave(deps, tx, bound, left, now);
    if (undo) await noteUndo(tx, claim.run, step, { key: attempt.key, at: now });
    await timeline(
      tx,
      bound,
      attempt,
      now,
      undo ? `Undone: ${plan.title}` : held ? `First move of: ${plan.title}` : plan.title,
    );
    return { action: undo ? 'step.undone' : held ? 'step.moved' : 'step.done', reason: note.text, look };
  });
  await at(deps, bound, 'after-commit', attempt);
  return look === undefined ? 'over' : 'ended';

  async function closing(
    engine: EngineDeps,
    owner: Claim,
    target: string | null,
    release: boolean,
    work: (tx: Tx) => Promise<{ action: string; reason: string; look: string | undefined }>,
  ): Promise<void> {
    await engine.db.transaction().execute(async (tx) => {
      // A follow-up points at its run: PostgreSQL would wait for the run's row only once the step is written.
      if (left.followUp) await holdRun(tx, owner.run.id);
      if (target !== null) await holderOf(tx, target, true);
      const result = await work(tx);
      if (release && target !== null) await releaseLock(tx, engine.send, target, owner.run.id, owner.step.step_id);
      await told(engine, tx, owner.run);
      if (result.look !== undefined)
        await engine.send(tx, { runId: owner.run.id, look: result.look }, wallMs(engine.clock, firstLook));
      await auditLine(
        engine,
        tx,
        owner,
        result.action,
        result.reason,
        now,
        plan.before,
        undo ? step.captured : plan.after,
      );
      await at(engine, bound, 'before-commit', attempt);
    });
  }
}

/** One transaction for an attempt (or a plan check) that brought no effect: the step waits, asks or ends, and its target is free again. */
export async function recordNoEffect(
  deps: EngineDeps,
  claim: Claim,
  attempt: Attempt | null,
  note: OutcomeNote,
  end: {
    state: 'planned' | 'blocked' | 'failed' | 'unknown' | 'skipped';
    reason: string | null;
    drive?: StepDrive;
    /** Put in the step's place when the world moved. */
    plan?: MadePlan;
    /** Forget what was captured: nothing was changed. */
    forget?: boolean;
    /** Open a cancelled run again: a change stands in the world that somebody may want to undo. */
    reopen?: boolean;
    /** Wall ms until the next try. */
    again?: number;
  },
): Promise<void> {
  const { step, run } = claim;
  const now = deps.clock.now();
  const target = step.plan?.target ?? null;
  // What a person decides about an unknown effect depends on which effect it was.
  const kept: StepDrive = { direction: step.drive.direction, progress: step.drive.progress };
  const ended = end.state === 'failed' || end.state === 'unknown' || end.state === 'skipped';
  // In a cancelled run nobody could decide what became of an unknown effect either.
  const reopens = end.reopen || end.state === 'unknown';
  await deps.db.transaction().execute(async (tx) => {
    if (reopens) await holdRun(tx, run.id);
    if (target !== null) await holderOf(tx, target, true);
    if (attempt) await endAttempt(tx, attempt, now, note);
    await writeStep(tx, claim, ['running', 'blocked'], {
      state: end.state,
      reason: end.reason,
      drive: JSON.stringify(end.drive ?? (end.state === 'unknown' ? kept : {})),
      ended_at: ended ? now : null,
      ...(end.plan ? { plan: JSON.stringify(end.plan.plan), plan_hash: end.plan.hash, kind: end.plan.plan.kind } : {}),
      ...(end.state === 'planned' ? { confirmed_by: null, confirmed_at: null, confirm_reason: null } : {}),
      ...(end.forget ? { captured: null } : {}),
    });
    if (reopens) {
      await tx
        .updateTable('run')
        .set({ state: 'open', ended_at: null })
        .where('id', '=', run.id)
        .where('state', '=', 'cancelled')
        .execute();
    }
    if (target !== null) await releaseLock(tx, deps.send, target, run.id, step.step_id);
    await told(deps, tx, run);
    if (end.again !== undefined) await deps.send(tx, { runId: run.id, look: end.drive?.look ?? null }, end.again);
    if (end.state === 'skipped') await deps.send(tx, { runId: run.id, look: null });
    await auditLine(deps, tx, claim, `step.${end.state}`, end.reason ?? note.text, now, null, null);
  });
}

/** What a change leaves that says nothing about it. */
export const nothingLeft: LeftBehind = { followUp: null, clears: null };

async function endAttempt(tx: Tx, attempt: Attempt, at: number, note: OutcomeNote): Promise<void> {
  await tx
    .updateTable('step_attempt')
    .set({ outcome_at: at, outcome: JSON.stringify(note) })
    .where('run_id', '=', attempt.run_id)
    .where('step_id', '=', attempt.step_id)
    .where('attempt', '=', attempt.attempt)
    .where('direction', '=', attempt.direction)
    .execute();
}

/** Opens, clears and opens again follow-ups. */
export async function leave(deps: EngineDeps, tx: Tx, bound: Bound, left: LeftBehind, now: number): Promise<void> {
  const { run, step } = bound.claim;
  if (left.clears !== null) await clearFollowUps(tx, left.clears, step.confirmed_by?.email ?? 'engine', now);
  if (left.followUp) {
    const { dueIn, ...followUp } = left.followUp;
    const dueAt = dueIn === null ? null : now + dueIn;
    await openFollowUp(tx, { ...followUp, dueAt, incidentId: run.incident_id, runId: run.id, openedAt: now });
  }
  if (left.reopens) await reopenFollowUp(tx, left.reopens, left.clearedSince ?? step.plan?.readAt ?? now);
  if (left.clears !== null || left.followUp || left.reopens) await deps.notify('follow-ups', tx);
}

async function timeline(tx: Tx, bound: Bound, attempt: Attempt, at: number, text: string): Promise<void> {
  const { run, step } = bound.claim;
  if (run.incident_id === null) return;
  const actor = step.confirmed_by?.name ?? null;
  const href = paths.runStep(run.id, step.step_id);
  await recordTimeline(tx, run.incident_id, [{ at, kind: 'run', text, actor, href, key: `run/${attempt.key}` }]);
}

/** An audit line about a claimed step. */
export async function auditLine(
  deps: EngineDeps,
  tx: Tx,
  claim: Claim,
  action: string,
  reason: string | null,
  at: number,
  before: unknown,
  after: unknown,
): Promise<void> {
  const { run, step } = claim;
  await deps.audit(tx, {
    at,
    actor: step.confirmed_by ? decidedBy(step.confirmed_by) : 'engine',
    action,
    target: step.plan?.target ?? `run/${run.id}`,
    runId: run.id,
    stepId: step.step_id,
    reason,
    before,
    after,
    address: null,
  });
}
