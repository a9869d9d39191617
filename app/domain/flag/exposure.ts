import { describeConstraint } from './constraint-words.ts';
import { exposureRange, type ParentState } from './exposure-range.ts';
import type { FlagEnvironmentState, FlagStrategy } from './flag.ts';
import { isUnconditional, strategyPercent } from './rollout.ts';

/** Who gets a flag in an environment, all strategies together. */
export interface Exposure {
  on: boolean;
  /** Share of users, 0 to 100: exact when `bounded` is false, else the least. */
  percent: number;
  /** The most that any kind of asker gets, 0 to 100. */
  most: number;
  /** True when the share depends on who asks: constraints, segments and lists let in people that no percentage can count. */
  bounded: boolean;
  /** "off", "on · everyone", "on · 25 % of users by userId". */
  text: string;
  /** One line a strategy that is in force. */
  parts: string[];
}

/** Names for segment ids, where they are known. */
export type SegmentNames = Record<number, string>;

/**
 * The effective exposure. Strategies are OR-ed, so the last slider says little: percentages over the same group and
 * stickiness overlap (the larger wins), over different ones they are independent; parents must be as the flag needs them.
 */
export function effectiveExposure(
  state: Pick<FlagEnvironmentState, 'enabled' | 'strategies' | 'flag'>,
  segments: SegmentNames = {},
  parents: readonly ParentState[] = [],
): Exposure {
  if (!state.enabled) return { on: false, percent: 0, most: 0, bounded: false, text: 'off', parts: [] };
  const active = state.strategies.filter((strategy) => !strategy.disabled);
  const parts = active.map((strategy) => describeStrategy(strategy, segments));
  const { least, most } = exposureRange(state, parents);
  const own = parents.length > 0 ? exposureRange(state) : { least };
  const who = own.least === 100 ? 'everyone' : words(active, segments);
  return {
    on: true,
    percent: least,
    most,
    bounded: least !== most,
    text: `on · ${[who, ...parents.map(parentWords)].join(', ')}`,
    parts,
  };
}

/** The effective exposure as one number: "25 %", or "5–25 %" where it depends on who asks. */
export function exposureShare({ percent, most }: Pick<Exposure, 'percent' | 'most'>): string {
  return percent === most ? `${percent} %` : `${percent}–${most} %`;
}

function parentWords({ flag, needs, state }: ParentState): string {
  if (!state) return `but its parent ${flag} cannot be on: nobody`;
  if (!state.enabled && needs !== 'off') return `but its parent ${flag} is off: nobody`;
  return needs === 'a variant' ? `if they get the right variant of ${flag}` : `if ${flag} is ${needs} for them`;
}

/** One strategy in words: "25 % of users by userId where country is DK or SE". */
export function describeStrategy(strategy: FlagStrategy, segments: SegmentNames = {}): string {
  const where = [
    ...strategy.constraints.map(describeConstraint),
    ...strategy.segments.map((id) => `in segment ${segments[id] ?? id}`),
  ];
  const conditions = where.length > 0 ? ` where ${where.join(' and ')}` : '';
  const variants = strategy.variants.filter((variant) => variant.weight > 0);
  const total = variants.reduce((sum, variant) => sum + variant.weight, 0);
  const split =
    variants.length > 0
      ? ` (${variants.map((variant) => `${variant.name} ${trim((variant.weight / total) * 100)} %`).join(', ')})`
      : '';
  return `${audience(strategy)}${conditions}${split}`;
}

function words(active: FlagStrategy[], segments: SegmentNames): string {
  const plain = active.filter(isUnconditional);
  const conditional = active.filter((strategy) => !isUnconditional(strategy));
  const sorted = [...plain].sort((a, b) => (strategyPercent(b) ?? 0) - (strategyPercent(a) ?? 0));
  const [largest] = sorted;
  // Where scales differ no single strategy tells the whole.
  const percent = exposureRange({ enabled: true, strategies: plain }).least;
  const counted = largest && strategyPercent(largest) === percent ? describeStrategy(largest, segments) : null;
  const all = [
    ...(largest ? [counted ?? `${percent} % of users`] : []),
    ...conditional.map((strategy) => describeStrategy(strategy, segments)),
  ];
  return all.length > 0 ? all.join(', or ') : 'nobody: every strategy is switched off';
}

function audience(strategy: FlagStrategy): string {
  const percent = strategyPercent(strategy);
  const stickiness = strategy.parameters.stickiness;
  if (strategy.name === 'flexibleRollout' && stickiness === 'random')
    return `${trim(percent ?? 0)} % of requests at random`;
  if (percent === 100) return 'everyone';
  if (strategy.name === 'flexibleRollout') {
    const by = stickiness && stickiness !== 'default' ? ` by ${stickiness}` : '';
    return `${trim(percent ?? 0)} % of users${by}`;
  }
  if (percent !== null) return `${trim(percent)} % of users`;
  const lists: Record<string, [key: string, one: string, many: string]> = {
    userWithId: ['userIds', 'named user', 'named users'],
    remoteAddress: ['IPs', 'address', 'addresses'],
    applicationHostname: ['hostNames', 'host', 'hosts'],
  };
  const list = lists[strategy.name];
  if (!list) return `whoever the strategy ${strategy.name} lets in`;
  const count = (strategy.parameters[list[0]] ?? '').split(',').filter((entry) => entry.trim() !== '').length;
  return count === 1 ? `1 ${list[1]}` : `${count} ${list[2]}`;
}

function trim(value: number): string {
  return String(Math.round(value * 100) / 100);
}
