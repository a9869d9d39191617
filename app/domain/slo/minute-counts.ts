/**
 * Counts of a fixed stretch of minutes (numbers since the epoch, `first` on), held as running sums: `bad[i]` and `total[i]`
 * are the sums of the first i minutes, `known[i]` how many of them have data.
 */
export interface MinuteCounts {
  first: number;
  bad: Float64Array;
  total: Float64Array;
  known: Uint32Array;
}

/** One minute's counts before they are summed up. */
export interface MinuteTable {
  first: number;
  bad: Float64Array;
  total: Float64Array;
  known: Uint8Array;
}

/** A table of `length` unknown minutes from `first` on. */
export function newTable(first: number, length: number): MinuteTable {
  return { first, bad: new Float64Array(length), total: new Float64Array(length), known: new Uint8Array(length) };
}

/**
 * Sums a table up. What was counted in a minute that is not known as a whole counts in the next known one: counted, but
 * never twice, and never as measured time.
 */
export function sumUp({ first, bad, total, known }: MinuteTable): MinuteCounts {
  const { length } = known;
  const sums = {
    first,
    bad: new Float64Array(length + 1),
    total: new Float64Array(length + 1),
    known: new Uint32Array(length + 1),
  };
  let carried = { bad: 0, total: 0 };
  for (let i = 0; i < length; i++) {
    const now = { bad: bad[i]! + carried.bad, total: total[i]! + carried.total };
    carried = known[i] ? { bad: 0, total: 0 } : now;
    sums.bad[i + 1] = sums.bad[i]! + (known[i] ? now.bad : 0);
    sums.total[i + 1] = sums.total[i]! + (known[i] ? now.total : 0);
    sums.known[i + 1] = sums.known[i]! + known[i]!;
  }
  return sums;
}

/** Sums of the minutes [from, to), in constant time; what lies outside the stretch counts as unknown. */
export function sumBetween(
  counts: MinuteCounts,
  from: number,
  to: number,
): { bad: number; total: number; known: number } {
  const length = counts.known.length - 1;
  const a = Math.min(length, Math.max(0, from - counts.first));
  const b = Math.max(a, Math.min(length, to - counts.first));
  return {
    bad: counts.bad[b]! - counts.bad[a]!,
    total: counts.total[b]! - counts.total[a]!,
    known: counts.known[b]! - counts.known[a]!,
  };
}
