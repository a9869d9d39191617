import { periodBudget } from './budget.ts';
import { conditionOf } from './condition.ts';
import type { Clearing, SloEvaluation } from './evaluation.ts';
import { exhaustion, recovery } from './forecast.ts';
import { findOnset } from './onset.ts';
import { type MinuteSeries, minuteMs, newestKnownMinute, windowSums } from './series.ts';
import type { BurnProfile, BurnTier, Slo, Tier, WindowName } from './slo.ts';
import { windowMinutes } from './slo.ts';
import { allWindows, burnRate, firingTier, tierFires } from './windows.ts';

/** What an evaluation is made from. `stale` is the source's last failure, null while it answers. */
export interface EvaluationInput {
  slo: Slo;
  profile: BurnProfile;
  series: MinuteSeries;
  /** The events that `series` is cut from, of an SLO in slices. */
  events?: MinuteSeries;
  /** The pinned evaluation time, floor(now − settle): the one end of every window. */
  at: number;
  stale?: { error: string; since: number } | null;
}

/** Evaluates an SLO at one pinned time. On a stale source the time stays where the data ends, and the numbers are the last known. */
export function evaluateSlo({
  slo,
  profile,
  series,
  events = series,
  at: pinned,
  stale = null,
}: EvaluationInput): SloEvaluation {
  let end = Math.floor(pinned / minuteMs);
  const newest = newestKnownMinute(series, end);
  if (stale && newest !== null) end = newest + 1;
  const at = end * minuteMs;
  const windows = allWindows(series, slo.objective, end);
  const { condition, reason } = conditionOf(events, end, windows, stale);
  const firing = firingTier(profile, windows, slo.minBadEvents);
  const urgent = profile.tiers.find(({ tier }) => tier === 'page-fast') ?? profile.tiers[0];
  const tier: Tier | null =
    condition === 'traffic-vanished' ? 'page-fast' : condition === 'data-error' ? null : (firing?.tier ?? null);
  const period = periodBudget(series, slo.objective, slo.period, at);
  const burning = condition !== 'data-error' && (firing !== null || (windows['5m'].burn ?? 0) > 1);
  const course = { series, slo, period, at, onset: burning ? findOnset(series, slo.objective, at) : null };
  return {
    slo: slo.id,
    at,
    dataTo: newest === null ? null : (newest + 1) * minuteMs,
    condition,
    reason,
    objective: slo.objective,
    windows,
    period,
    exhaustion: burning ? exhaustion(course) : null,
    recovery: burning ? recovery(course) : null,
    tier,
    factor: (tier === firing?.tier ? firing?.factor : urgent?.factor) ?? urgent?.factor ?? 0,
    ...(firing && condition !== 'data-error' ? { clearing: clearing(series, slo, profile, end) } : {}),
  };
}

/** When the tiers let go if no request fails from `end` on, with the traffic of the last 5 minutes. */
function clearing(series: MinuteSeries, slo: Slo, profile: BurnProfile, end: number): Clearing {
  const traffic = windowSums(series, end, 5).total / 5;
  const ahead = (window: WindowName, minutes: number) => {
    const length = windowMinutes[window];
    const { bad, total, known } = windowSums(series, end, Math.max(0, length - minutes));
    const clean = Math.min(minutes, length);
    const all = total + traffic * clean;
    return { bad, total: all, burn: burnRate(bad, all, slo.objective), coverage: (known + clean) / length };
  };
  const fires = (tier: BurnTier, minutes: number) =>
    tierFires(tier, ahead(tier.long, minutes), ahead(tier.short, minutes), slo.minBadEvents);
  // Each tier lets go once its short window has passed, at the latest; a pair may come on meanwhile as coverage grows.
  const firstQuiet = (tiers: BurnTier[]) => {
    const longest = Math.max(0, ...tiers.map((tier) => windowMinutes[tier.short]));
    for (let minutes = longest; minutes > 0; minutes--) {
      if (tiers.some((tier) => fires(tier, minutes - 1))) return (end + minutes) * minuteMs;
    }
    return null;
  };
  return {
    page: firstQuiet(profile.tiers.filter(({ tier }) => tier.startsWith('page'))),
    all: firstQuiet(profile.tiers),
  };
}
