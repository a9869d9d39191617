import type { Tier } from '../slo/slo.ts';

/** One alert per SLO with an escalating tier; lives inside an incident. */
export interface Alert {
  id: string;
  slo: string;
  service: string;
  tier: Tier;
  /** The most urgent tier it reached. */
  peakTier: Tier;
  openedAt: number;
  clearedAt: number | null;
  incidentId: string | null;
}
