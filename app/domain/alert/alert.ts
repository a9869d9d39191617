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
  /** When it first stood at a page tier, and since when it no longer does; null: never, or still. */
  pageFrom?: number | null;
  pageTo?: number | null;
  incidentId: string | null;
}
