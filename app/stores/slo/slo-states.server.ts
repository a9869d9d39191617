import { sql } from 'kysely';
import type { Db } from '../../platform/db.server.ts';
import type { SloState } from '../stores.ts';

/**
 * The last evaluation of every SLO, kept in memory until a row has changed: an overview of 1,000 SLOs would else parse
 * megabytes of the same JSON for each view. PostgreSQL is asked each time, so that nobody reads an older state than a query
 * would have given: a row's `xmin` is the transaction that wrote it, and any write raises the sum. Callers must not change what they get.
 */
export function createStatesReader(db: Db): () => Promise<readonly SloState[]> {
  const version = sql<string>`count(*) || '/' || coalesce(sum(xmin::text::bigint), 0)`;
  let known: { version: string; states: readonly SloState[] } | null = null;
  return async () => {
    const now = await db.selectFrom('slo_state').select(version.as('version')).executeTakeFirstOrThrow();
    if (known?.version === now.version) return known.states;
    const rows = await db
      .selectFrom('slo_state')
      .selectAll()
      .select(sql<string>`xmin::text`.as('xmin'))
      .orderBy('slo')
      .execute();
    // The version of exactly these rows: between the two queries others may have come.
    const read = `${rows.length}/${rows.reduce((sum, { xmin }) => sum + BigInt(xmin), 0n)}`;
    const states = rows.map(toState);
    known = { version: read, states };
    return states;
  };
}

/** A row of `slo_state` as pages and engine know it. */
export function toState(row: {
  slo: string;
  service: string;
  at: number;
  tier: SloState['tier'];
  evaluation: SloState['evaluation'];
  read_at: number | null;
  error: string | null;
  error_at: number | null;
}): SloState {
  const { slo, service, at, tier, evaluation, read_at, error, error_at } = row;
  return { slo, service, at, tier, evaluation, readAt: read_at, error, errorAt: error_at };
}
