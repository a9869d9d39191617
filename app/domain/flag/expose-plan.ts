import type { FlagEnvironmentState, FlagStrategy } from './flag.ts';
import { applyFlagWrites, type FlagPlan, type FlagWrite, sameFlagState } from './kill-plan.ts';
import { everyoneStrategy, isUnconditional, strategyPercent } from './rollout.ts';
import { type VariantShare, weightedVariants } from './variant-shares.ts';

/** What setting an exposure will do, with what else lets people in. */
export interface ExposePlan extends FlagPlan {
  /** Strategies that are switched off, because any one of them is enough to get in. */
  switchedOff: FlagStrategy[];
  /** Strategies with conditions of their own: they stay in force beside the percentage. */
  kept: FlagStrategy[];
}

/**
 * Sets the effective exposure of everybody without conditions to exactly `percent`, through one strategy: the largest
 * that counts now, else one that is switched off, else a new one. Others without conditions are switched off first, so
 * that nobody gets more on the way than at either end; the switch comes last. A flag that is off stays off at 0 %.
 * `variants` null keeps those of the strategy.
 */
export function exposePlan(
  state: FlagEnvironmentState,
  wish: { percent: number; variants: readonly VariantShare[] | null },
): ExposePlan {
  const managed = managedStrategy(state);
  const switchedOff = state.strategies.filter(
    (strategy) => strategy !== managed && !strategy.disabled && isUnconditional(strategy),
  );
  const kept = state.strategies.filter((strategy) => !strategy.disabled && !isUnconditional(strategy));
  const writes: FlagWrite[] = [];
  if (state.enabled || wish.percent > 0) {
    for (const strategy of switchedOff)
      writes.push({ kind: 'update-strategy', strategy: { ...strategy, disabled: true } });
    const wanted = rolledOut(managed ?? { id: '', ...everyoneStrategy(state.flag) }, state.flag, wish);
    if (!managed) {
      const { id: _id, ...strategy } = wanted;
      writes.push({ kind: 'add-strategy', strategy });
    } else if (!same(state, managed, wanted)) writes.push({ kind: 'update-strategy', strategy: wanted });
    if (!state.enabled) writes.push({ kind: 'enable' });
  }
  return { before: state, after: applyFlagWrites(state, writes), writes, switchedOff, kept };
}

/** The strategy that a share is set on: of those without conditions the largest that counts now, else one that is switched off. */
export function managedStrategy({ strategies }: Pick<FlagEnvironmentState, 'strategies'>): FlagStrategy | null {
  const plain = strategies.filter(isUnconditional);
  const active = plain
    .filter(({ disabled }) => !disabled)
    .sort((a, b) => (strategyPercent(b) ?? 0) - (strategyPercent(a) ?? 0));
  return active[0] ?? plain[0] ?? null;
}

/** The strategy as a gradual rollout in force; who was in stays in, because it sticks to what it stuck to. */
function rolledOut(
  strategy: FlagStrategy,
  flag: string,
  wish: { percent: number; variants: readonly VariantShare[] | null },
): FlagStrategy {
  const { parameters } = strategy;
  const sticksTo: Record<string, string> = {
    gradualRolloutUserId: 'userId',
    gradualRolloutSessionId: 'sessionId',
    gradualRolloutRandom: 'random',
  };
  const stickiness = parameters.stickiness || sticksTo[strategy.name] || 'default';
  const groupId = parameters.groupId || flag;
  return {
    ...strategy,
    name: 'flexibleRollout',
    disabled: false,
    parameters: { rollout: String(wish.percent), stickiness, groupId },
    variants: wish.variants
      ? weightedVariants(wish.variants, strategy.variants, stickiness === 'random' ? 'default' : stickiness)
      : strategy.variants,
  };
}

function same(state: FlagEnvironmentState, a: FlagStrategy, b: FlagStrategy): boolean {
  return sameFlagState({ ...state, enabled: true, strategies: [a] }, { ...state, enabled: true, strategies: [b] });
}
