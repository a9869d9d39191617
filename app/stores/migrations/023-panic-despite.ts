import { type Kysely, sql } from 'kysely';

/** What spoke against the way back of a panic when it was asked for: whoever asked has read and ticked exactly that. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table panic add column undo_despite jsonb`).execute(db);
}
