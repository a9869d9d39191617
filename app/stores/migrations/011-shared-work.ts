import { type Kysely, sql } from 'kysely';

/**
 * Engine processes that live, and which of them each shard of the SLO work belongs to; and with each SLO's state what is
 * known of its source, which other processes look at.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table engine_worker (name text primary key, alive_until timestamptz not null)`,
  `create table slo_shard (
    shard smallint primary key, worker text, epoch bigint not null default 0, evaluated_at bigint)`,
  `insert into slo_shard (shard) select generate_series(0, 31)`,
  `alter table slo_state add column silent_from bigint, add column looked_at bigint`,
];
