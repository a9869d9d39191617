import { growth } from './budget-events.ts';
import { hourMs, minuteMs } from './series.ts';
import type { Slo } from './slo.ts';
import { type StoredCounts, storedSums } from './stored-counts.ts';

/** Budget left at one moment of a period, as a share of the whole: 1 untouched, negative overspent. */
export interface BudgetPoint {
  at: number;
  left: number;
  /** Bad events since the point before. */
  bad: number;
  /** Share of the minutes since the point before that are known, 0 to 1; 1 for the first. */
  coverage: number;
}

const hoursOfSteps = [1, 2, 3, 4, 6, 8, 12, 24];

/** Hours from one point to the next, so that a stretch has at most `most` of them. */
export function burnDownStep(from: number, to: number, most = 180): number {
  const hours = (to - from) / hourMs;
  return hoursOfSteps.find((step) => hours / step <= most) ?? Math.ceil(hours / most / 24) * 24;
}

/**
 * How the budget of a period went down to what is left at `at` (ms): each bad event takes its share of what the whole
 * period allows, so that the last point is the budget left of the SLO's evaluation. Empty without events.
 */
export function burnDown(
  { objective, period }: Pick<Slo, 'objective' | 'period'>,
  counts: StoredCounts,
  { from, at, most }: { from: number; at: number; most?: number },
): BudgetPoint[] {
  const allowed = (1 - objective) * storedSums(counts, from, at).total * growth(period, at);
  if (allowed <= 0) return [];
  const step = burnDownStep(from, at, most) * hourMs;
  const points: BudgetPoint[] = [{ at: from, left: 1, bad: 0, coverage: 1 }];
  let spent = 0;
  for (let start = from; start < at; ) {
    const end = Math.min(at, (Math.floor(start / step) + 1) * step);
    const { bad, known } = storedSums(counts, start, end);
    spent += bad;
    points.push({ at: end, left: 1 - spent / allowed, bad, coverage: Math.min(1, (known * minuteMs) / (end - start)) });
    start = end;
  }
  return points;
}
