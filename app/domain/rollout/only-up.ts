import type { RolloutPlan, RolloutSubject } from './plan.ts';

/** Why a stage may not be set over what stands ("25 %"), and how to mend it: a rollout takes nothing away from people. */
export function onlyUp(
  subject: RolloutSubject,
  plan: Pick<RolloutPlan, 'stages'>,
  stage: number,
  stands: string,
): string {
  const where = subject.kind === 'flag' ? subject.environment : `the requests to ${subject.service}`;
  const sets = `${stands} of ${where} has it now, and stage ${stage + 1} sets ${plan.stages[stage]!.percent} %`;
  return `${sets}: a rollout only goes up. Draw it up from above that, or set a smaller share by hand first.`;
}
