import { type MinuteCounts, newTable, sumBetween, sumUp } from './minute-counts.ts';
import { type MinuteSeries, minuteMs, newestKnownMinute, setMinute, windowSums } from './series.ts';
import type { Budgeting, Slices, Slo } from './slo.ts';

/** A slice whose share of good events is this little under its target reaches it: rounding. */
const tolerance = 1e-12;

/** The slices that an SLO counts; null when it counts events. */
export function slicesOf({ budgeting }: Pick<Slo, 'budgeting'>): Slices | null {
  return budgeting && budgeting.method !== 'Occurrences' ? budgeting : null;
}

/** Where the slice that holds `at` (ms) begins; `at` itself where events are counted. */
export function sliceStart(slo: Pick<Slo, 'budgeting'>, at: number): number {
  const length = (slicesOf(slo)?.minutes ?? 0) * minuteMs;
  return length === 0 ? at : Math.floor(at / length) * length;
}

/**
 * The share of good events that the promise asks of events: of Timeslices the one that makes a slice good (just under 1 where that is all
 * of them, so that their burn is a number).
 */
export function eventObjective(slo: Pick<Slo, 'budgeting' | 'objective'>): number {
  const slices = slicesOf(slo);
  return slices?.method === 'Timeslices' ? Math.min(slices.target, 0.9999) : slo.objective;
}

/**
 * What one slice counts: one, and how bad it is, 0 to 1. Null for one without events, which says nothing; 'faulty' for one with more bad
 * or good events than there are.
 */
export function judgeSlice(
  { bad, total }: { bad: number; total: number },
  slices: Slices,
): { bad: number; total: number } | null | 'faulty' {
  if (bad < 0 || bad > total) return 'faulty';
  if (total === 0) return null;
  const good = 1 - bad / total;
  if (slices.method === 'RatioTimeslices') return { bad: bad / total, total: 1 };
  return { bad: good >= slices.target * (1 - tolerance) ? 0 : 1, total: 1 };
}

/**
 * Counts of slices instead of events. Slices are counted in whole numbers of their length since the epoch, each at its last
 * known minute, once the counts reach its end. A slice without events says nothing and is not counted; one with more bad
 * or good events than there are is not known (`faulty` says how many those are).
 */
export function inSlices(counts: MinuteCounts, budgeting: Budgeting): { counts: MinuteCounts; faulty: number } {
  if (budgeting.method === 'Occurrences') return { counts, faulty: 0 };
  const { minutes } = budgeting;
  const length = counts.known.length - 1;
  const table = newTable(counts.first, length);
  const end = counts.first + length;
  let faulty = 0;
  for (let start = Math.floor(counts.first / minutes) * minutes; start < end; start += minutes) {
    const verdict = judgeSlice(sumBetween(counts, start, start + minutes), budgeting);
    if (verdict === 'faulty') {
      faulty += 1;
      continue;
    }
    let last = -1;
    for (let minute = Math.max(start, counts.first); minute < Math.min(start + minutes, end); minute++) {
      if (sumBetween(counts, minute, minute + 1).known === 0) continue;
      last = minute - counts.first;
      table.known[last] = 1;
    }
    if (!verdict || last < 0 || start + minutes > end) continue;
    table.total[last] = verdict.total;
    table.bad[last] = verdict.bad;
  }
  return { counts: sumUp(table), faulty };
}

/**
 * Cuts the slices that touch the minutes [from, to) (numbers since the epoch) anew, by the rule of `inSlices`: a slice is over once a minute
 * at or after its end is known. Returns the hours of `into` that changed.
 */
export function cutSlices(
  events: MinuteSeries,
  into: MinuteSeries,
  slices: Slices,
  { from, to }: { from: number; to: number },
): Set<number> {
  const changed = new Set<number>();
  const { minutes } = slices;
  const newest = newestKnownMinute(events);
  const put = (minute: number, bad: number, total: number) => {
    const held = windowSums(into, minute + 1, 1);
    const same = held.known === 1 ? held.bad === bad && held.total === total : Number.isNaN(total);
    if (!same && setMinute(into, minute, bad, total)) changed.add(Math.floor(minute / 60));
  };
  for (let start = Math.floor(from / minutes) * minutes; start < to; start += minutes) {
    const sums = windowSums(events, start + minutes, minutes);
    const verdict = judgeSlice(sums, slices);
    const isOver = newest !== null && start + minutes <= newest + 1;
    let last = -1;
    for (let minute = start; minute < start + minutes; minute++) {
      const known = verdict !== 'faulty' && windowSums(events, minute + 1, 1).known === 1;
      if (known && last >= 0) put(last, 0, 0);
      if (known) last = minute;
      else put(minute, Number.NaN, Number.NaN);
    }
    if (last < 0) continue;
    if (verdict && verdict !== 'faulty' && isOver) put(last, verdict.bad, verdict.total);
    else put(last, 0, 0);
  }
  return changed;
}
