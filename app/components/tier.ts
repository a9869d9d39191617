import type { SloCondition } from '../domain/slo/evaluation.ts';
import type { Tier } from '../domain/slo/slo.ts';

const words: Record<Tier, string> = {
  'page-fast': 'Page · fast burn',
  'page-slow': 'Page · slow burn',
  'ticket-fast': 'Ticket · fast burn',
  'ticket-slow': 'Ticket · slow burn',
};

/** A tier in words; without one no SLO of ours speaks for it. `condition` is that of the SLO. */
export function tierText(tier: Tier | null, condition?: SloCondition): string {
  // Nothing burns where nothing comes in, and it pages all the same.
  if (tier && condition === 'traffic-vanished') return 'Page · traffic vanished';
  return tier ? words[tier] : 'No SLO of its own';
}
