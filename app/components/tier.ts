import type { Tier } from '../domain/slo/slo.ts';

const words: Record<Tier, string> = {
  'page-fast': 'Page · fast burn',
  'page-slow': 'Page · slow burn',
  'ticket-fast': 'Ticket · fast burn',
  'ticket-slow': 'Ticket · slow burn',
};

/** A tier in words; without one no SLO of ours speaks for it. */
export function tierText(tier: Tier | null): string {
  return tier ? words[tier] : 'No SLO of its own';
}
