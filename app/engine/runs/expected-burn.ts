import type { Cohorts, Suspect, SuspectList } from '../../domain/change/change.ts';

/** Words of a plan without cohorts. */
export const cannotBeEstimated = 'The burn afterwards cannot be estimated.';

/** The suspect whose reversal is this very step: same action, and every input of the reversal among the step's. */
export function suspectOf(list: SuspectList | null, uses: string, input: Record<string, unknown>): Suspect | null {
  const fits = ({ reversal }: Suspect) =>
    reversal?.action === uses &&
    Object.entries(reversal.inputs).every(([name, value]) => String(input[name]) === value);
  return list?.suspects.find(fits) ?? null;
}

/** What the burn should be afterwards, with the counts it comes from. */
export function expectedWords(suspect: Suspect | null): string {
  if (!suspect || suspect.expectedBurn === null) return cannotBeEstimated;
  const burn = `The burn should fall to about ${suspect.expectedBurn.toFixed(1)}×`;
  return suspect.cohorts ? `${burn}: ${counts(suspect.cohorts)}.` : `${burn}.`;
}

function counts({ with: on, without: off }: Cohorts): string {
  const say = ({ bad, total }: { bad: number; total: number }) =>
    `${Math.round(bad).toLocaleString('en')} of ${Math.round(total).toLocaleString('en')} failed`;
  return `${say(on)} with it, ${say(off)} without it`;
}
