import type { Exhaustion, PeriodBudget, Recovery } from './evaluation.ts';
import { periodMinutes } from './profiles.ts';
import { hourMs, hourSums, type MinuteSeries, minuteMs, windowSums } from './series.ts';
import type { Slo } from './slo.ts';
import { burnRate } from './windows.ts';

/** What a forecast starts from: the numbers at `at`, and the onset of the burn that goes on (null when unknown). */
export interface Course {
  series: MinuteSeries;
  slo: Slo;
  period: PeriodBudget;
  at: number;
  onset: number | null;
}

/** Budget that comes back during one stretch, as a share of the period's budget. */
interface Stretch {
  from: number;
  to: number;
  back: number;
}

/** Stretches from `at` to the end of the next period, with what ages out of a rolling one in each. */
function* stretches({ series, slo, period, at }: Course): Generator<Stretch> {
  if (slo.period.kind === 'calendar') {
    yield { from: at, to: period.end, back: 0 };
    return;
  }
  const length = periodMinutes(slo.period) * minuteMs;
  const budget = period.total * (1 - slo.objective);
  let from = at;
  for (let hour = Math.floor(period.start / hourMs); from < at + length; hour++) {
    const to = (hour + 1) * hourMs + length;
    if (to <= from) continue;
    // The period begins at a whole hour, or within the minutes that are kept, where the first stretch is a part of one.
    const share = Math.min(1, (to - from) / hourMs);
    yield { from, to, back: (hourSums(series, hour).bad * share) / budget };
    from = to;
  }
}

/** When the budget is gone at a constant burn, walking the hours; null when it outlasts a whole period. */
function goneAt(course: Course, burn: number): number | null {
  const pace = burn / (periodMinutes(course.slo.period) * minuteMs);
  let left = course.period.budgetRemaining ?? 0;
  for (const { from, to, back } of stretches(course)) {
    const after = left + back - pace * (to - from);
    if (after <= 0) return Math.round(from + (left / (left - after)) * (to - from));
    left = after;
  }
  return null;
}

/** Lowest and highest burn that the last hour speaks for: 5-minute burns since the onset, and the counting error of the newest. */
function spread({ series, slo, at, onset }: Course, now: { bad: number; total: number }) {
  const end = Math.floor(at / minuteMs);
  const error = 2 * Math.sqrt(now.bad);
  const counts = [now.bad - error, now.bad + error].map((bad) => burnRate(Math.max(0, bad), now.total, slo.objective));
  const burns = counts.filter((burn) => burn !== null);
  for (let back = 5; back < 60; back += 5) {
    if (onset !== null && (end - back - 5) * minuteMs < onset) break;
    const { bad, total } = windowSums(series, end - back, 5);
    const burn = burnRate(bad, total, slo.objective);
    if (burn !== null) burns.push(burn);
  }
  return { low: Math.min(...burns), high: Math.max(...burns) };
}

/**
 * When the budget is gone if the last 5 minutes' burn goes on: less what ages out meanwhile, with the range of the last
 * hour's spread (`latest` is one period ahead when the low end does not empty it). Null when it is gone, or lasts.
 */
export function exhaustion(course: Course): Exhaustion | null {
  const { series, slo, period, at } = course;
  const left = period.budgetRemaining;
  const now = windowSums(series, Math.floor(at / minuteMs), 5);
  const burn = burnRate(now.bad, now.total, slo.objective);
  if (left === null || left <= 0 || burn === null || burn <= 0) return null;
  const gone = goneAt(course, burn);
  if (gone === null) return null;
  const { low, high } = spread(course, now);
  const length = periodMinutes(slo.period) * minuteMs;
  return {
    at: gone,
    earliest: Math.min(gone, goneAt(course, high) ?? gone),
    latest: Math.max(gone, goneAt(course, low) ?? (slo.period.kind === 'calendar' ? period.end : at + length)),
    withoutAgeing: Math.round(at + (left * length) / burn),
  };
}

const levels = [0.2, 0.5, 0.8];

/**
 * What a service fixed now gets back: the next of 20, 50 and 80 % of budget, reached as old bad events age out while it
 * fails as it did in the day before the burn. A calendar budget is whole again at the next turn. Null when neither comes.
 */
export function recovery(course: Course): Recovery | null {
  const { series, slo, period, at, onset } = course;
  const now = period.budgetRemaining;
  if (now === null) return null;
  if (slo.period.kind === 'calendar') return { at: period.end, budgetRemaining: 1 };
  const level = levels.find((candidate) => candidate > now + 0.05);
  if (level === undefined) return null;
  const calm = windowSums(series, Math.floor((onset ?? at) / minuteMs), 1440);
  const usual = burnRate(calm.bad, calm.total, slo.objective) ?? 0;
  const pace = usual / (periodMinutes(slo.period) * minuteMs);
  let left = now;
  for (const { from, to, back } of stretches(course)) {
    const after = left + back - pace * (to - from);
    if (after >= level)
      return { at: Math.round(from + ((level - left) / (after - left)) * (to - from)), budgetRemaining: level };
    left = after;
  }
  return null;
}
