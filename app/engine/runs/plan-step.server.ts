import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { actionInput } from '../../domain/run/catalogue.ts';
import type { Plan } from '../../domain/run/run.ts';
import { evaluateWhen } from '../../domain/runbook/expressions.ts';
import { type Claim, writeStep } from './claim.server.ts';
import { type Bound, bindStep } from './context.server.ts';
import type { EngineDeps } from './deps.ts';
import { at } from './hook-at.server.ts';
import { voidApprovals } from './lapse-approvals.server.ts';
import { type MadePlan, makePlan } from './make-plan.server.ts';
import { told } from './told.server.ts';
import { errorText } from './words.ts';

/** Wall ms until a plan that could not be made is tried again. */
const planAgainIn = 5_000;
/** What became of approvals that were asked for another plan. */
const movedWhileWaiting =
  'The world moved while this waited for approval: what was approved is void. Read the new plan, then ask again.';
/** How a step says that its plan is not the newest. */
const notRead = 'The plan could not be read anew: ';

/**
 * Brings a claimed step that is pending, or to be planned anew, as far as it goes without a person: skipped by its `when`, read, or planned. Returns true
 * when the run may go on at once.
 */
export async function planStep(deps: EngineDeps, claim: Claim, signal: AbortSignal): Promise<boolean> {
  if (!['pending', 'planned', 'awaiting-approval'].includes(claim.step.state)) return true;
  try {
    const bound = await bindStep(deps, claim, signal);
    if (bound.definition.when !== null && claim.step.state === 'pending') {
      const answer = evaluateWhen(bound.definition.when, bound.scope);
      if (answer.state !== 'met') return await skip(deps, claim, answer.why);
    }
    if (claim.step.kind === 'read') return await read(deps, bound);
    return await writePlan(deps, bound);
  } catch (error) {
    if (signal.aborted || (error as Error).name === 'Fenced') throw error;
    return await planLater(deps, claim, errorText(error));
  }
}

async function skip(deps: EngineDeps, claim: Claim, reason: string): Promise<boolean> {
  await deps.db.transaction().execute(async (tx) => {
    await writeStep(tx, claim, ['pending'], { state: 'skipped', reason, ended_at: deps.clock.now() });
    await told(deps, tx, claim.run);
  });
  return true;
}

/** A read executes itself. One that fails is passed over with its reason: missing data never keeps anybody from stopping. */
async function read(deps: EngineDeps, bound: Bound): Promise<boolean> {
  const { claim, action, context, problems } = bound;
  const checked = actionInput(claim.step.uses, context.input);
  const wrong = problems.length > 0 ? problems : checked.ok ? [] : checked.problems;
  if (wrong.length > 0) return skip(deps, claim, wrong.join(' '));
  const planned = await action.plan(context).catch((error: unknown) => errorText(error));
  if (typeof planned === 'string') return skip(deps, claim, `Could not be read: ${planned}`);
  const move = { plan: planned.plan, captured: null, progress: null, key: `${claim.run.id}/${claim.step.step_id}` };
  await at(deps, bound, 'before-effect', null);
  const applied = await action.apply(context, move).catch((error: unknown) => errorText(error));
  if (typeof applied === 'string') return skip(deps, claim, `Could not be read: ${applied}`);
  await at(deps, bound, 'after-effect', null);
  await at(deps, bound, 'before-outcome', null);
  await deps.db.transaction().execute(async (tx) => {
    await writeStep(tx, claim, ['pending', 'planned'], {
      state: 'succeeded',
      reason: null,
      plan: JSON.stringify(planned.plan),
      evidence: JSON.stringify(applied.evidence ?? null),
      outputs: JSON.stringify(applied.outputs),
      ended_at: deps.clock.now(),
      drive: '{}',
    });
    await at(deps, bound, 'after-outcome', null);
    await told(deps, tx, claim.run);
    await at(deps, bound, 'before-commit', null);
  });
  await at(deps, bound, 'after-commit', null);
  return true;
}

async function writePlan(deps: EngineDeps, bound: Bound): Promise<boolean> {
  const { claim } = bound;
  const made = await makePlan(deps, bound);
  if (claim.step.state === 'awaiting-approval') return rereadWaiting(deps, claim, made);
  const { plan, hash } = made;
  const { step } = claim;
  // Why a person was asked stays until they answer.
  const reason = step.state === 'planned' && !step.reason?.startsWith(notRead) ? step.reason : null;
  const news = step.state !== 'planned' || step.reason !== reason || !samePlan(step.plan, plan);
  await deps.db.transaction().execute(async (tx) => {
    await writeStep(tx, claim, ['pending', 'planned'], {
      state: 'planned',
      kind: plan.kind,
      reason,
      plan: JSON.stringify(plan),
      plan_hash: hash,
      drive: JSON.stringify({ ...step.drive, replan: undefined, look: undefined }),
    });
    // Plans are read anew all the time; pages hear of it only when something on them changes.
    if (news) await told(deps, tx, claim.run);
  });
  return false;
}

/** What waits for approval goes on waiting while it would do the same; else it is planned again, and what was given is void. */
async function rereadWaiting(deps: EngineDeps, claim: Claim, { plan, hash }: MadePlan): Promise<boolean> {
  const { step, run } = claim;
  const drive = JSON.stringify({ ...step.drive, replan: undefined, look: undefined });
  const same = hash === step.plan_hash && plan.refused === null;
  const reason = same ? null : (plan.refused ?? movedWhileWaiting);
  const news = !same || !samePlan(step.plan, plan);
  await deps.db.transaction().execute(async (tx) => {
    const set = { plan: JSON.stringify(plan), plan_hash: hash, reason, drive };
    await writeStep(tx, claim, ['awaiting-approval'], same ? set : { ...set, state: 'planned', kind: plan.kind });
    if (news) await told(deps, tx, run);
    if (reason !== null) await voidApprovals(deps, tx, claim, reason);
  });
  return false;
}

/** True when two readings of a plan differ in nothing but their time. */
function samePlan(before: Plan | null, after: Plan): boolean {
  return isDeepStrictEqual({ ...before, readAt: 0 }, JSON.parse(JSON.stringify({ ...after, readAt: 0 })));
}

async function planLater(deps: EngineDeps, claim: Claim, why: string): Promise<boolean> {
  deps.log.warn({ run: claim.run.id, step: claim.step.step_id, why }, 'a plan could not be made');
  await deps.db.transaction().execute(async (tx) => {
    // An old plan stays, with its age: it can still be confirmed, and is checked again before anything is written.
    const reason = `${notRead}${why}`;
    const look = randomUUID();
    await writeStep(tx, claim, ['pending', 'planned', 'awaiting-approval'], {
      reason,
      drive: JSON.stringify({ ...claim.step.drive, replan: true, look }),
    });
    await deps.send(tx, { runId: claim.run.id, look }, planAgainIn);
    await told(deps, tx, claim.run);
  });
  return false;
}
