import { sql } from 'kysely';
import type { SloEvaluation } from '../../domain/slo/evaluation.ts';
import type { SourceState } from '../../domain/slo/source-state.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import { storableJson } from '../storable-json.ts';
import { createSloHours, type SloHours } from './slo-hours.server.ts';

/** An evaluation to be stored, with what is known of the source; `lookedAt` is when that was (data ms). */
export interface NewState {
  evaluation: SloEvaluation;
  service: string;
  source: SourceState;
  lookedAt: number;
}

/** The part of the SLO store that only the engine uses. */
export interface SloWriter extends SloHours {
  /** Up to when (ms) each of these SLOs is evaluated, and what was known of its source; those that never were are missing. */
  evaluatedTo(slos: readonly string[]): Promise<Map<string, { at: number; source: SourceState }>>;
  /** Returns the SLOs that the evaluations brought further: a minute that somebody has evaluated already is not among them. */
  saveStates(states: readonly NewState[], tx: Tx): Promise<Set<string>>;
  /** What was found at `lookedAt` (data ms) of sources that fail or are silent; the last evaluations stay as they are. */
  saveSources(found: readonly { slo: string; source: SourceState }[], lookedAt: number, tx: Tx): Promise<void>;
  /** What was known of each SLO's source when it was last looked at, for those looked at since `since` (ms). */
  sources(since: number): Promise<Map<string, SourceState>>;
}

const rowsAtOnce = 1_000;

export function createSloWriter(db: Db): SloWriter {
  return {
    ...createSloHours(db),
    async evaluatedTo(slos) {
      const rows = await db
        .selectFrom('slo_state')
        .select(['slo', 'at', 'read_at', 'error', 'error_at', 'silent_from'])
        .where(sql<boolean>`slo = any(${[...slos]}::text[])`)
        .execute();
      return new Map(rows.map((row) => [row.slo, { at: row.at, source: sourceIn(row) }]));
    },
    async saveStates(states, tx) {
      const moved = new Set<string>();
      for (let from = 0; from < states.length; from += rowsAtOnce) {
        const rows = states.slice(from, from + rowsAtOnce).map(toRow);
        // One parameter: ten thousand evaluations as rows of parameters cost more than evaluating them.
        const { rows: written } = await sql<{ slo: string }>`
          insert into slo_state
            (slo, service, at, condition, tier, evaluation, read_at, error, error_at, silent_from, looked_at, since)
          select *, at from jsonb_to_recordset(${storableJson(rows)}::jsonb) as row (
            slo text, service text, at bigint, condition text, tier text, evaluation jsonb,
            read_at bigint, error text, error_at bigint, silent_from bigint, looked_at bigint)
          on conflict (slo) do update set
            service = excluded.service, at = excluded.at, condition = excluded.condition, tier = excluded.tier,
            evaluation = excluded.evaluation, read_at = excluded.read_at, error = excluded.error,
            error_at = excluded.error_at, silent_from = excluded.silent_from, looked_at = excluded.looked_at
          where slo_state.at < excluded.at or (slo_state.at = excluded.at and excluded.condition = 'stale')
          returning slo`.execute(tx);
        for (const { slo } of written) moved.add(slo);
      }
      return moved;
    },
    async saveSources(found, lookedAt, tx) {
      if (found.length === 0) return;
      const rows = found.map(({ slo, source }) => ({ slo, ...sourceColumns(source) }));
      // Whatever is stored: a source that was silent before it failed has been evaluated further than its data reach.
      await sql`
        update slo_state set read_at = row.read_at, error = row.error, error_at = row.error_at,
          silent_from = row.silent_from, looked_at = ${lookedAt}
        from jsonb_to_recordset(${storableJson(rows)}::jsonb) as row (
          slo text, read_at bigint, error text, error_at bigint, silent_from bigint)
        where slo_state.slo = row.slo`.execute(tx);
    },
    async sources(since) {
      const rows = await db
        .selectFrom('slo_state')
        .select(['slo', 'read_at', 'error', 'error_at', 'silent_from'])
        .where('looked_at', '>=', since)
        .execute();
      return new Map(rows.map((row) => [row.slo, sourceIn(row)]));
    },
  };
}

function toRow({ evaluation, service, source, lookedAt }: NewState) {
  return {
    slo: evaluation.slo,
    service,
    at: evaluation.at,
    condition: evaluation.condition,
    tier: evaluation.tier,
    evaluation,
    ...sourceColumns(source),
    looked_at: lookedAt,
  };
}

function sourceIn(row: ReturnType<typeof sourceColumns>): SourceState {
  return { readAt: row.read_at, error: row.error, errorAt: row.error_at, silentFrom: row.silent_from };
}

function sourceColumns({ readAt, error, errorAt, silentFrom }: SourceState) {
  return { read_at: readAt, error, error_at: errorAt, silent_from: silentFrom };
}
