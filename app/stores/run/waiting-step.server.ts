import type { ApprovalOutcome, ApprovalRequest } from '../../domain/run/approval.ts';
import { staysInside } from '../../domain/runbook/actions.ts';
import { AppError } from '../../errors.ts';
import type { Tx } from '../../platform/db.server.ts';
import type { NewAuditEntry } from '../audit.server.ts';
import { endRequests, openRequest } from './approval-rows.server.ts';
import { lockedStep } from './decide-step.server.ts';
import type { RunRow, StepRow } from './run-rows.ts';
import type { RunStoreDeps } from './runs.server.ts';

/** A step that waits for approval with what was asked, held until the transaction ends. */
export interface Waiting {
  run: RunRow;
  step: StepRow;
  request: ApprovalRequest;
}

/** The step with its request. Throws AppError already_done | not_planned | plan_stale | mode_observe | not_found. */
export async function waitingStep(
  tx: Tx,
  deps: Pick<RunStoreDeps, 'mode'>,
  { runId, stepId, hash }: { runId: string; stepId: string; hash: string },
): Promise<Waiting> {
  const { run, step } = await lockedStep(tx, runId, stepId);
  if (run.state === 'cancelled' || run.state === 'done') throw new AppError('already_done', 'This run has ended.');
  if (step.state !== 'awaiting-approval') {
    if (step.state !== 'planned' && step.state !== 'pending') throw new AppError('already_done');
    throw new AppError('not_planned', 'Nobody asks for approval of this step any more.');
  }
  const request = await openRequest(tx, runId, stepId);
  if (!request || request.planHash !== hash || step.plan_hash !== hash) throw new AppError('plan_stale');
  if (deps.mode !== 'act' && !staysInside(step.uses)) throw new AppError('mode_observe');
  return { run, step, request };
}

/** The step goes back to planned, what was asked for ends, with its audit line; everybody who looks is told. */
export async function back(
  tx: Tx,
  deps: Pick<RunStoreDeps, 'clock' | 'notify' | 'audit'>,
  waiting: Waiting,
  end: { outcome: ApprovalOutcome; by: string; reason: string; action: string; address: string | null },
): Promise<void> {
  const { run, step } = waiting;
  const at = deps.clock.now();
  const { outcome, by, reason } = end;
  await endRequests(tx, { runId: run.id, stepId: step.step_id }, { outcome, at, by, reason });
  await tx
    .updateTable('run_step')
    .set({ state: 'planned', reason })
    .where('run_id', '=', run.id)
    .where('step_id', '=', step.step_id)
    .where('state', '=', 'awaiting-approval')
    .execute();
  for (const topic of ['approvals', 'runs', `run/${run.id}`]) await deps.notify(topic, tx);
  await deps.audit(tx, line(at, by, end.action, waiting, reason, end.address));
}

/** An audit line about what waits; `before` and `after` are empty. */
export function line(
  at: number,
  actor: string,
  action: string,
  { run, step, request }: Waiting,
  reason: string | null,
  address: string | null,
): NewAuditEntry {
  const target = step.plan?.target ?? `run/${run.id}`;
  const about = { runId: run.id, stepId: step.step_id, before: null, after: { hash: request.planHash } };
  return { at, actor, action, target, reason, address, ...about };
}
