import type { ColumnType } from 'kysely';
import type { SilenceScope } from '../../domain/silence/silence.ts';
import type { SloEvaluation } from '../../domain/slo/evaluation.ts';
import type { Tier } from '../../domain/slo/slo.ts';
import type { Json } from './json.ts';

/** What SLOs counted, and what became of them. */
export interface SloTables {
  sli_hour: {
    slo: string;
    /** Hours since the epoch. */
    hour: number;
    bad: number;
    total: number;
    /** Known minutes, 0 to 60. */
    known: number;
    /** Packed minutes: 60 × (bad, total) as float64 little endian, NaN where unknown; null once older than 3 days. */
    minutes: Buffer | null;
    /** How it was counted: the method and its slices; null for events. */
    counted: string | null;
  };
  /** Events of SLOs that are counted in slices, whose slices are in `sli_hour`. */
  sli_event_hour: SloTables['sli_hour'];
  slo_indicator: {
    slo: string;
    /** Fingerprint of the indicator that its stored hours are counted by. */
    indicator: string;
    /** Data ms since when, as it was another before; null: as far as is known, always. */
    since: number | null;
  };
  budget_correction: {
    id: string;
    slo: string;
    kind: 'exclusion' | 'adjustment';
    from_at: number;
    to_at: number;
    bad: number;
    total: number;
    reason: string;
    approved_by: string;
    approved_at: number;
    withdrawn_by: string | null;
    withdrawn_at: number | null;
  };
  silence: {
    id: string;
    scope: SilenceScope;
    target: string;
    reason: string;
    by_name: string;
    by_email: string;
    from_at: number;
    until_at: number;
    ended_at: number | null;
    ended_by: string | null;
  };
  slo_state: {
    slo: string;
    service: string;
    at: number;
    condition: string;
    tier: Tier | null;
    evaluation: Json<SloEvaluation>;
    /** Time of the last successful read of the source, and what the last failure said. */
    read_at: number | null;
    error: string | null;
    error_at: number | null;
    /** First evaluation. */
    since: ColumnType<number | null, number | undefined, number>;
    /** Since when no point has come although many were due, and when the source was last looked at. */
    silent_from: number | null;
    looked_at: number | null;
  };
  slo_shard: {
    shard: number;
    /** Name of the engine process that evaluates it; null when none does. */
    worker: string | null;
    /** Rises whenever it changes hands. */
    epoch: number;
    /** Data ms of the last whole cycle over it. */
    evaluated_at: number | null;
  };
  engine_worker: {
    name: string;
    /** Wall time of the database. */
    alive_until: Date;
  };
  alert: {
    id: string;
    slo: string;
    service: string;
    tier: Tier;
    peak_tier: Tier;
    opened_at: number;
    cleared_at: number | null;
    incident_id: string | null;
    /** When it first stood at a page tier; null: never. */
    page_from: number | null;
    /** Since when it no longer does; null while it does. */
    page_to: number | null;
  };
}
