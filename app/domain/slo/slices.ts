import type { Budgeting } from './declared.ts';
import { type MinuteCounts, newTable, sumBetween, sumUp } from './minute-counts.ts';

/** A slice whose share of good events is this little under its target reaches it: rounding. */
const tolerance = 1e-12;

/**
 * Counts of slices instead of events. Slices are counted in whole numbers of their length since the epoch, each at its last
 * known minute. A slice without events says nothing and is not counted; one with more bad or good events than there are
 * is not known (`faulty` says how many those are).
 */
export function inSlices(counts: MinuteCounts, budgeting: Budgeting): { counts: MinuteCounts; faulty: number } {
  if (budgeting.method === 'Occurrences') return { counts, faulty: 0 };
  const { minutes } = budgeting;
  const length = counts.known.length - 1;
  const table = newTable(counts.first, length);
  const end = counts.first + length;
  let faulty = 0;
  for (let start = Math.floor(counts.first / minutes) * minutes; start < end; start += minutes) {
    const { bad, total } = sumBetween(counts, start, start + minutes);
    if (bad < 0 || bad > total) {
      faulty += 1;
      continue;
    }
    let last = -1;
    for (let minute = Math.max(start, counts.first); minute < Math.min(start + minutes, end); minute++) {
      if (sumBetween(counts, minute, minute + 1).known === 0) continue;
      last = minute - counts.first;
      table.known[last] = 1;
    }
    if (total === 0 || last < 0) continue;
    table.total[last] = 1;
    const good = 1 - bad / total;
    table.bad[last] =
      budgeting.method === 'RatioTimeslices' ? bad / total : good >= budgeting.target * (1 - tolerance) ? 0 : 1;
  }
  return { counts: sumUp(table), faulty };
}
