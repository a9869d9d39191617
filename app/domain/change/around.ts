import type { BurnPoint } from '../slo/evaluation.ts';
import { hourMs, minuteMs } from '../slo/series.ts';
import { burnRate } from '../slo/windows.ts';

/** Counts of the whole minutes on one side of a change, at most an hour of them; `burn` is null without events. */
export interface ChangeSide {
  bad: number;
  total: number;
  minutes: number;
  burn: number | null;
}

/** Burn in the hour before a change and in the hour after it; the minute of the change itself is on neither side. */
export interface BurnAround {
  before: ChangeSide;
  after: ChangeSide;
}

/** Sums single minutes on both sides of a change at `at` (ms); minutes that may still change are left out. */
export function burnAround(points: readonly BurnPoint[], objective: number, at: number): BurnAround {
  const side = (from: number, to: number): ChangeSide => {
    const within = points.filter((point) => point.settled && point.at >= from && point.at + minuteMs <= to);
    const [bad, total] = within.reduce(([b, t], point) => [b + point.bad, t + point.total], [0, 0]);
    return { bad, total, minutes: within.length, burn: burnRate(bad, total, objective) };
  };
  const first = Math.ceil(at / minuteMs) * minuteMs;
  return { before: side(at - hourMs, at), after: side(first, first + hourMs) };
}
