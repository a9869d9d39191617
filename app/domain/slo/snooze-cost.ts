import type { WindowBurn } from './evaluation.ts';
import { durationText, shareText, windowBurnText } from './figures.ts';
import { periodMinutes } from './profiles.ts';
import type { SloPeriod } from './slo.ts';

/** What looking away for `ms` costs of an SLO's budget at its present burn, in words with where the figure is from. */
export function snoozeCost(title: string, period: SloPeriod, found: WindowBurn, ms: number): string {
  const { burn, window } = found;
  const stretch = durationText(ms);
  if (burn === null) return `What ${stretch} cost ${title} is not known: ${windowBurnText(found)} over ${window}.`;
  const share = (burn * ms) / (periodMinutes(period) * 60_000);
  return `At ${windowBurnText(found)} over ${window}, ${stretch} cost ${shareText(share)} of the budget of ${title}.`;
}
