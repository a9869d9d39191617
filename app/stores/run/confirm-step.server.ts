import { decidedBy } from '../../domain/audit/audit.ts';
import { may } from '../../domain/audit/permission.ts';
import type { Catalog } from '../../domain/catalog.ts';
import { confirmPermission } from '../../domain/run/offers.ts';
import type { RunStep } from '../../domain/run/run.ts';
import { staysInside } from '../../domain/runbook/actions.ts';
import { AppError } from '../../errors.ts';
import type { Tx } from '../../platform/db.server.ts';
import { acknowledgePages } from '../incident/acknowledge-pages.server.ts';
import type { RunStore } from '../stores.ts';
import { wholeRow } from '../whole-row.ts';
import { askApproval } from './ask-approval.server.ts';
import { gateOfStep } from './gate-of.server.ts';
import type { RunRow, StepRow } from './run-rows.ts';
import type { RunStoreDeps } from './runs.server.ts';
import type { StepDrive } from './step-drive.ts';
import { mayActOn } from './step-permission.ts';

const after = new Set<RunStep['state']>(['running', 'verifying', 'succeeded', 'blocked', 'undone']);

/**
 * Binds a person's word to exactly the plan they saw: one conditional update on run, step, hash and state, with its
 * audit line and the engine's job in the same transaction. Of two people who confirm at once, one does.
 */
export async function confirmStep(deps: RunStoreDeps, input: Parameters<RunStore['confirm']>[0]): Promise<void> {
  const catalog = await deps.catalog();
  await deps.db.transaction().execute((tx) => confirmStepIn(tx, deps, catalog, input));
}

/** The same in the caller's transaction. What it refuses with an AppError has written nothing. */
export async function confirmStepIn(
  tx: Tx,
  deps: RunStoreDeps,
  catalog: Catalog | null,
  input: Parameters<RunStore['confirm']>[0],
): Promise<void> {
  const { runId, stepId, hash, actor } = input;
  const held = await tx
    .selectFrom('run')
    .select(wholeRow<RunRow>('run'))
    .where('id', '=', runId)
    .forUpdate()
    .executeTakeFirst();
  const standing = await tx
    .selectFrom('run_step')
    .select(wholeRow<StepRow>('run_step'))
    .where('run_id', '=', runId)
    .where('step_id', '=', stepId)
    .forUpdate()
    .executeTakeFirst();
  if (!held || !standing) throw new AppError('not_found');
  const { row: run } = held;
  const { row: step } = standing;
  mayActOn(actor, confirmPermission(step.plan?.kind ?? step.kind), run, step, catalog);
  refuse(deps, run, step, input);
  const gate = await gateOfStep(tx, deps, catalog, { run, step }, { requester: actor, approvers: [] });
  if (gate.state === 'frozen') throw new AppError('frozen', gate.why ?? undefined);
  if (gate.state === 'approval') return askApproval(tx, deps, { run, step, gate }, input);
  const at = deps.clock.now();
  const reason = input.reason?.trim() || null;
  const drive: StepDrive = { progress: step.drive.progress, outcome: outcomeOf(run, step, input.outcome) };
  const updated = await tx
    .updateTable('run_step')
    .set({
      state: 'running',
      reason: null,
      confirmed_by: JSON.stringify(actor),
      confirmed_at: at,
      confirm_reason: reason,
      drive: JSON.stringify(drive),
    })
    .where('run_id', '=', runId)
    .where('step_id', '=', stepId)
    .where('state', '=', 'planned')
    .where('plan_hash', '=', hash)
    .executeTakeFirst();
  if (Number(updated.numUpdatedRows) === 0) throw new AppError('plan_stale');
  if (run.state === 'prepared') await tx.updateTable('run').set({ state: 'open' }).where('id', '=', runId).execute();
  await deps.notify('runs', tx, `run/${runId}`);
  const pages =
    input.acknowledgePage && run.incident_id !== null && may(actor.role, 'run.people') && isChange(step)
      ? await acknowledgePages(tx, run.incident_id, actor, at)
      : [];
  await deps.send(tx, { runId, look: null });
  await deps.audit(tx, {
    at,
    actor: decidedBy(actor),
    action: 'step.confirmed',
    target: step.plan!.target ?? `run/${runId}`,
    runId,
    stepId,
    reason,
    before: step.plan!.before,
    after: { hash, after: step.plan!.after, ...(pages.length > 0 ? { acknowledges: pages } : {}) },
    address: input.address,
  });
}

function isChange({ plan, kind }: StepRow): boolean {
  return ['stop', 'forward'].includes(plan?.kind ?? kind);
}

function refuse(deps: RunStoreDeps, run: RunRow, step: StepRow, input: Parameters<RunStore['confirm']>[0]): void {
  if (after.has(step.state)) {
    const who = step.confirmed_by?.name;
    throw new AppError('already_done', who ? `${who} already did this.` : undefined);
  }
  if (run.state === 'cancelled' || run.state === 'done') throw new AppError('already_done', 'This run has ended.');
  if (step.state !== 'planned' || !step.plan) throw new AppError('not_planned');
  if (step.plan_hash !== input.hash) throw new AppError('plan_stale');
  if (step.plan.refused !== null) throw new AppError('plan_stale', step.plan.refused);
  if (deps.mode !== 'act' && !staysInside(step.uses)) throw new AppError('mode_observe');
  if (step.plan.needsReason && (!input.reason?.trim() || !input.acknowledged)) throw new AppError('reason_needed');
}

/** What a person records of their own step: one of the outcomes it names, or any sentence where it names none. */
function outcomeOf(run: RunRow, step: StepRow, outcome: string | null): string | undefined {
  if (step.uses !== 'manual') return undefined;
  const text = outcome?.trim() ?? '';
  const outcomes = run.steps.find((one) => one.id === step.step_id)?.with.outcomes;
  const allowed = Array.isArray(outcomes) ? outcomes.map(String) : null;
  if (text === '' || (allowed && !allowed.includes(text))) {
    throw new AppError('bad_input', allowed ? `Choose one of: ${allowed.join(', ')}.` : 'Say what came of it.', {
      field: 'outcome',
    });
  }
  return text;
}
