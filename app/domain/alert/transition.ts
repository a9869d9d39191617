import { type Tier, tiers } from '../slo/slo.ts';
import type { Alert } from './alert.ts';

/** What an evaluation says of one SLO: the most urgent tier that fires at `at`, or none. */
export interface TierAt {
  at: number;
  tier: Tier | null;
}

export type Transition =
  | { kind: 'none' }
  | { kind: 'open'; tier: Tier }
  | { kind: 'escalate' | 'ease'; alert: Alert }
  | { kind: 'clear'; alert: Alert };

/**
 * The step from an SLO's latest alert (open or cleared, null when it never had one) to what an evaluation says.
 * An evaluation from before the alert's last step is old news and changes nothing, so that replicas may repeat it.
 */
export function transition(latest: Alert | null, { at, tier }: TierAt): Transition {
  if (!latest || latest.clearedAt !== null) {
    const old = latest?.clearedAt != null && at <= latest.clearedAt;
    return tier === null || old ? { kind: 'none' } : { kind: 'open', tier };
  }
  if (at < latest.openedAt || tier === latest.tier) return { kind: 'none' };
  if (tier === null) return { kind: 'clear', alert: { ...latest, clearedAt: at } };
  const peakTier = moreUrgent(latest.peakTier, tier);
  const kind = urgency(tier) < urgency(latest.tier) ? 'escalate' : 'ease';
  return { kind, alert: { ...latest, tier, peakTier, ...pageStretch(latest, tier, at) } };
}

/** From the first minute at a page tier to the end of the last. */
function pageStretch(latest: Alert, tier: Tier, at: number): Pick<Alert, 'pageFrom' | 'pageTo'> {
  const { pageFrom = null, pageTo = null } = latest;
  if (urgency(tier) <= urgency('page-slow')) return { pageFrom: pageFrom ?? at, pageTo: null };
  return { pageFrom, pageTo: pageFrom === null ? null : (pageTo ?? at) };
}

/** The more urgent of two tiers. */
export function moreUrgent(a: Tier, b: Tier): Tier {
  return urgency(a) <= urgency(b) ? a : b;
}

/** Words for a tier, as in "at the fast page tier". */
export const tierWords: Record<Tier, string> = {
  'page-fast': 'fast page',
  'page-slow': 'slow page',
  'ticket-fast': 'fast ticket',
  'ticket-slow': 'slow ticket',
};

function urgency(tier: Tier): number {
  return tiers.indexOf(tier);
}
