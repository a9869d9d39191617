import { type Kysely, sql } from 'kysely';

/** The last rehearsal of each runbook. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create table rehearsal (
        runbook text primary key, digest text not null, rehearsal text not null, at bigint not null,
        by_key text not null, cases jsonb not null)`,
    )
    .execute(db);
}
