import type { Distribution } from './metric-source.ts';

/** The sum of distributions over the same bounds. */
export function mergeDistributions(parts: readonly Distribution[]): Distribution {
  const first = parts[0]!;
  if (parts.length === 1) return first;
  const counts = new Array<number>(first.bounds.length + 1).fill(0);
  let count = 0;
  let sum = 0;
  for (const part of parts) {
    count += part.count;
    sum += part.sum;
    for (let i = 0; i < counts.length; i++) counts[i] = counts[i]! + part.counts[i]!;
  }
  return { count, sum, bounds: first.bounds, counts };
}

/**
 * The value below which `p` (0 to 1) of the samples lie, by linear interpolation inside the bucket:
 * low + (high − low)·(p − p_low)/(p_high − p_low). The underflow bucket starts at 0 and the overflow bucket has no width.
 */
export function distributionPercentile(distribution: Distribution, p: number): number {
  const { bounds, counts, count } = distribution;
  let below = 0;
  for (let i = 0; i <= bounds.length; i++) {
    const inside = counts[i]!;
    if (inside > 0 && below + inside >= p * count) {
      const low = i === 0 ? Math.min(0, bounds[0] ?? 0) : bounds[i - 1]!;
      const high = bounds[i] ?? low;
      return low + ((high - low) * (p - below / count)) / (inside / count);
    }
    below += inside;
  }
  return bounds.at(-1) ?? 0;
}

/** The value at `p` (0 to 1) of plain numbers, interpolated between neighbours. */
export function numberPercentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = p * (sorted.length - 1);
  const low = Math.floor(rank);
  return sorted[low]! + (sorted[Math.min(low + 1, sorted.length - 1)]! - sorted[low]!) * (rank - low);
}
