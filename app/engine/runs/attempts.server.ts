import type { Selectable } from 'kysely';
import { decidedBy } from '../../domain/audit/audit.ts';
import type { Tx } from '../../platform/db.server.ts';
import { holderOf } from '../../stores/run/locks.server.ts';
import type { Database } from '../../stores/schema.ts';
import { wholeRow } from '../../stores/whole-row.ts';
import { type Claim, Fenced, writeStep } from './claim.server.ts';
import type { EngineDeps } from './deps.ts';
import type { MadePlan } from './make-plan.server.ts';
import { told } from './told.server.ts';

/** A declared effect: the intent row of an attempt. */
export type Attempt = Selectable<Database['step_attempt']>;

/** What the intent row says will be written. */
export interface Intent {
  target: string | null;
  after: unknown;
  captured: unknown;
  progress: unknown;
  /** Which process declared it. */
  process: string;
}

/** The effect that was declared and whose outcome nobody recorded; null when there is none. */
export async function openAttempt(tx: Tx, claim: Claim): Promise<Attempt | null> {
  const open = await tx
    .selectFrom('step_attempt')
    .select(wholeRow<Attempt>('step_attempt'))
    .where('run_id', '=', claim.run.id)
    .where('step_id', '=', claim.step.step_id)
    .where('outcome_at', 'is', null)
    .orderBy('attempt', 'desc')
    .executeTakeFirst();
  return open?.row ?? null;
}

/**
 * Commits the intent before anything is written outside: attempt, key, fence and what stood there. Without the audit
 * row nothing starts. Refused (Fenced) when the target is no longer this step's.
 */
export async function declareIntent(
  deps: EngineDeps,
  claim: Claim,
  made: MadePlan,
): Promise<{ claim: Claim; attempt: Attempt }> {
  const { run, step } = claim;
  const direction = step.drive.direction ?? 'apply';
  const number = step.attempt + 1;
  const captured = step.captured ?? (direction === 'apply' ? made.capture : null);
  const { target } = made.plan;
  const intent: Intent = {
    target,
    after: direction === 'undo' ? captured : made.plan.after,
    captured,
    progress: step.drive.progress ?? null,
    process: deps.processName,
  };
  const now = deps.clock.now();
  const { look: _look, decision: _decision, ...drive } = step.drive;
  const attempt = await deps.db.transaction().execute(async (tx) => {
    if (target !== null) {
      const holder = await holderOf(tx, target, true);
      if (holder?.runId !== run.id || holder.stepId !== step.step_id || holder.epoch !== step.epoch) {
        throw new Fenced(run.id, step.step_id);
      }
    }
    await writeStep(tx, claim, ['running', 'blocked'], {
      state: 'running',
      reason: null,
      attempt: number,
      captured: captured === null ? null : JSON.stringify(captured),
      plan: JSON.stringify(made.plan),
      drive: JSON.stringify(drive),
    });
    const { row } = await tx
      .insertInto('step_attempt')
      .values({
        run_id: run.id,
        step_id: step.step_id,
        attempt: number,
        direction,
        key: `${run.id}/${step.step_id}/${direction}/${number}`,
        epoch: step.epoch,
        intent_at: now,
        intent: JSON.stringify(intent),
        outcome_at: null,
        outcome: null,
      })
      .returning(wholeRow<Attempt>('step_attempt'))
      .executeTakeFirstOrThrow();
    await told(deps, tx, run);
    await deps.audit(tx, {
      at: now,
      actor: step.confirmed_by ? decidedBy(step.confirmed_by) : run.opened_by,
      action: direction === 'undo' ? 'step.undo.intent' : 'step.intent',
      target: target ?? `run/${run.id}`,
      runId: run.id,
      stepId: step.step_id,
      reason: step.confirm_reason,
      before: made.plan.before,
      after: intent.after,
      address: null,
    });
    return row;
  });
  return {
    claim: { ...claim, step: { ...step, attempt: number, captured, plan: made.plan, drive, state: 'running' } },
    attempt,
  };
}
