import type { BurnPoint } from '../../domain/slo/evaluation.ts';

/** Minutes added up to steps (ms) on round clock times, oldest first; burn is event-weighted against the budget of `objective` (0 to 1). */
export function addUp(points: BurnPoint[], objective: number, step: number): BurnPoint[] {
  const rows = new Map<number, BurnPoint>();
  for (const point of points) {
    const at = Math.floor(point.at / step) * step;
    const row = rows.get(at) ?? { at, bad: 0, total: 0, burn: null, settled: true };
    row.bad += point.bad;
    row.total += point.total;
    row.settled &&= point.settled;
    rows.set(at, row);
  }
  for (const row of rows.values()) {
    if (row.total > 0) row.burn = row.bad / row.total / (1 - objective);
  }
  return [...rows.values()].sort((a, b) => a.at - b.at);
}
