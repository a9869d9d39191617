import { createHash } from 'node:crypto';
import type { SuspectList } from '../../domain/change/change.ts';
import { freezeWords } from '../../domain/freeze/words.ts';
import { actionInput } from '../../domain/run/catalogue.ts';
import { boundText } from '../../domain/run/plan-hash.ts';
import type { Plan, Precondition } from '../../domain/run/run.ts';
import { gateOfStep } from '../../stores/run/gate-of.server.ts';
import type { Bound } from './context.server.ts';
import type { EngineDeps } from './deps.ts';
import { cannotBeEstimated, expectedWords, suspectOf } from './expected-burn.ts';
import { checkRequirement } from './requirement.ts';

/** A plan as it is stored: the document, what binds a confirmation to it, and what undo would restore. */
export interface MadePlan {
  bound: Bound;
  plan: Plan;
  hash: string;
  capture: unknown;
}

/** SHA-256 of what a plan will write; see `boundText` for what that covers. */
function hashPlan(plan: Plan): string {
  return createHash('sha256').update(boundText(plan)).digest('hex');
}

/** Reads the world and makes the step's plan, with the runbook's own conditions and what is known of the burn afterwards. */
export async function makePlan(deps: EngineDeps, bound: Bound): Promise<MadePlan> {
  const checked = actionInput(bound.claim.step.uses, bound.context.input);
  const problems = bound.problems.length > 0 ? bound.problems : checked.ok ? [] : checked.problems;
  if (problems.length > 0) return refusedPlan(bound, problems.join(' '), deps.clock.now());
  const { plan: read, capture } = await bound.action.plan(bound.context);
  const plan: Plan = { ...read, verify: bound.definition.verify };
  if (bound.definition.require) {
    const state = await deps.slos.state(bound.definition.require.slo);
    plan.preconditions = [...plan.preconditions, checkRequirement(bound.definition.require, state)];
  }
  if (plan.expected === '' || plan.expected === cannotBeEstimated) plan.expected = await expected(deps, bound, plan);
  const change = plan.kind === 'stop' || plan.kind === 'forward';
  plan.needsReason = change && plan.preconditions.some((one) => one.state !== 'pass');
  plan.preconditions = [...plan.preconditions, ...(await freezeCheck(deps, bound, plan))];
  return { bound, plan, hash: hashPlan(plan), capture };
}

/** A freeze that bites, as a precondition that is not met: the gate refuses the change, whatever reason is given for it. */
async function freezeCheck(
  deps: EngineDeps,
  { catalog, claim: { run, step } }: Bound,
  plan: Plan,
): Promise<Precondition[]> {
  if (plan.kind !== 'forward') return [];
  const gate = await gateOfStep(
    deps.db,
    deps,
    catalog,
    { run, step: { ...step, plan } },
    { requester: null, approvers: [] },
  );
  return gate.freeze ? [{ state: 'fail', text: freezeWords(gate.freeze) }] : [];
}

async function expected(deps: EngineDeps, bound: Bound, plan: Plan): Promise<string> {
  if (bound.incident === null) return cannotBeEstimated;
  const { value } = await deps.observations.get<SuspectList>('firebreak', `suspects/${bound.incident.id}`);
  return expectedWords(suspectOf(value, plan));
}

function refusedPlan(bound: Bound, why: string, now: number): MadePlan {
  const { step } = bound.claim;
  const plan: Plan = {
    action: step.uses,
    kind: step.kind,
    target: null,
    title: bound.definition.title,
    confirmLabel: 'Cannot be done',
    before: null,
    after: null,
    diff: [],
    preconditions: [],
    needsReason: false,
    expected: cannotBeEstimated,
    blast: [],
    effect: '',
    effectMs: null,
    undo: null,
    commands: [],
    verify: bound.definition.verify,
    readAt: now,
    refused: why,
  };
  return { bound, plan, hash: hashPlan(plan), capture: null };
}
