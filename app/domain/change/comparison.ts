import { countText } from '../slo/figures.ts';
import { type Counts, chanceAsHigh } from '../slo/statistics.ts';
import type { Cohorts } from './change.ts';

/** What the counts with and without a change say of it. `explains`: without it the burn would all but vanish. */
export interface Comparison {
  verdict: 'explains' | 'differs' | 'alike' | 'unknown';
  /** Failure rate of those without the change, 0 to 1; null when nobody is. */
  calmRate: number | null;
}

/** Chance at which two cohorts of one failure rate may differ this much: many changes are weighed at every look. */
const byChance = 1e-6;

/** Compares those a change reaches (`harmed`) with those it does not (`calm`) over the same minutes. */
export function compare(harmed: Counts, calm: Counts): Comparison {
  const calmRate = calm.total > 0 ? calm.bad / calm.total : null;
  if (calmRate === null || harmed.total === 0) return { verdict: 'unknown', calmRate };
  const harmedRate = harmed.bad / harmed.total;
  if (calm.bad >= 5 && calmRate >= harmedRate / 2) return { verdict: 'alike', calmRate };
  if (harmed.bad < 5 || harmedRate < 2 * calmRate || chanceAsHigh(harmed, calm) >= byChance) {
    return { verdict: 'unknown', calmRate };
  }
  // A change that reaches few may fail badly and still not be what burns.
  const overall = (harmed.bad + calm.bad) / (harmed.total + calm.total);
  return { verdict: calmRate <= overall / 4 ? 'explains' : 'differs', calmRate };
}

/** The two cohorts as reached and not reached by the harm: a flag that is safe when on harms those without it. */
export function sides(cohorts: Cohorts, safeOn: boolean): { harmed: Counts; calm: Counts } {
  return safeOn ? { harmed: cohorts.without, calm: cohorts.with } : { harmed: cohorts.with, calm: cohorts.without };
}

/** "fails 1,389 of 13,450 with it on, 10 of 40,350 off"; for a revision "on it" and "elsewhere in the same minutes". */
export function comparisonText(cohorts: Cohorts, verdict: Comparison['verdict'], of: 'flag' | 'revision'): string {
  const [on, off] = [cohorts.with, cohorts.without].map(({ bad, total }) => `${countText(bad)} of ${countText(total)}`);
  if (cohorts.without.total === 0) {
    return of === 'flag'
      ? 'everybody has it on: nobody to compare with'
      : 'it takes all traffic: no revision to compare with';
  }
  if (cohorts.with.total === 0) return of === 'flag' ? 'nobody has it on' : 'it serves nobody';
  const counts = of === 'flag' ? `${on} with it on, ${off} off` : `${on} on it, ${off} elsewhere in the same minutes`;
  return verdict === 'alike' ? `fails alike: ${counts}` : `fails ${counts}`;
}
