import type { SloEvaluation, WindowBurn } from '../slo/evaluation.ts';
import type { BurnProfile, Tier } from '../slo/slo.ts';
import { tiers } from '../slo/slo.ts';
import { reaches } from '../slo/windows.ts';
import type { Alert } from './alert.ts';

/** What an evaluation does to an SLO's one alert. */
export type AlertTransition =
  | { kind: 'open'; tier: Tier; at: number }
  | { kind: 'escalate' | 'de-escalate'; from: Tier; tier: Tier; at: number }
  | { kind: 'clear'; from: Tier; at: number };

/** Share of a window that must be known before its quiet counts as proof. */
const proofCoverage = 0.8;

/** 0 for the most urgent tier. */
function rank(tier: Tier): number {
  return tiers.indexOf(tier);
}

/** True when the tier pages somebody, false when it opens a ticket. */
export function pages(tier: Tier | null): boolean {
  return tier === 'page-fast' || tier === 'page-slow';
}

/**
 * The next transition of an SLO's alert, or null. Nothing happens on stale data, on a blind source or on counts that cannot be;
 * an alert steps down only when its tier is proven quiet: known minutes under the factor, not missing ones.
 */
export function nextAlert(
  open: Pick<Alert, 'tier'> | null,
  evaluation: SloEvaluation,
  profile: BurnProfile,
  now: number,
): AlertTransition | null {
  if (evaluation.condition === 'stale' || evaluation.condition === 'no-data' || evaluation.condition === 'data-error') {
    return null;
  }
  const { tier } = evaluation;
  if (!open) return tier && { kind: 'open', tier, at: now };
  if (tier && rank(tier) < rank(open.tier)) return { kind: 'escalate', from: open.tier, tier, at: now };
  if (tier === open.tier || !isQuiet(open.tier, evaluation, profile)) return null;
  return tier ? { kind: 'de-escalate', from: open.tier, tier, at: now } : { kind: 'clear', from: open.tier, at: now };
}

/** True when one of the tier's windows is proven under its factor, or nothing at all was asked for in the long one. */
function isQuiet(name: Tier, evaluation: SloEvaluation, profile: BurnProfile): boolean {
  const tier = profile.tiers.find((each) => each.tier === name);
  if (!tier) return true;
  const under = (window: WindowBurn) =>
    window.coverage >= proofCoverage && window.burn !== null && !reaches(window.burn, tier.factor);
  const [long, short] = [evaluation.windows[tier.long], evaluation.windows[tier.short]];
  return under(short) || under(long) || (long.total === 0 && long.coverage >= proofCoverage);
}

/** The alert after a transition; `fresh` names a newly opened one. */
export function applyTransition(
  open: Alert | null,
  transition: AlertTransition,
  fresh: Pick<Alert, 'id' | 'slo' | 'service' | 'incidentId'>,
): Alert {
  if (transition.kind === 'open') {
    const { tier, at } = transition;
    return { ...fresh, tier, peakTier: tier, openedAt: at, clearedAt: null };
  }
  if (!open) throw new Error(`an alert cannot ${transition.kind} before it opens`);
  if (transition.kind === 'clear') return { ...open, clearedAt: transition.at };
  const peakTier = rank(transition.tier) < rank(open.peakTier) ? transition.tier : open.peakTier;
  return { ...open, tier: transition.tier, peakTier };
}
