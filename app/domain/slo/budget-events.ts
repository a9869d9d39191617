import { elapsedShare } from './budget.ts';
import type { PeriodBudget } from './evaluation.ts';
import { countText } from './figures.ts';
import type { Slo, SloPeriod } from './slo.ts';
import { badUnitOf } from './units.ts';

/** The error budget of a period counted in bad events: how many it allows, and how many of them are left (negative: overspent). */
export interface BudgetEvents {
  allowed: number;
  left: number;
}

/**
 * The budget in events, in step with its share left: a rolling period's own events; of a calendar period those it will have
 * at its mean traffic so far. Null without events.
 */
export function budgetEvents(
  slo: Pick<Slo, 'objective' | 'period'>,
  period: PeriodBudget,
  at: number,
): BudgetEvents | null {
  if (period.budgetRemaining === null) return null;
  const allowed = (1 - slo.objective) * period.total * growth(slo.period, at);
  return { allowed, left: allowed * period.budgetRemaining };
}

/** How many times its events so far a whole period has at their mean traffic: over 1 for a calendar period that goes on. */
export function growth(period: SloPeriod, at: number): number {
  const elapsed = elapsedShare(period, at);
  return elapsed > 0 ? 1 / elapsed : 1;
}

/** "7 failures left", "1 slow request left", "overspent by 12 failures": rounded down, so that what is said is really left. */
export function eventsLeftText(slo: Pick<Slo, 'indicator' | 'budgeting'>, { left }: BudgetEvents): string {
  const count = Math.floor(Math.abs(left) + 1e-6);
  const { one, many } = badUnitOf(slo);
  const events = `${countText(count)} ${count === 1 ? one : many}`;
  if (left < 0 && count > 0) return `overspent by ${events}`;
  return count === 0 ? `no ${one} left` : `${events} left`;
}
