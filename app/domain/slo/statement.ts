import { budgetLeft } from './budget.ts';
import { hourMs, minuteMs, type Sums } from './series.ts';
import type { StatementMonth } from './statement-month.ts';
import { type StoredCounts, storedSums } from './stored-counts.ts';
import { burnRate } from './windows.ts';

/** What is stored of a stretch: the sum of its whole hours, and the hours at its two ends. */
export interface StretchCounts {
  whole: Sums;
  edges: StoredCounts;
}

/** The whole hours of a stretch, numbers since the epoch: [first, end). Empty for a stretch within one hour. */
export function wholeHours(from: number, to: number): { first: number; end: number } {
  const first = Math.ceil(from / hourMs);
  return { first, end: Math.max(first, Math.floor(to / hourMs)) };
}

/** Counts from `from` to `to` (ms), as `storedSums` counts them. */
export function stretchSums({ whole, edges }: StretchCounts, from: number, to: number): Sums {
  const { first, end } = wholeHours(from, to);
  const head = storedSums(edges, from, Math.min(to, first * hourMs));
  const parts = [head, whole, storedSums(edges, end * hourMs, to)];
  return {
    bad: parts.reduce((sum, part) => sum + part.bad, 0),
    total: parts.reduce((sum, part) => sum + part.total, 0),
    known: parts.reduce((sum, part) => sum + part.known, 0),
  };
}

/** One SLO's month: what was promised, what came of it, and how much of it is known. Counts are events, times ms. */
export interface StatementLine {
  from: number;
  /** Where the counts end: the end of the month, or how far the SLO is evaluated. */
  to: number;
  state: 'kept' | 'missed' | 'goes-on' | 'no-events';
  bad: number;
  total: number;
  /** Share of good events; null without events. */
  sli: number | null;
  /** Bad events that the month allows: of a month that goes on, at its mean traffic so far. */
  allowed: number | null;
  /** Share of the whole month's budget left, 1 to below 0. */
  budgetRemaining: number | null;
  /** Share left of what the events so far allow: the same once the month is over. */
  budgetSoFar: number | null;
  /** Share of the minutes so far that are known, and how many are not. */
  coverage: number;
  unknownMinutes: number;
}

/**
 * The month's arithmetic, by the rules of a calendar period: event-weighted, and while the month goes on against the whole
 * month at its mean traffic so far. `to` (ms) is how far the SLO is evaluated.
 */
export function statementLine(
  objective: number,
  month: Pick<StatementMonth, 'from' | 'to'>,
  to: number,
  { bad, total, known }: Sums,
): StatementLine {
  const end = Math.max(month.from, Math.min(month.to, to));
  const elapsed = Math.floor((end - month.from) / minuteMs);
  const burn = burnRate(bad, total, objective);
  const part = (end - month.from) / (month.to - month.from);
  return {
    from: month.from,
    to: end,
    state: stateOf(burn, end < month.to),
    bad,
    total,
    sli: burn === null ? null : 1 - bad / total,
    allowed: burn === null || part === 0 ? null : ((1 - objective) * total) / part,
    budgetRemaining: budgetLeft(objective, { bad, total }, part),
    budgetSoFar: budgetLeft(objective, { bad, total }),
    coverage: elapsed === 0 ? 0 : Math.min(1, known / elapsed),
    unknownMinutes: Math.max(0, elapsed - known),
  };
}

/** A promise is missed once more failed than it allows; rounding of 1 − objective does not miss it. */
function stateOf(burn: number | null, goesOn: boolean): StatementLine['state'] {
  if (goesOn) return 'goes-on';
  if (burn === null) return 'no-events';
  return burn <= 1 + 1e-9 ? 'kept' : 'missed';
}
