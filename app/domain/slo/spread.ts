import { type MinuteCounts, newTable, sumUp } from './minute-counts.ts';
import { hourMs, minuteMs } from './series.ts';
import type { StoredCounts } from './stored-counts.ts';

/**
 * Stored counts as single minutes from `from` to `to` (ms, on whole hours): exact where the minutes are held; an older
 * hour's events are spread evenly over its known minutes, and those evenly over the hour.
 */
export function spreadMinutes(counts: StoredCounts, from: number, to: number): MinuteCounts {
  const table = newTable(from / minuteMs, (to - from) / minuteMs);
  for (let hour = from / hourMs; hour < to / hourMs; hour++) {
    const first = hour * 60 - table.first;
    const minutes = counts.minutes.get(hour);
    const whole = counts.hours.get(hour);
    for (let i = 0; i < 60; i++) {
      const even = whole && isKnown(i, whole.known) ? share(whole, whole.known) : null;
      const minute = minutes ? minutes[i] : even;
      if (!minute) continue;
      table.bad[first + i] = minute.bad;
      table.total[first + i] = minute.total;
      table.known[first + i] = 1;
    }
  }
  return sumUp(table);
}

function share({ bad, total }: { bad: number; total: number }, parts: number): { bad: number; total: number } {
  return { bad: bad / parts, total: total / parts };
}

/** True for `known` of the 60 minutes, as even as can be. */
function isKnown(minute: number, known: number): boolean {
  return Math.floor(((minute + 1) * known) / 60) > Math.floor((minute * known) / 60);
}
