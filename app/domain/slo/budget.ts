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

/**
 * The period's numbers up to `at`, event-weighted. A rolling budget is clipped to the data there is; a calendar budget
 * counts what was spent against the whole period at its mean traffic so far, so that an early slip is not a disaster.
 */
export function periodBudget(series: MinuteSeries, objective: number, period: SloPeriod, at: number): PeriodBudget {
  const { start, end } = periodBounds(period, at);
  const { bad, total, known, from } = periodSums(series, start, at);
  const burn = burnRate(bad, total, objective);
  const elapsed = Math.max(minuteMs, at - from);
  const spent = burn === null ? null : period.kind === 'calendar' ? (burn * (at - start)) / (end - start) : burn;
  return {
    start: from,
    end,
    bad,
    total,
    sli: burn === null ? null : 1 - bad / total,
    budgetRemaining: spent === null ? null : 1 - spent,
    coverage: Math.min(1, (known * minuteMs) / elapsed),
  };
}
