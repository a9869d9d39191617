import { budgetLeft, periodBounds } from '../slo/budget.ts';
import { conditionOf } from '../slo/condition.ts';
import type { DeclaredSlo } from '../slo/declared.ts';
import type { SloCondition, WindowBurn } from '../slo/evaluation.ts';
import { type MinuteCounts, sumBetween } from '../slo/minute-counts.ts';
import { createSeries, minuteMs, setMinute } from '../slo/series.ts';
import type { BurnProfile, Tier, WindowName } from '../slo/slo.ts';
import { allWindows, firingTier } from '../slo/windows.ts';
import { heldTier } from './held-tier.ts';

/** Event-weighted numbers of the period up to an evaluation. `budgetRemaining` is null without events. */
export interface PeriodSoFar {
  bad: number;
  total: number;
  budgetRemaining: number | null;
  coverage: number;
}

/** What is said at one step: the numbers, and the tier at which the SLO's alert stands (null: none is open). */
export interface ReplayStep {
  /** The time asked for; windows end at the whole minute before it. */
  at: number;
  windows: Record<WindowName, WindowBurn>;
  period: PeriodSoFar;
  condition: SloCondition;
  reason: string | null;
  tier: Tier | null;
}

/**
 * Evaluates one SLO at growing times over counts that are there already, by the rules of the engine: the same windows,
 * conditions, tiers and hold. No alert is open before the first step. `counts` are events, or slices for SLOs in slices with the `events`
 * that they are cut from.
 */
export function createReplay(
  slo: Pick<DeclaredSlo, 'objective' | 'period' | 'minBadEvents'>,
  profile: BurnProfile,
  counts: MinuteCounts,
  events: MinuteCounts = counts,
): (at: number) => ReplayStep {
  const feeds = (events === counts ? [counts] : [counts, events]).map((from) => ({ from, into: createSeries() }));
  const [{ into: series }, { into: eventSeries }] = [feeds[0]!, feeds.at(-1)!];
  let fed = counts.first;
  let tier: Tier | null = null;
  let bounds = { start: 0, end: 0 };

  return (at) => {
    const end = Math.floor(at / minuteMs);
    for (; fed < end && fed < counts.first + counts.known.length - 1; fed++) {
      for (const { from, into } of feeds) {
        const { bad, total, known } = sumBetween(from, fed, fed + 1);
        if (known > 0) setMinute(into, fed, bad, total);
      }
    }
    const windows = allWindows(series, slo.objective, end);
    const { condition, reason } = conditionOf(eventSeries, end, windows, null);
    const firing = condition === 'data-error' ? null : (firingTier(profile, windows, slo.minBadEvents)?.tier ?? null);
    const next = heldTier(
      tier,
      { condition, windows, tier: condition === 'traffic-vanished' ? 'page-fast' : firing },
      profile,
    );
    if (next !== undefined) tier = next;
    if (slo.period.kind === 'rolling' || end * minuteMs >= bounds.end)
      bounds = periodBounds(slo.period, end * minuteMs);
    return { at, windows, period: periodSoFar(counts, slo.objective, bounds.start, end), condition, reason, tier };
  };
}

function periodSoFar(counts: MinuteCounts, objective: number, start: number, end: number): PeriodSoFar {
  const first = Math.ceil(start / minuteMs);
  const { bad, total, known } = sumBetween(counts, first, end);
  return {
    bad,
    total,
    budgetRemaining: budgetLeft(objective, { bad, total }),
    coverage: end > first ? known / (end - first) : 0,
  };
}
