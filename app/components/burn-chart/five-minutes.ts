import type { BurnPoint } from '../../domain/slo/evaluation.ts';

const FIVE = 300_000;

/** Minutes added up to fives on round clock times, newest first; burn is event-weighted against the budget of `objective` (0 to 1). */
export function fiveMinutes(points: BurnPoint[], objective: number): BurnPoint[] {
  const rows = new Map<number, BurnPoint>();
  for (const point of points) {
    const at = Math.floor(point.at / FIVE) * FIVE;
    const row = rows.get(at) ?? { at, bad: 0, total: 0, burn: null, settled: true };
    row.bad += point.bad;
    row.total += point.total;
    row.settled &&= point.settled;
    rows.set(at, row);
  }
  for (const row of rows.values()) {
    if (row.total > 0) row.burn = row.bad / row.total / (1 - objective);
  }
  return [...rows.values()].sort((a, b) => b.at - a.at);
}
