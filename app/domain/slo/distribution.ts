/** The parts of a distribution that a range is counted over; `counts` has one more entry than `bounds`. */
export interface Buckets {
  bounds: readonly number[];
  counts: readonly number[];
}

/**
 * Events with a value in `[min, max)`. Exact when both lie on bucket edges (the linter asks for that); inside a bucket
 * events are taken as evenly spread, and the open first and last buckets count whole or not at all.
 */
export function countInRange({ bounds, counts }: Buckets, min: number | null, max: number | null): number {
  let sum = 0;
  counts.forEach((count, index) => {
    if (count === 0) return;
    const low = index === 0 ? Number.NEGATIVE_INFINITY : (bounds[index - 1] as number);
    const high = index < bounds.length ? (bounds[index] as number) : Number.POSITIVE_INFINITY;
    const from = Math.max(low, min ?? Number.NEGATIVE_INFINITY);
    const to = Math.min(high, max ?? Number.POSITIVE_INFINITY);
    if (to <= from) return;
    if (from === low && to === high) sum += count;
    else if (Number.isFinite(low) && Number.isFinite(high)) sum += (count * (to - from)) / (high - low);
  });
  return sum;
}
