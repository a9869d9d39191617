import { type Kysely, sql } from 'kysely';

/** Changes of a target in their order: what its last change captured, and whether a later one turned it back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`create index run_step_by_target on run_step ((plan->>'target'), confirmed_at desc)`).execute(db);
}
