import type { SloEvaluation } from '../slo/evaluation.ts';
import { type BurnTier, windowMinutes } from '../slo/slo.ts';

/** When a page clears if the change holds (ms), and the tier whose bounds page again. */
export interface PageOutlook {
  clearsAt: number;
  tier: BurnTier;
}

/**
 * What is to be expected of a page after a change took effect at `effectAt` (ms); `settle` is the delay of the data, ms.
 * Null when the profile declares no page tier. A ticket's tier never pages, so its bounds are not named.
 */
export function pageOutlook(
  effectAt: number,
  evaluation: Pick<SloEvaluation, 'at' | 'tier' | 'clearing'>,
  tiers: readonly BurnTier[],
  settle: number,
): PageOutlook | null {
  const pages = tiers.filter(({ tier }) => tier.startsWith('page'));
  const tier = pages.find((each) => each.tier === evaluation.tier) ?? pages.find((each) => each.tier === 'page-fast');
  if (!tier) return null;
  // What the windows still hold after the errors stopped, then the data's delay.
  const lag = (evaluation.clearing?.page ?? evaluation.at + windowMinutes[tier.short] * 60_000) - evaluation.at;
  return { clearsAt: Math.max(effectAt, evaluation.at) + lag + settle, tier };
}
