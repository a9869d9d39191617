import type { WindowBurn } from './evaluation.ts';
import { type MinuteSeries, windowSums } from './series.ts';
import type { BurnProfile, BurnTier, WindowName } from './slo.ts';
import { windowMinutes, windowNames } from './slo.ts';

/** Share of a long window that must be known before it pages or tickets. */
export const minimumCoverage = 0.5;

/** Burn rate: the share of bad events over the share the objective allows. Null without events or when the counts cannot be. */
export function burnRate(bad: number, total: number, objective: number): number | null {
  return total > 0 && bad >= 0 && bad <= total ? bad / total / (1 - objective) : null;
}

/** True when a burn rate reaches the factor; the tolerance absorbs the rounding of 1 − objective. */
export function reaches(burn: number | null, factor: number): boolean {
  return burn !== null && burn >= factor * (1 - 1e-9);
}

/** Burn over one window that ends at `endMinute` (exclusive). */
function windowBurn(series: MinuteSeries, objective: number, endMinute: number, window: WindowName): WindowBurn {
  const minutes = windowMinutes[window];
  const { bad, total, known } = windowSums(series, endMinute, minutes);
  return { window, bad, total, burn: burnRate(bad, total, objective), coverage: known / minutes };
}

/** Burn over every window. */
export function allWindows(series: MinuteSeries, objective: number, endMinute: number): Record<WindowName, WindowBurn> {
  const entries = windowNames.map((name) => [name, windowBurn(series, objective, endMinute, name)] as const);
  return Object.fromEntries(entries) as Record<WindowName, WindowBurn>;
}

/** True when both windows of a tier reach its factor, on enough data and enough bad events. */
export function tierFires(
  tier: BurnTier,
  long: Omit<WindowBurn, 'window'>,
  short: Omit<WindowBurn, 'window'>,
  minBadEvents: number,
): boolean {
  return (
    long.coverage >= minimumCoverage &&
    long.bad >= minBadEvents &&
    reaches(long.burn, tier.factor) &&
    reaches(short.burn, tier.factor)
  );
}

/** The most urgent tier that fires on these windows; null when none does. A profile lists its tiers by urgency. */
export function firingTier(
  profile: BurnProfile,
  windows: Record<WindowName, WindowBurn>,
  minBadEvents: number,
): BurnTier | null {
  return profile.tiers.find((tier) => tierFires(tier, windows[tier.long], windows[tier.short], minBadEvents)) ?? null;
}

/** Minutes in a window such as `5m`, `2h` or `1d`; null when it is not one. */
export function minutesOf(window: string): number | null {
  const [, count, unit] = /^([1-9]\d*)([mhd])$/.exec(window) ?? [];
  if (!count) return null;
  return Number(count) * (unit === 'm' ? 1 : unit === 'h' ? 60 : 1440);
}
