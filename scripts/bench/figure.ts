/** One line of the table that `npm run bench` prints, and of `bench/results.json`. */
export interface Figure {
  /** Number of the work in `docs/benchmarks.md`: P1 … */
  id: string;
  work: string;
  unit: 'ms' | 's' | 'KB' | '×' | '';
  ours: number;
  reference: { what: string; value: number } | null;
  /** What is wanted, in words. */
  reach: string;
  /** Whether this run was within reach; null where the figure only explains another. */
  within: boolean | null;
}

/** Ours divided by the reference; null without one. */
export function ratioOf({ ours, reference }: Figure): number | null {
  return reference && reference.value > 0 ? ours / reference.value : null;
}

/** The value below which the share `q` (0 to 1) of the values lies. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/**
 * The exponent e of work ~ size^e between the smallest and the largest size: 1 is linear, 0 is flat.
 */
export function exponent(points: readonly { size: number; cost: number }[]): number {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first.size === last.size) return Number.NaN;
  return Math.log(last.cost / first.cost) / Math.log(last.size / first.size);
}

/** Does each work once per round, one after the other, so that a noisy moment of the machine hits them alike. */
export async function inTurn<T>(rounds: number, works: readonly (() => Promise<T>)[]): Promise<T[][]> {
  const results: T[][] = works.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, work] of works.entries()) results[index]!.push(await work());
  }
  return results;
}
