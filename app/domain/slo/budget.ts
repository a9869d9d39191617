import { calendarBounds } from './calendar.ts';
import type { PeriodBudget } from './evaluation.ts';
import { periodMinutes } from './profiles.ts';
import { type MinuteSeries, minuteMs, periodSums } from './series.ts';
import type { SloPeriod } from './slo.ts';
import { burnRate } from './windows.ts';

/** Start and end (ms) of the period at `at`: a rolling one ends at `at`, a calendar one at its next turn. */
export function periodBounds(period: SloPeriod, at: number): { start: number; end: number } {
  if (period.kind === 'calendar') return calendarBounds(period, at);
  return { start: at - periodMinutes(period) * minuteMs, end: at };
}

/** Share of a period that is over at `at` (ms): 1 of a rolling one, under 1 of a calendar one that goes on. */
export function elapsedShare(period: SloPeriod, at: number): number {
  if (period.kind === 'rolling') return 1;
  const { start, end } = periodBounds(period, at);
  return Math.max(0, at - start) / (end - start);
}

/**
 * Share of the budget left. With `elapsed` 1 it is "so far": against the events counted; with the share of a calendar period
 * that is over, it is of the whole period at its mean traffic so far. Null without events, negative when overspent.
 */
export function budgetLeft(
  objective: number,
  { bad, total }: Pick<PeriodBudget, 'bad' | 'total'>,
  elapsed = 1,
): number | null {
  const burn = burnRate(bad, total, objective);
  return burn === null ? null : 1 - burn * elapsed;
}

/**
 * The period's numbers up to `at`, event-weighted. A rolling budget is clipped to the data there is; a calendar budget
 * counts what was spent against the whole period at its mean traffic so far, so that an early slip is not a disaster.
 */
export function periodBudget(series: MinuteSeries, objective: number, period: SloPeriod, at: number): PeriodBudget {
  const { start, end } = periodBounds(period, at);
  const { bad, total, known, from } = periodSums(series, start, at);
  const left = budgetLeft(objective, { bad, total }, elapsedShare(period, at));
  const elapsed = Math.max(minuteMs, at - from);
  return {
    start: from,
    end,
    bad,
    total,
    sli: left === null ? null : 1 - bad / total,
    budgetRemaining: left,
    coverage: Math.min(1, (known * minuteMs) / elapsed),
  };
}
