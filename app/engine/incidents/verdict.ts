import type { Slo, Tier } from '../../domain/slo/slo.ts';

/** What one evaluation says of one SLO. Leave SLOs with stale data or no data out: nothing fires or clears from those. */
export interface AlertVerdict {
  slo: Pick<Slo, 'id' | 'title' | 'service' | 'paging' | 'runbook'>;
  /** Evaluation time. */
  at: number;
  /** The most urgent tier that fires, null when none does. */
  tier: Tier | null;
  /** Onset of the errors, null when unknown. */
  startedAt: number | null;
  /** True when it pages because traffic vanished, and nothing burns. */
  vanished?: boolean;
  /** Title of the incident it opens; the SLO's title when missing. */
  title?: string;
  /** Text of the page: its first 60 characters say what fails, how much, and the likeliest change. */
  summary: string;
  /** Numbers for the page's details. */
  details: Record<string, unknown>;
}
