import type { Catalog } from '../../domain/catalog.ts';
import type { StepGate } from '../../domain/run/gate-offers.ts';
import type { Run } from '../../domain/run/run.ts';
import { openRequest, toBrokenGlass, withApprovals } from './approval-rows.server.ts';
import { gateOfStep, standing } from './gate-of.server.ts';
import type { RunGateStore } from './run-gates.ts';
import { toRun } from './run-rows.ts';
import type { RunStoreDeps } from './runs.server.ts';

const mostWaiting = 200;

/** What pages read of gates. */
export function gateReader(
  deps: RunStoreDeps,
): Pick<RunGateStore, 'gates' | 'waitingApprovals' | 'approvalRequests' | 'brokenGlass'> {
  const { db } = deps;

  async function gatesOf(runId: string, steps: readonly string[], catalog: Catalog | null) {
    const run = await db.selectFrom('run').selectAll().where('id', '=', runId).executeTakeFirst();
    if (!run || steps.length === 0) return null;
    const rows = await db.selectFrom('run_step').selectAll().where('run_id', '=', runId).orderBy('index').execute();
    const gates: Record<string, StepGate> = {};
    for (const step of rows.filter(({ step_id }) => steps.includes(step_id))) {
      const request = await openRequest(db, runId, step.step_id);
      const approvers = await standing(db, deps, request?.approvals.map(({ actor }) => actor) ?? []);
      const people = { requester: request?.requester ?? null, approvers };
      gates[step.step_id] = { request, gate: await gateOfStep(db, deps, catalog, { run, step }, people) };
    }
    return { run: toRun(run, rows), gates };
  }

  return {
    async gates(run: Run) {
      if (run.state === 'done' || run.state === 'cancelled') return {};
      const gated = run.steps.filter(
        ({ kind, plan, state }) =>
          (plan?.kind ?? kind) === 'forward' && plan !== null && ['planned', 'awaiting-approval'].includes(state),
      );
      if (gated.length === 0) return {};
      const ids = gated.map(({ id }) => id);
      return (await gatesOf(run.id, ids, await deps.catalog()))?.gates ?? {};
    },
    async waitingApprovals() {
      const rows = await db
        .selectFrom('approval_request')
        .innerJoin('run_step', (join) =>
          join
            .onRef('run_step.run_id', '=', 'approval_request.run_id')
            .onRef('run_step.step_id', '=', 'approval_request.step_id'),
        )
        .select(['approval_request.run_id', 'approval_request.step_id'])
        .where('approval_request.ended_at', 'is', null)
        .where('run_step.state', '=', 'awaiting-approval')
        .orderBy('asked_at')
        .limit(mostWaiting)
        .execute();
      if (rows.length === 0) return [];
      const catalog = await deps.catalog();
      const found = await Promise.all(rows.map(({ run_id, step_id }) => gatesOf(run_id, [step_id], catalog)));
      return found.flatMap((one) =>
        one
          ? Object.values(one.gates).flatMap(({ gate, request }) => (request ? [{ run: one.run, gate, request }] : []))
          : [],
      );
    },
    async approvalRequests(query) {
      const rows = db.selectFrom('approval_request').selectAll().orderBy('asked_at', 'desc');
      const wanted =
        'runId' in query
          ? rows.where('run_id', '=', query.runId)
          : rows.where('requester_email', '=', query.requester).limit(query.limit);
      return withApprovals(db, await wanted.execute());
    },
    async brokenGlass(query) {
      const rows = db.selectFrom('broken_glass').selectAll().orderBy('at');
      const wanted = query === 'owed' ? rows.where('signed_at', 'is', null) : rows.where('run_id', '=', query.runId);
      return (await wanted.execute()).map(toBrokenGlass);
    },
  };
}
