import { periodBounds } from './budget.ts';
import type { BurnPoint, PeriodBudget } from './evaluation.ts';
import { minuteMs } from './series.ts';
import type { Slo } from './slo.ts';
import { burnRate } from './windows.ts';

/** What a stretch of time did to an SLO. Counts are events, times ms; null where no event was counted. */
export interface Spell {
  from: number;
  to: number;
  bad: number;
  total: number;
  /** The five minutes in a row that burnt most, and when they ended; null for less than five minutes. */
  worst: { at: number; burn: number } | null;
  /** Share of the period's error budget that it spent; null too when the period no longer reaches back to it. */
  cost: number | null;
}

const window = 5 * minuteMs;

/** Sums the minutes of a chart from `from` to `to`; `at` and `period` are those of the SLO's latest evaluation. */
export function spellOf(
  slo: Pick<Slo, 'objective' | 'period'>,
  points: BurnPoint[],
  { from, to, at, period }: { from: number; to: number; at: number; period: PeriodBudget },
): Spell {
  const within = points.filter((point) => point.at > from - minuteMs && point.at < to).sort((a, b) => a.at - b.at);
  const { bad, total } = sum(within);
  return { from, to, bad, total, worst: worstOf(within, slo.objective), cost: costOf(slo, bad, total, to, at, period) };
}

function costOf(
  slo: Pick<Slo, 'objective' | 'period'>,
  bad: number,
  total: number,
  to: number,
  at: number,
  period: PeriodBudget,
): number | null {
  const { start, end } = periodBounds(slo.period, at);
  if (to <= start || total === 0) return null;
  const burn = burnRate(bad, period.total, slo.objective);
  if (burn === null) return null;
  // As for the budget left: a calendar period is counted whole, at its mean traffic so far.
  return slo.period.kind === 'calendar' ? (burn * (at - start)) / (end - start) : burn;
}

function worstOf(points: BurnPoint[], objective: number): Spell['worst'] {
  let worst: Spell['worst'] = null;
  let first = 0;
  for (const [last, { at }] of points.entries()) {
    while (points[first]!.at <= at - window) first += 1;
    if (at + minuteMs - points[0]!.at < window) continue;
    const { bad, total } = sum(points.slice(first, last + 1));
    const burn = burnRate(bad, total, objective);
    if (burn !== null && burn > (worst?.burn ?? -1)) worst = { at: at + minuteMs, burn };
  }
  return worst;
}

function sum(points: BurnPoint[]): { bad: number; total: number } {
  return points.reduce((all, { bad, total }) => ({ bad: all.bad + bad, total: all.total + total }), {
    bad: 0,
    total: 0,
  });
}
