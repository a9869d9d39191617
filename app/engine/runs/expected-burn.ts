import type { Cohorts, Suspect, SuspectList } from '../../domain/change/change.ts';
import type { Plan } from '../../domain/run/run.ts';
import { aboutBurnText, countText } from '../../domain/slo/figures.ts';

/** Words of a plan without cohorts. */
export const cannotBeEstimated = 'The burn afterwards cannot be estimated.';

/** The suspect whose reversal is this very step: the same action on the same flag and environment, or the same service. */
export function suspectOf(list: SuspectList | null, plan: Pick<Plan, 'action' | 'target'>): Suspect | null {
  const fits = ({ reversal, target }: Suspect) => reversal?.action === plan.action && target === plan.target;
  return list?.suspects.find(fits) ?? null;
}

/** What the burn should be afterwards, with the counts it comes from. */
export function expectedWords(suspect: Suspect | null): string {
  if (!suspect || suspect.expectedBurn === null) return cannotBeEstimated;
  const burn = `The burn should fall to ${aboutBurnText(suspect.expectedBurn)}`;
  return suspect.cohorts ? `${burn}: ${counts(suspect.cohorts)}.` : `${burn}.`;
}

function counts({ with: on, without: off }: Cohorts): string {
  const say = ({ bad, total }: { bad: number; total: number }) => `${countText(bad)} of ${countText(total)} failed`;
  return `${say(on)} with it, ${say(off)} without it`;
}
