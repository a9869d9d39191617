import type { FlagStrategy } from './flag.ts';

/** The share of users a strategy's own percentage lets in, 0 to 100, before constraints. Null when it is no percentage strategy. */
export function strategyPercent(strategy: FlagStrategy): number | null {
  if (strategy.name === 'default') return 100;
  const text = strategy.name === 'flexibleRollout' ? strategy.parameters.rollout : strategy.parameters.percentage;
  if (text === undefined) return null;
  // As SDKs read it: any number counts, in whole buckets of 1 %; what is no number lets nobody in.
  const value = Math.floor(Number(text));
  return Number.isNaN(value) ? 0 : Math.min(100, Math.max(0, value));
}

/** True when the strategy looks at nothing but the percentage. */
export function isUnconditional(strategy: FlagStrategy): boolean {
  return strategy.constraints.length === 0 && strategy.segments.length === 0 && strategyPercent(strategy) !== null;
}

/** True when everybody passes this strategy. */
export function reachesEveryone(strategy: FlagStrategy): boolean {
  return !strategy.disabled && isUnconditional(strategy) && strategyPercent(strategy) === 100;
}

/** The strategy that means everyone. */
export function everyoneStrategy(flag: string): Omit<FlagStrategy, 'id'> {
  return {
    name: 'flexibleRollout',
    title: null,
    disabled: false,
    parameters: { rollout: '100', stickiness: 'default', groupId: flag },
    constraints: [],
    segments: [],
    variants: [],
  };
}
