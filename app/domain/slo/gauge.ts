import type { GaugeIndicator, GaugeOp } from './slo.ts';

/** How a gauge may be held against its bound: it is good while `value op bound` is so. */
export const gaugeOps = ['lte', 'lt', 'gte', 'gt'] as const;

const holds: Record<GaugeOp, (value: number, bound: number) => boolean> = {
  lte: (value, bound) => value <= bound,
  lt: (value, bound) => value < bound,
  gte: (value, bound) => value >= bound,
  gt: (value, bound) => value > bound,
};

/** What a gauge's value counts as: one event, which is bad where the bound does not hold. */
export function gaugeCount({ op, bound }: Bounded, value: number): { bad: number; total: number } {
  return { bad: holds[op](value, bound) ? 0 : 1, total: 1 };
}

type Bounded = Pick<GaugeIndicator, 'op' | 'bound'>;

/** Which of several values is the worst one. */
export function worstOf({ op }: Pick<GaugeIndicator, 'op'>): 'max' | 'min' {
  return op === 'lte' || op === 'lt' ? 'max' : 'min';
}

const words: Record<GaugeOp, string> = { lte: 'at most', lt: 'under', gte: 'at least', gt: 'over' };

/** "at most 600". */
export function gaugeBoundText({ op, bound }: Bounded): string {
  return `${words[op]} ${Number(bound.toPrecision(12))}`;
}
