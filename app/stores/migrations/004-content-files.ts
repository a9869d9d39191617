import { type Kysely, sql } from 'kysely';

/** The files that the catalog in force was made of, and the bytes of the runbook that a run was opened with. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table catalog_version add column files jsonb`).execute(db);
  await sql.raw(`alter table run add column bytes bytea`).execute(db);
}
