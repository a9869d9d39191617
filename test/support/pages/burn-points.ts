import type { BurnPoint } from '#app/domain/slo/evaluation.ts';
import { type MinuteSeries, minuteMs, windowSums } from '#app/domain/slo/series.ts';
import { burnRate } from '#app/domain/slo/windows.ts';

/** Burn from `from` to `to` (ms), a point a minute as the store gives them; those after `settledTo` may still change. */
export function burnPoints(
  series: MinuteSeries,
  objective: number,
  { from, to, settledTo }: { from: number; to: number; settledTo: number },
): BurnPoint[] {
  const points: BurnPoint[] = [];
  for (let minute = Math.floor(from / minuteMs); (minute + 1) * minuteMs <= to; minute++) {
    const { bad, total, known } = windowSums(series, minute + 1, 1);
    const burn = known === 0 ? null : burnRate(bad, total, objective);
    points.push({ at: minute * minuteMs, bad, total, burn, settled: (minute + 1) * minuteMs <= settledTo });
  }
  return points;
}
