import type { SloCondition, SloEvaluation } from './evaluation.ts';
import { minuteMs } from './series.ts';

/** Every minute is evaluated once it has settled: an evaluation that comes this much later, ms, was missed. */
export const missedAfter = 3 * minuteMs;

/** From when on, ms, an evaluation no longer tells how an SLO does: by then a newer one was due. `settle` is the data's delay, ms. */
export function blindFrom({ at }: Pick<SloEvaluation, 'at'>, settle: number): number {
  return at + settle + missedAfter;
}

/** True for the conditions under which the figures are not from now: nobody knows whether it burns. */
export function isBlindCondition(condition: SloCondition): boolean {
  return condition === 'stale' || condition === 'no-data';
}
