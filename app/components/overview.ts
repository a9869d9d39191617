import type { SloEvaluation } from '../domain/slo/evaluation.ts';
import { type Tier, tiers } from '../domain/slo/slo.ts';

/** What a list of SLOs shows of one; small, since there may be a thousand. */
export interface SloRow {
  id: string;
  title: string;
  service: string;
  objective: number;
  tier: Tier | null;
  condition: SloEvaluation['condition'] | 'not-evaluated';
  burn5m: number | null;
  burn1h: number | null;
  budget: number | null;
  /** When the budget is gone at today's burn, ms. */
  goneAt: number | null;
  dataTo: number | null;
  stale: boolean;
}

/** Urgency of a row: the tier first, then a source that says nothing, then the burn of the last hour. */
export function urgency(row: SloRow): number {
  const tier = row.tier === null ? 0 : (tiers.length - tiers.indexOf(row.tier)) * 1e9;
  const blind = row.tier === null && row.condition !== 'ok' && row.condition !== 'no-traffic' ? 1e8 : 0;
  return tier + blind + Math.min(1e7, row.burn1h ?? 0);
}

/** Rows by urgency, the most urgent first; equals by title. */
export function byUrgency<Row extends SloRow>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => urgency(b) - urgency(a) || (a.title < b.title ? -1 : 1));
}

/** The row of an SLO from its last evaluation; without one it says so. */
export function sloRow(
  slo: { id: string; title: string; service: string; objective: number },
  state: { evaluation: SloEvaluation; error: string | null; errorAt: number | null; readAt: number | null } | null,
): SloRow {
  const { id, title, service, objective } = slo;
  const e = state?.evaluation;
  return {
    id,
    title,
    service,
    objective,
    tier: e?.tier ?? null,
    condition: e?.condition ?? 'not-evaluated',
    burn5m: e?.windows['5m'].burn ?? null,
    burn1h: e?.windows['1h'].burn ?? null,
    budget: e?.period.budgetRemaining ?? null,
    goneAt: e?.exhaustion?.at ?? null,
    dataTo: e?.dataTo ?? null,
    stale: Boolean(state?.error && (state.errorAt ?? 0) >= (state.readAt ?? 0)),
  };
}
