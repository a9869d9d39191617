import { effectiveExposure } from './exposure.ts';
import type { FlagEnvironmentState, SafeState } from './flag.ts';
import type { FlagPlan } from './kill-plan.ts';
import { variantSharesText } from './variant-shares.ts';

/**
 * True when a plan moves people away from what is known to be safe: more of them get the flag, fewer get one that is safe
 * when on or at a variant, or those who get it get other variants.
 */
export function awayFromSafe({ before, after }: Pick<FlagPlan, 'before' | 'after'>, safe: SafeState): boolean {
  const [was, will] = [effectiveExposure(before), effectiveExposure(after)];
  const more = will.most > was.most || will.percent > was.percent;
  const fewer = will.most < was.most || will.percent < was.percent;
  return more || (safe.state !== 'off' && fewer) || (will.most > 0 && variantsOf(before) !== variantsOf(after));
}

/** The variants that strategies in force give, in words that are the same for the same shares. */
function variantsOf({ strategies }: FlagEnvironmentState): string {
  const splits = strategies
    .filter(({ disabled }) => !disabled)
    .map(({ variants }) => variantSharesText([...variants].sort((a, b) => (a.name < b.name ? -1 : 1))));
  return [...new Set(splits)].sort().join('; ');
}
