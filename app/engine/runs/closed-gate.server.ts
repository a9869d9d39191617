import { may } from '../../domain/audit/permission.ts';
import { requestById } from '../../stores/approval-rows.server.ts';
import { fellSince, gateOfStep, requesterGone, requesterNow, standing } from '../../stores/gate-of.server.ts';
import type { Bound } from './context.server.ts';
import type { EngineDeps } from './deps.ts';

/**
 * The last look before the effect: why a confirmed change may not go after all, null when it may. A freeze may have begun while
 * it waited for its target, and whoever asked, confirmed, approved or broke the glass may have lost their role.
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
