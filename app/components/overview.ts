import { blindFrom, isBlindCondition } from '../domain/slo/blindness.ts';
import type { SloEvaluation } from '../domain/slo/evaluation.ts';
import { windowBurnText } from '../domain/slo/figures.ts';
import { type Slo, type Tier, tiers } from '../domain/slo/slo.ts';

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
  /** The same in words, with "no data" told from "no traffic". */
  last5m: string;
  lastHour: string;
  budget: number | null;
  /** When the budget is gone at today's burn, ms. */
  goneAt: number | null;
  dataTo: number | null;
  /** True when its source failed last, or when it was not evaluated for too long. */
  stale: boolean;
  /** From when on the row tells nothing of now unless it is evaluated anew, ms; 0 when it does not tell already. */
  blindFrom: number;
}

/** Urgency of a row: the tier first, then a source that says nothing, then the burn of the last hour. */
function urgency(row: SloRow): number {
  const tier = row.tier === null ? 0 : (tiers.length - tiers.indexOf(row.tier)) * 1e9;
  const trusted = !row.stale && (row.condition === 'ok' || row.condition === 'no-traffic');
  const blind = row.tier === null && !trusted ? 1e8 : 0;
  return tier + blind + Math.min(1e7, row.burn1h ?? 0);
}

/** Rows by urgency, the most urgent first; equals by title. */
export function byUrgency<Row extends SloRow>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => urgency(b) - urgency(a) || (a.title < b.title ? -1 : 1));
}

/** Ids of the SLOs among `rows` that have lost their traffic. */
export function vanishedOf(rows: Pick<SloRow, 'id' | 'condition'>[]): string[] {
  return rows.filter(({ condition }) => condition === 'traffic-vanished').map(({ id }) => id);
}

/** The row of an SLO from its last evaluation, as of `now` (ms); without one it says so. */
export function sloRow(
  slo: Pick<Slo, 'id' | 'title' | 'service' | 'objective' | 'settle' | 'budgeting'>,
  state: { evaluation: SloEvaluation; error: string | null; errorAt: number | null; readAt: number | null } | null,
  now: number,
): SloRow {
  const { id, title, service, objective } = slo;
  const e = state?.evaluation;
  const failing = Boolean(state?.error && (state.errorAt ?? 0) >= (state.readAt ?? 0));
  const tells = e && !failing && !isBlindCondition(e.condition);
  const from = tells ? blindFrom(e, slo.settle) : 0;
  return {
    id,
    title,
    service,
    objective,
    tier: e?.tier ?? null,
    condition: e?.condition ?? 'not-evaluated',
    burn5m: e?.windows['5m'].burn ?? null,
    burn1h: e?.windows['1h'].burn ?? null,
    last5m: e ? windowBurnText(e.windows['5m'], slo) : 'no data',
    lastHour: e ? windowBurnText(e.windows['1h'], slo) : 'no data',
    budget: e?.period.budgetRemaining ?? null,
    goneAt: e?.exhaustion?.at ?? null,
    dataTo: e?.dataTo ?? null,
    stale: failing || (from > 0 && now >= from),
    blindFrom: from,
  };
}

/** When rows that still tell of now cease to, unless they are evaluated anew: few entries, since most are evaluated together. */
export function turningBlind(rows: readonly SloRow[], now: number): { at: number; count: number }[] {
  const counts = new Map<number, number>();
  for (const row of rows) if (row.blindFrom > now) counts.set(row.blindFrom, (counts.get(row.blindFrom) ?? 0) + 1);
  return [...counts].map(([at, count]) => ({ at, count }));
}
