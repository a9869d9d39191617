import { may } from '../../domain/audit/permission.ts';
import { requestById } from '../../stores/run/approval-rows.server.ts';
import { fellSince, gateOfStep, requesterGone, requesterNow, standing } from '../../stores/run/gate-of.server.ts';
import type { Bound } from './context.server.ts';
import type { EngineDeps } from './deps.ts';
import { type MadePlan, makePlan } from './make-plan.server.ts';

/**
 * The last look before the effect, and before the second of two moves: why a confirmed change may not go after all, null when it
 * may. A freeze may have begun since, and whoever asked, confirmed, approved or broke the glass may have lost their role.
 */
export async function closedGate(deps: EngineDeps, { claim, catalog }: Bound): Promise<string | null> {
  const { run, step } = claim;
  const { confirmed_by: by, drive } = step;
  if (step.plan?.kind !== 'forward' || drive.direction === 'undo' || by === null) return null;
  if (drive.brokenGlass) {
    const [now] = await standing(deps.db, deps, [by]);
    return now && may(now.role, 'run.break-glass') ? null : `${by.name}, who broke the glass, may not act any more.`;
  }
  const request = drive.request === undefined ? null : await requestById(deps.db, drive.request);
  if (!request) {
    if (await fellSince(deps.db, deps, by, { run, step, catalog })) return requesterGone(by);
    const gate = await gateOfStep(deps.db, deps, catalog, { run, step }, { requester: by, approvers: [] });
    return gate.why;
  }
  const requester = await requesterNow(deps.db, deps, by, { run, step, catalog });
  if (!requester) return requesterGone(by);
  const approvers = await standing(
    deps.db,
    deps,
    request.approvals.map(({ actor }) => actor),
  );
  const gate = await gateOfStep(deps.db, deps, catalog, { run, step }, { requester, approvers });
  return gate.why === null ? null : `Not done: what was approved does not hold any more. ${gate.why}`;
}

/**
 * How a change ends that may not go after all: its plan stands before a person again. After a first move it is the plan of
 * the rest, and what stands can still be undone.
 */
export async function keptBack(
  deps: EngineDeps,
  bound: Bound,
  why: string,
): Promise<{ state: 'planned'; reason: string; drive: { progress?: unknown }; plan?: MadePlan }> {
  const { progress } = bound.claim.step.drive;
  if (progress === undefined) return { state: 'planned', reason: why, drive: {} };
  const rest = await makePlan(deps, { ...bound, context: { ...bound.context, progress } }).catch(() => null);
  const reason = `${why} What was moved first stands; the rest waits to be confirmed, or is undone.`;
  return { state: 'planned', reason, drive: { progress }, ...(rest ? { plan: rest } : {}) };
}
