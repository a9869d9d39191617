import { describeConstraint } from './constraint-words.ts';
import type { FlagEnvironmentState, FlagStrategy } from './flag.ts';
import { isUnconditional, strategyPercent } from './rollout.ts';

/** Who gets a flag in an environment, all strategies together. */
export interface Exposure {
  on: boolean;
  /** Share of users, 0 to 100: exact when `bounded` is false, else the least. */
  percent: number;
  /** True when constraints, segments or lists let in people that no percentage can count. */
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
 * stickiness overlap (the larger wins), over different ones they are independent.
 */
export function effectiveExposure(
  state: Pick<FlagEnvironmentState, 'enabled' | 'strategies' | 'flag'>,
  segments: SegmentNames = {},
): Exposure {
  if (!state.enabled) return { on: false, percent: 0, bounded: false, text: 'off', parts: [] };
  const active = state.strategies.filter((strategy) => !strategy.disabled);
  if (state.strategies.length === 0) return everyone([]);
  const parts = active.map((strategy) => describeStrategy(strategy, segments));
  const percent = unionPercent(active.filter(isUnconditional));
  if (percent === 100) return everyone(parts);
  const conditional = active.filter((strategy) => !isUnconditional(strategy));
  return {
    on: true,
    percent,
    bounded: conditional.length > 0,
    text: `on · ${words(active, percent, segments)}`,
    parts,
  };
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

function everyone(parts: string[]): Exposure {
  return { on: true, percent: 100, bounded: false, text: 'on · everyone', parts };
}

function words(active: FlagStrategy[], percent: number, segments: SegmentNames): string {
  const plain = active.filter(isUnconditional);
  const conditional = active.filter((strategy) => !isUnconditional(strategy));
  const groups = new Set(plain.map(groupOf));
  const counted = groups.size > 1 ? `${trim(percent)} % of users` : largest(plain, segments);
  const all = [
    ...(plain.length > 0 ? [counted] : []),
    ...conditional.map((strategy) => describeStrategy(strategy, segments)),
  ];
  return all.length > 0 ? all.join(', or ') : 'nobody: every strategy is switched off';
}

function largest(plain: FlagStrategy[], segments: SegmentNames): string {
  const sorted = [...plain].sort((a, b) => (strategyPercent(b) ?? 0) - (strategyPercent(a) ?? 0));
  return sorted[0] ? describeStrategy(sorted[0], segments) : '';
}

function unionPercent(plain: FlagStrategy[]): number {
  const byGroup = new Map<string, number>();
  for (const strategy of plain) {
    const key = groupOf(strategy);
    byGroup.set(key, Math.max(byGroup.get(key) ?? 0, strategyPercent(strategy) ?? 0));
  }
  const missed = [...byGroup.values()].reduce((rest, percent) => rest * (1 - percent / 100), 1);
  return Math.round((1 - missed) * 10_000) / 100;
}

/** Strategies with the same group and stickiness put each user at the same place of the same scale. */
function groupOf(strategy: FlagStrategy): string {
  const { stickiness = 'default', groupId = '' } = strategy.parameters;
  return stickiness === 'random' ? `random ${strategy.id}` : `${stickiness} ${groupId}`;
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
