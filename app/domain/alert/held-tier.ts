import type { SloEvaluation, WindowBurn } from '../slo/evaluation.ts';
import { type BurnProfile, type Tier, tiers } from '../slo/slo.ts';
import { reaches } from '../slo/windows.ts';

/** Share of a window that must be known before its quiet counts as proof. */
const proofCoverage = 0.8;

/**
 * The tier an SLO's alert stands at after an evaluation, given the tier it stood at (null: none is open). It rises at
 * once; it eases or clears only when the old tier is proven quiet by known minutes, not by missing ones. `undefined`:
 * the evaluation says nothing (stale, blind or impossible data), so nothing fires or clears.
 */
export function heldTier(
  open: Tier | null,
  evaluation: Pick<SloEvaluation, 'condition' | 'tier' | 'windows'>,
  profile: BurnProfile,
): Tier | null | undefined {
  if (['stale', 'no-data', 'data-error'].includes(evaluation.condition)) return undefined;
  const { tier } = evaluation;
  if (!open || (tier && tiers.indexOf(tier) <= tiers.indexOf(open))) return tier;
  return isQuiet(open, evaluation, profile) ? tier : open;
}

/** True when one of the tier's windows is proven under its factor, or nothing at all was asked for in the long one. */
function isQuiet(name: Tier, { windows }: Pick<SloEvaluation, 'windows'>, profile: BurnProfile): boolean {
  const tier = profile.tiers.find((each) => each.tier === name);
  if (!tier) return true;
  const under = (window: WindowBurn) =>
    window.coverage >= proofCoverage && window.burn !== null && !reaches(window.burn, tier.factor);
  const [long, short] = [windows[tier.long], windows[tier.short]];
  return under(short) || under(long) || (long.total === 0 && long.coverage >= proofCoverage);
}
