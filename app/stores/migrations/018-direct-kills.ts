import { type Kysely, sql } from 'kysely';

/** Kills that were done without the console and brought in later, by the hash of their line in the journal. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create table direct_kill (
        entry text primary key, target text not null, at bigint not null, imported_at bigint not null, captured jsonb)`,
    )
    .execute(db);
  await sql.raw(`create index direct_kill_by_target on direct_kill (target, at)`).execute(db);
}
