import { type Kysely, sql } from 'kysely';

/** A flag's history has edits of its segments and of its description too, which are no changes of a flag's state. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`create index change_by_target on change (target, at desc)`).execute(db);
}
