import { decidedBy } from '../../domain/audit/audit.ts';
import { tooLate } from '../../domain/run/approval.ts';
import { whyNotApprove } from '../../domain/run/gate.ts';
import { AppError } from '../../errors.ts';
import type { Tx } from '../../platform/db.server.ts';
import { endRequests } from './approval-rows.server.ts';
import { writeApproval } from './ask-approval.server.ts';
import { said } from './decide-step.server.ts';
import { gateOfStep, requesterGone, requesterNow, rulesOf, standing } from './gate-of.server.ts';
import type { RunGateStore } from './run-gates.ts';
import type { RunStoreDeps } from './runs.server.ts';
import { back, line, type Waiting, waitingStep } from './waiting-step.server.ts';

/** One yes; the last one that is needed starts the step. See `RunGateStore.approve`. */
export async function approveStep(deps: RunStoreDeps, input: Parameters<RunGateStore['approve']>[0]): Promise<void> {
  const catalog = await deps.catalog();
  const { actor, hash, address } = input;
  await deps.db.transaction().execute(async (tx) => {
    const waiting = await waitingStep(tx, deps, input);
    const { run, step, request } = waiting;
    const before = request.approvals.map((one) => one.actor);
    if (before.some(({ email }) => email.toLowerCase() === actor.email.toLowerCase())) return;
    const { rules } = rulesOf(deps, catalog, run, step);
    const why = whyNotApprove(rules, actor, request.requester, before);
    if (why) throw new AppError('forbidden', why);
    const at = deps.clock.now();
    if (request.expiresAt <= at) throw new AppError('plan_stale', tooLate);
    const requester = await requesterNow(tx, deps, request.requester, { run, step, catalog });
    if (!requester) {
      const reason = requesterGone(request.requester);
      return back(tx, deps, waiting, { outcome: 'void', by: actor.email, reason, action: 'approval.void', address });
    }
    const approvers = [...(await standing(tx, deps, before)), actor];
    const gate = await gateOfStep(tx, deps, catalog, { run, step }, { requester, approvers });
    if (gate.state === 'frozen') throw new AppError('frozen', gate.why ?? undefined);
    await writeApproval(tx, request.id, actor, at);
    await tellPages(tx, deps, run.id);
    const given = line(at, actor.email, 'approval.given', waiting, null, address);
    await deps.audit(tx, { ...given, after: { hash, given: gate.given, needed: gate.needed } });
    if (gate.state === 'open')
      await start(
        tx,
        deps,
        waiting,
        approvers.map(({ email }) => email),
        at,
      );
  });
}

/** The step runs as its requester asked for it. */
async function start(tx: Tx, deps: RunStoreDeps, waiting: Waiting, approvers: string[], at: number): Promise<void> {
  const { run, step, request } = waiting;
  const { requester, reason, planHash: hash } = request;
  await endRequests(
    tx,
    { runId: run.id, stepId: step.step_id },
    { outcome: 'approved', at, by: approvers.at(-1)!, reason: null },
  );
  await tx
    .updateTable('run_step')
    .set({
      ...{ state: 'running' as const, reason: null, confirmed_by: JSON.stringify(requester), confirmed_at: at },
      ...{ confirm_reason: reason, drive: JSON.stringify({ progress: step.drive.progress, request: request.id }) },
    })
    .where('run_id', '=', run.id)
    .where('step_id', '=', step.step_id)
    .execute();
  const confirmed = line(at, decidedBy(requester), 'step.confirmed', waiting, reason, null);
  const { before, after } = step.plan!;
  await deps.send(tx, { runId: run.id, look: null });
  await deps.audit(tx, { ...confirmed, before, after: { hash, after, approvedBy: approvers } });
}

/** A no with its reason; see `RunGateStore.reject`. */
export async function rejectStep(deps: RunStoreDeps, input: Parameters<RunGateStore['reject']>[0]): Promise<void> {
  const catalog = await deps.catalog();
  const { actor, address } = input;
  await deps.db.transaction().execute(async (tx) => {
    const waiting = await waitingStep(tx, deps, input);
    const { request, run, step } = waiting;
    const { rules } = rulesOf(deps, catalog, run, step);
    // Whoever said yes may come to say no.
    const why = whyNotApprove(rules, actor, request.requester, []);
    if (why) throw new AppError('forbidden', why);
    const reason = `Rejected by ${actor.name}: ${said(input.reason)}`;
    await back(tx, deps, waiting, {
      outcome: 'rejected',
      by: actor.email,
      reason,
      action: 'approval.rejected',
      address,
    });
  });
}

/** Takes back what one asked for; see `RunGateStore.withdraw`. */
export async function withdrawStep(deps: RunStoreDeps, input: Parameters<RunGateStore['withdraw']>[0]): Promise<void> {
  const { actor, address } = input;
  await deps.db.transaction().execute(async (tx) => {
    const waiting = await waitingStep(tx, deps, input);
    if (waiting.request.requester.email.toLowerCase() !== actor.email.toLowerCase()) {
      throw new AppError('forbidden', `${waiting.request.requester.name} asked for this and may take it back.`);
    }
    const reason = `Withdrawn by ${actor.name}.`;
    const end = { outcome: 'withdrawn', by: actor.email, reason, action: 'approval.withdrawn', address } as const;
    await back(tx, deps, waiting, end);
  });
}

async function tellPages(tx: Tx, deps: RunStoreDeps, runId: string): Promise<void> {
  for (const topic of ['approvals', 'runs', `run/${runId}`]) await deps.notify(topic, tx);
}
