import type { ObservedService } from '../../clients/cloud-run/port.ts';
import { effectiveExposure } from '../../domain/flag/exposure.ts';
import type { FlagEnvironmentState, FlagState } from '../../domain/flag/flag.ts';
import { sameFlagState } from '../../domain/flag/kill-plan.ts';
import type { Rollout } from '../../domain/rollout/rollout.ts';
import { inForce, sameTraffic, type TrafficEntry, trafficText } from '../../domain/service/traffic.ts';
import { backStep, type RolloutStep } from '../../stores/rollout/rollout-steps.server.ts';
import { stillStands } from '../../stores/run/still-stands.server.ts';
import type { RolloutDeps } from './deps.ts';

const stands = ['verifying', 'succeeded'];

/**
 * What stands there that the rollout did not leave, in words; null while it stands as its last step left it. Looked at are the
 * last observation, later runs of ours, and (exactly, before it is confirmed) what the next step's plan has read.
 */
export async function foreignEdit(
  deps: Pick<RolloutDeps, 'db' | 'observations'>,
  rollout: Rollout,
  steps: readonly RolloutStep[],
): Promise<string | null> {
  const forward = steps.filter(({ direction }) => direction === 'forward');
  const last = forward.findLast(({ seen }) => stands.includes(seen.state));
  const newest = forward.at(-1);
  if (!last || !newest) return null;
  // While a step of ours is under way, what is seen may be its own doing.
  if (newest !== last && !['pending', 'planned', 'awaiting-approval'].includes(newest.seen.state)) return null;
  if (newest !== last && newest.step.plan && movedBefore(rollout, last, newest)) return now(deps, rollout);
  return (await stillStands(deps.db, last.runId, last.seen.stepId)) ? null : now(deps, rollout);
}

/**
 * The same before the rollback is confirmed: whoever killed it meanwhile must not find it on again. Looked at is only what was
 * read just now, and only where the last step took effect and no rollback has written yet.
 */
export async function foreignBack(
  deps: Pick<RolloutDeps, 'observations'>,
  rollout: Rollout,
  steps: readonly RolloutStep[],
): Promise<string | null> {
  const back = waiting(rollout, steps);
  const written = steps.filter(({ step }) => step.captured !== null);
  const last = written.findLast(({ direction }) => direction === 'forward');
  if (!back || last?.seen.effectAt == null) return null;
  if (written.some(({ direction }) => direction === 'back')) return null;
  return movedBefore(rollout, last, back) ? now(deps, rollout) : null;
}

/** True when the rollback's plan has just read what it would put back. */
export function restored(rollout: Rollout, steps: readonly RolloutStep[]): boolean {
  const plan = waiting(rollout, steps)?.step.plan;
  if (!plan?.before || !plan.after) return false;
  if (rollout.subject.kind === 'flag') {
    return sameFlagState(plan.before as FlagEnvironmentState, plan.after as FlagEnvironmentState);
  }
  type Traffic = { traffic: TrafficEntry[] };
  return plan.refused !== null && sameTraffic((plan.before as Traffic).traffic, (plan.after as Traffic).traffic);
}

/** The step of the rollback while it is not confirmed, where its plan read the world itself. */
function waiting(rollout: Rollout, steps: readonly RolloutStep[]): RolloutStep | null {
  const back = backStep(rollout, steps);
  const fresh = back?.step.plan?.preconditions.every(({ state }) => state === 'pass');
  return back?.seen.state === 'planned' && fresh ? back : null;
}

/** True when the plan of the next step begins at something else than what the last one left. */
function movedBefore({ subject }: Rollout, last: RolloutStep, next: RolloutStep): boolean {
  const [left, found] = [last.step.plan!.after, next.step.plan!.before];
  if (subject.kind === 'flag') {
    return found !== null && !sameFlagState(found as FlagEnvironmentState, left as FlagEnvironmentState);
  }
  const { percent } = left as { percent: number };
  const traffic = (found as { traffic: TrafficEntry[] } | null)?.traffic;
  const mine = traffic
    ?.filter(({ revision }) => revision === subject.revision)
    .reduce((sum, one) => sum + one.percent, 0);
  return mine !== undefined && mine !== percent;
}

async function now(deps: Pick<RolloutDeps, 'observations'>, { subject }: Rollout): Promise<string> {
  if (subject.kind === 'flag') {
    const { value } = await deps.observations.get<FlagState[]>('unleash', 'flags');
    const state = value
      ?.find(({ flag }) => flag === subject.flag)
      ?.environments.find(({ environment }) => environment === subject.environment);
    return state ? `${subject.flag} is ${effectiveExposure(state).text} now` : `${subject.flag} is not there any more`;
  }
  const { value } = await deps.observations.get<ObservedService>('cloud-run', `service/${subject.service}`);
  return value ? `traffic is ${trafficText(inForce(value.service))} now` : 'traffic is somewhere else now';
}
