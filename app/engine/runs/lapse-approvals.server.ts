import { tooLate } from '../../domain/run/approval.ts';
import type { Tx } from '../../platform/db.server.ts';
import { endRequests, openRequest } from '../../stores/run/approval-rows.server.ts';
import { back, line } from '../../stores/run/waiting-step.server.ts';
import type { Claim } from './claim.server.ts';
import type { EngineDeps } from './deps.ts';

const atOnce = 20;

/** Ends what was asked for and nobody approved in time: the step goes back to planned and says so. */
export async function lapseApprovals(deps: EngineDeps): Promise<void> {
  const now = deps.clock.now();
  const late = await deps.db
    .selectFrom('approval_request')
    .select(['run_id', 'step_id'])
    .where('ended_at', 'is', null)
    .where('expires_at', '<=', now)
    .limit(atOnce)
    .execute();
  for (const { run_id, step_id } of late) await deps.db.transaction().execute((tx) => lapse(deps, tx, run_id, step_id));
}

async function lapse(deps: EngineDeps, tx: Tx, runId: string, stepId: string): Promise<void> {
  const run = await tx.selectFrom('run').selectAll().where('id', '=', runId).forUpdate().executeTakeFirst();
  const step = await tx
    .selectFrom('run_step')
    .selectAll()
    .where('run_id', '=', runId)
    .where('step_id', '=', stepId)
    .forUpdate()
    .executeTakeFirst();
  const request = await openRequest(tx, runId, stepId);
  if (!run || !step || !request || request.expiresAt > deps.clock.now()) return;
  await back(
    tx,
    deps,
    { run, step, request },
    {
      ...{ outcome: 'expired', by: 'engine', reason: tooLate, action: 'approval.expired', address: null },
    },
  );
}

/** What was given for a plan that no longer stands counts for nothing. The step itself is the caller's to write. */
export async function voidApprovals(deps: EngineDeps, tx: Tx, { run, step }: Claim, reason: string): Promise<void> {
  const request = await openRequest(tx, run.id, step.step_id);
  if (!request) return;
  const at = deps.clock.now();
  const about = { runId: run.id, stepId: step.step_id };
  await endRequests(tx, about, { outcome: 'void', at, by: 'engine', reason });
  await deps.notify('approvals', tx);
  await deps.audit(tx, line(at, 'engine', 'approval.void', { run, step, request }, reason, null));
}
