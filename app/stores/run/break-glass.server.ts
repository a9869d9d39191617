import { storable } from '../../domain/audit/canonical.ts';
import { may } from '../../domain/audit/permission.ts';
import { shortestGlassReason, signOffWithin, whyNotSignOff } from '../../domain/run/approval.ts';
import type { Gate } from '../../domain/run/gate.ts';
import type { Actor } from '../../domain/run/run.ts';
import { after } from '../../domain/run/transitions.ts';
import { staysInside } from '../../domain/runbook/actions.ts';
import { AppError } from '../../errors.ts';
import type { Tx } from '../../platform/db.server.ts';
import { openFollowUp } from '../follow-ups.server.ts';
import { recordTimeline } from '../incident/timeline.server.ts';
import { endRequests, openRequest, toBrokenGlass } from './approval-rows.server.ts';
import { lockedStep, said } from './decide-step.server.ts';
import { gateOfStep, standing } from './gate-of.server.ts';
import type { RunGateStore } from './run-gates.ts';
import type { RunRow, StepRow } from './run-rows.ts';
import type { RunStoreDeps } from './runs.server.ts';
import { mayActOn } from './step-permission.ts';

/** What a broken glass owes, as the target of its follow-up: one a step, until it is signed off. */
const owedFor = (runId: string, stepId: string) => `sign-off/${runId}/${stepId}`;

/** Acts now in spite of the gate, loudly; see `RunGateStore.breakGlass`. */
export async function breakGlass(deps: RunStoreDeps, input: Parameters<RunGateStore['breakGlass']>[0]): Promise<void> {
  const { runId, stepId, hash, actor, address } = input;
  const catalog = await deps.catalog();
  await deps.db.transaction().execute(async (tx) => {
    const { run, step } = await lockedStep(tx, runId, stepId);
    mayActOn(actor, 'run.break-glass', run, step, catalog);
    refuse(deps, run, step, hash);
    const asked = await openRequest(tx, runId, stepId);
    const requester = asked && asked.requester.email !== actor.email ? asked.requester : null;
    const approvers = await standing(tx, deps, asked?.approvals.map((one) => one.actor) ?? []);
    const gate = await gateOfStep(tx, deps, catalog, { run, step }, { requester: requester ?? actor, approvers });
    if (gate.why === null) throw new AppError('not_planned', 'Nothing stands in the way any more: confirm the plan.');
    const reason = input.reason.trim();
    if (reason.length < shortestGlassReason || !input.acknowledged) {
      const message = `Say why in at least ${shortestGlassReason} characters, and tick the box.`;
      throw new AppError('reason_needed', message, { field: 'reason' });
    }
    const at = deps.clock.now();
    await endRequests(tx, { runId, stepId }, { outcome: 'broken-glass', at, by: actor.email, reason });
    await go(tx, step, actor, reason, at);
    await tx
      .updateTable('run')
      .set({ state: 'open' })
      .where('id', '=', runId)
      .where('state', '=', 'prepared')
      .execute();
    await owe(tx, { run, step, gate }, { actor, requester, reason, at });
    if (run.incident_id !== null) {
      const text = `${actor.name} broke the glass: ${step.plan!.title}. ${reason}`;
      const key = `break-glass/${runId}/${stepId}/${at}`;
      await recordTimeline(tx, run.incident_id, [{ key, at, kind: 'run', text, actor: actor.name }]);
    }
    for (const topic of ['approvals', 'follow-ups', 'runs', `run/${runId}`]) await deps.notify(topic, tx);
    await deps.send(tx, { runId, look: null });
    await deps.audit(tx, {
      ...{ at, actor: actor.email, action: 'step.break-glass', target: step.plan!.target ?? `run/${runId}`, address },
      ...{ runId, stepId, reason, before: step.plan!.before },
      after: { hash, after: step.plan!.after, missing: gate.why, approvedBy: approvers.map(({ email }) => email) },
    });
  });
}

function refuse(deps: RunStoreDeps, run: RunRow, step: StepRow, hash: string): void {
  if (run.state === 'cancelled' || run.state === 'done') throw new AppError('already_done', 'This run has ended.');
  if (after(step.state, 'break-glass') === null || !step.plan) {
    throw new AppError(step.state === 'pending' ? 'not_planned' : 'already_done');
  }
  if (step.plan_hash !== hash) throw new AppError('plan_stale');
  if (step.plan.refused !== null) throw new AppError('plan_stale', step.plan.refused);
  if (deps.mode !== 'act' && !staysInside(step.uses)) throw new AppError('mode_observe');
}

async function go(tx: Tx, step: StepRow, actor: Actor, reason: string, at: number): Promise<void> {
  await tx
    .updateTable('run_step')
    .set({
      ...{ state: 'running' as const, reason: null, confirmed_by: JSON.stringify(actor), confirmed_at: at },
      ...{ confirm_reason: reason, drive: JSON.stringify({ progress: step.drive.progress, brokenGlass: true }) },
    })
    .where('run_id', '=', step.run_id)
    .where('step_id', '=', step.step_id)
    .execute();
}

/** The follow-up that a second person owes, and what it is about. */
async function owe(
  tx: Tx,
  { run, step, gate }: { run: RunRow; step: StepRow; gate: Gate },
  by: { actor: Actor; requester: Actor | null; reason: string; at: number },
): Promise<void> {
  const target = owedFor(run.id, step.step_id);
  const due = by.at + signOffWithin;
  await openFollowUp(tx, {
    ...{ kind: 'sign-off', target, title: `Sign off: ${by.actor.name} broke the glass for “${step.plan!.title}”` },
    ...{ service: run.service, owner: null, incidentId: run.incident_id, runId: run.id, openedAt: by.at },
    ...{ dueAt: due, wayBack: null },
  });
  const { id } = await tx
    .selectFrom('follow_up')
    .select('id')
    .where('kind', '=', 'sign-off')
    .where('target', '=', target)
    .where('cleared_at', 'is', null)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('broken_glass')
    .values({
      ...{ run_id: run.id, step_id: step.step_id, at: by.at, by_person: JSON.stringify(by.actor) },
      ...{ reason: storable(by.reason), missing: gate.why!, follow_up_id: id, due_at: due },
      requester: by.requester === null ? null : JSON.stringify(by.requester),
    })
    .execute();
}

/** A second person says what they make of it; see `RunGateStore.signOff`. */
export async function signOff(deps: RunStoreDeps, input: Parameters<RunGateStore['signOff']>[0]): Promise<void> {
  const { followUpId, actor, address } = input;
  if (!may(actor.role, 'run.approve')) throw new AppError('forbidden', 'A responder or an admin signs this off.');
  await deps.db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('broken_glass')
      .selectAll()
      .where('follow_up_id', '=', followUpId)
      .orderBy('id')
      .forUpdate()
      .execute();
    if (rows.length === 0) throw new AppError('not_found', 'There is no sign-off with this address.');
    const owed = rows.filter((row) => row.signed_at === null);
    if (owed.length === 0) throw new AppError('already_done', `${rows[0]!.signed_by?.name} has signed this off.`);
    const why = owed.map((row) => whyNotSignOff(toBrokenGlass(row), actor)).find((one) => one !== null);
    if (why) throw new AppError('forbidden', why);
    const text = said(input.sentence);
    const at = deps.clock.now();
    await tx
      .updateTable('broken_glass')
      .set({ signed_by: JSON.stringify(actor), signed_at: at, signed_text: storable(text) })
      .where('follow_up_id', '=', followUpId)
      .where('signed_at', 'is', null)
      .execute();
    await tx
      .updateTable('follow_up')
      .set({ cleared_at: at, cleared_by: actor.email })
      .where('id', '=', followUpId)
      .where('cleared_at', 'is', null)
      .execute();
    const { run_id: runId, step_id: stepId, by_person: broke } = owed[0]!;
    for (const topic of ['approvals', 'follow-ups', `run/${runId}`]) await deps.notify(topic, tx);
    await deps.audit(tx, {
      ...{ at, actor: actor.email, action: 'step.sign-off', target: owedFor(runId, stepId), address, reason: text },
      ...{ runId, stepId, before: null, after: { brokenBy: broke.email } },
    });
  });
}
