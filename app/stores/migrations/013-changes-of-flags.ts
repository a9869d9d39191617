import { type Kysely, sql } from 'kysely';

/** The history of one flag, and the last change of every flag. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`create index change_of_flag on change (target, at desc) where kind = 'flag'`).execute(db);
}
