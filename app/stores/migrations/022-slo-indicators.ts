import { type Kysely, sql } from 'kysely';

/** By which indicator the stored hours of an SLO are counted. What was stored before is taken as counted by the one first seen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('create table slo_indicator (slo text primary key, indicator text not null, since bigint)').execute(db);
}
