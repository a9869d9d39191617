import { hourMs, minuteMs, type Sums } from './series.ts';

/** Counts of one SLO as they are kept: its hours (numbers since the epoch), and of some of them the 60 single minutes (null: unknown). */
export interface StoredCounts {
  hours: ReadonlyMap<number, Sums>;
  minutes: ReadonlyMap<number, readonly ({ bad: number; total: number } | null)[]>;
}

/** The hours that these stretches of time (ms) only touch: what has to be known by the minute to count them exactly. */
export function edgeHours(stretches: readonly { from: number; to: number }[]): number[] {
  const edges = stretches.flatMap(({ from, to }) => [from, to]).filter((at) => at % hourMs !== 0);
  return [...new Set(edges.map((at) => Math.floor(at / hourMs)))].sort((a, b) => a - b);
}

/**
 * Counts from `from` to `to` (ms): whole hours, and minutes at the two ends where they are held. An hour whose minutes are
 * gone counts whole in the stretch that holds its start, so that stretches side by side never count one twice.
 */
export function storedSums(counts: StoredCounts, from: number, to: number): Sums {
  const sums = { bad: 0, total: 0, known: 0 };
  const add = (part: Sums | undefined) => {
    if (!part) return;
    sums.bad += part.bad;
    sums.total += part.total;
    sums.known += part.known;
  };
  for (let hour = Math.floor(from / hourMs); hour * hourMs < to; hour++) {
    const start = hour * hourMs;
    const whole = start >= from && start + hourMs <= to;
    const minutes = whole ? undefined : counts.minutes.get(hour);
    if (minutes) {
      for (const [i, minute] of minutes.entries()) {
        const at = start + i * minuteMs;
        if (minute && at >= from && at + minuteMs <= to) add({ ...minute, known: 1 });
      }
    } else if (start >= from) add(counts.hours.get(hour));
  }
  return sums;
}
