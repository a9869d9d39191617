import type { SloCondition, SloEvaluation } from './evaluation.ts';
import { minuteMs } from './series.ts';
import type { Slo } from './slo.ts';

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

/** Up to when (ms) all of the declared SLOs are evaluated, null before the first evaluation, and how many of them are overdue at `now`. */
export function evaluatedTo(
  slos: readonly Pick<Slo, 'id' | 'settle'>[],
  states: readonly { slo: string; at: number }[],
  now: number,
): { to: number | null; overdue: number } {
  const settleOf = new Map(slos.map(({ id, settle }) => [id, settle]));
  const watched = states.filter(({ slo }) => settleOf.has(slo));
  return {
    to: watched.reduce<number | null>((least, { at }) => Math.min(least ?? at, at), null),
    overdue: watched.filter((state) => now >= blindFrom(state, settleOf.get(state.slo) ?? 0)).length,
  };
}
