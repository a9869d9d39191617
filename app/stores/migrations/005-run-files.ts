import { type Kysely, sql } from 'kysely';

/** The bytes of the runbook files that runs were opened with. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`create table run_file (digest text primary key, bytes bytea not null)`).execute(db);
}
