import { randomUUID } from 'node:crypto';
import { decidedBy } from '../../domain/audit/audit.ts';
import { storable } from '../../domain/audit/canonical.ts';
import { approvalWaits } from '../../domain/run/approval.ts';
import { counts, type Gate } from '../../domain/run/gate.ts';
import type { Actor } from '../../domain/run/run.ts';
import { AppError } from '../../errors.ts';
import type { Tx } from '../../platform/db.server.ts';
import { endRequests } from './approval-rows.server.ts';
import type { RunRow, StepRow } from './run-rows.ts';
import type { RunStoreDeps } from './runs.server.ts';

/**
 * Lets a confirmed plan wait for others: the step is `awaiting-approval`, bound to its hash. Throws AppError reason_needed
 * when it is not said why, plan_stale when the plan is no longer the one that was read.
 */
export async function askApproval(
  tx: Tx,
  deps: RunStoreDeps,
  { run, step, gate }: { run: RunRow; step: StepRow; gate: Gate },
  by: { actor: Actor; reason: string | null; hash: string; address: string | null },
): Promise<void> {
  const { actor, hash, address } = by;
  const reason = by.reason?.trim();
  if (!reason) {
    throw new AppError('reason_needed', 'Say in one sentence why, for those who approve it.', { field: 'reason' });
  }
  const at = deps.clock.now();
  const updated = await tx
    .updateTable('run_step')
    .set({ state: 'awaiting-approval', reason: null })
    .where('run_id', '=', run.id)
    .where('step_id', '=', step.step_id)
    .where('state', '=', 'planned')
    .where('plan_hash', '=', hash)
    .executeTakeFirst();
  if (Number(updated.numUpdatedRows) === 0) throw new AppError('plan_stale');
  const earlier = { outcome: 'void', at, by: actor.email, reason: null } as const;
  await endRequests(tx, { runId: run.id, stepId: step.step_id }, earlier);
  const rules = gate.rules.map(({ given: _, ...rule }) => rule);
  const id = randomUUID();
  await tx
    .insertInto('approval_request')
    .values({
      ...{ id, run_id: run.id, step_id: step.step_id, plan_hash: hash, reason: storable(reason) },
      ...{ requester: JSON.stringify(actor), requester_email: actor.email, asked_at: at },
      ...{ expires_at: at + approvalWaits, rules: JSON.stringify(rules) },
    })
    .execute();
  // Where a rule lets the requester count, asking is their yes.
  if (rules.some((rule) => counts(rule, actor, actor))) await writeApproval(tx, id, actor, at);
  await tx.updateTable('run').set({ state: 'open' }).where('id', '=', run.id).where('state', '=', 'prepared').execute();
  for (const topic of ['approvals', 'runs', `run/${run.id}`]) await deps.notify(topic, tx);
  await deps.audit(tx, {
    ...{ at, actor: decidedBy(actor), action: 'approval.asked', target: step.plan!.target ?? `run/${run.id}`, reason },
    ...{ runId: run.id, stepId: step.step_id, before: step.plan!.before, address },
    after: { hash, after: step.plan!.after, asks: rules },
  });
}

/** One person's yes, once. */
export async function writeApproval(tx: Tx, requestId: string, actor: Actor, at: number): Promise<void> {
  await tx
    .insertInto('approval')
    .values({ request_id: requestId, email: actor.email.toLowerCase(), actor: JSON.stringify(actor), at })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
