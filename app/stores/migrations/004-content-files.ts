import { type Kysely, sql } from 'kysely';

/** The files that the catalog in force was made of. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table catalog_version add column files jsonb`).execute(db);
}
