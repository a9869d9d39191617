import { periodBudget } from './budget.ts';
import type { Clearing, SloCondition, SloEvaluation, WindowBurn } from './evaluation.ts';
import { countText } from './figures.ts';
import { exhaustion, recovery } from './forecast.ts';
import { findOnset } from './onset.ts';
import { type MinuteSeries, minuteMs, newestKnownMinute, windowSums } from './series.ts';
import type { BurnProfile, BurnTier, Slo, Tier, WindowName } from './slo.ts';
import { windowMinutes, windowNames } from './slo.ts';
import { vanishedTraffic } from './traffic.ts';
import { allWindows, burnRate, tierFires } from './windows.ts';

/** What an evaluation is made from. `stale` is the source's last failure, null while it answers. */
export interface EvaluationInput {
  slo: Slo;
  profile: BurnProfile;
  series: MinuteSeries;
  /** The pinned evaluation time, floor(now − settle): the one end of every window. */
  at: number;
  stale?: { error: string; since: number } | null;
}

/** Evaluates an SLO at one pinned time. On a stale source the time stays where the data ends, and the numbers are the last known. */
export function evaluateSlo({ slo, profile, series, at: pinned, stale = null }: EvaluationInput): SloEvaluation {
  let end = Math.floor(pinned / minuteMs);
  const newest = newestKnownMinute(series, end);
  if (stale && newest !== null) end = newest + 1;
  const at = end * minuteMs;
  const windows = allWindows(series, slo.objective, end);
  const { condition, reason } = conditionOf(series, end, windows, stale);
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

/** The most urgent tier that fires on these windows; null when none does. A profile lists its tiers by urgency. */
function firingTier(
  profile: BurnProfile,
  windows: Record<WindowName, WindowBurn>,
  minBadEvents: number,
): BurnTier | null {
  return profile.tiers.find((tier) => tierFires(tier, windows[tier.long], windows[tier.short], minBadEvents)) ?? null;
}

function conditionOf(
  series: MinuteSeries,
  end: number,
  windows: Record<WindowName, WindowBurn>,
  stale: EvaluationInput['stale'],
): { condition: SloCondition; reason: string | null } {
  if (stale)
    return {
      condition: 'stale',
      reason: `The source does not answer (${stale.error}); these are the last known numbers.`,
    };
  if (windows['5m'].coverage === 0) {
    return {
      condition: 'no-data',
      reason: 'The source has no data for the last 5 minutes; unmeasured time is not uptime.',
    };
  }
  const wrong = windowNames.find((name) => windows[name].bad < 0 || windows[name].bad > windows[name].total);
  if (wrong) {
    const { bad, total } = windows[wrong];
    const counted = bad < 0 ? `${countText(total - bad)} good` : `${countText(bad)} bad`;
    return {
      condition: 'data-error',
      reason: `The source counts ${counted} events of only ${countText(total)} in the last ${wrong}; no alert is drawn from it.`,
    };
  }
  const vanished = vanishedTraffic(series, end);
  if (vanished && vanished.known < 5) {
    // Neither a proof that traffic is gone nor that it is back.
    return {
      condition: 'no-data',
      reason: `Only ${vanished.known} of the last 5 minutes are known, and the usual traffic is not in them.`,
    };
  }
  if (vanished) {
    return {
      condition: 'traffic-vanished',
      reason: `Traffic vanished: ${countText(vanished.total)} requests in 5 minutes where about ${countText(vanished.usual)} are usual at this hour.`,
    };
  }
  if (windows['5m'].total === 0) {
    return {
      condition: 'no-traffic',
      reason: 'No traffic in the last 5 minutes, so there is no burn rate to compute.',
    };
  }
  return { condition: 'ok', reason: null };
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
