import { type Kysely, sql } from 'kysely';

/** What the run engine keeps beside what pages show: its own position in a step, and who asked a forward run to give way. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table run_step add column drive jsonb not null default '{}'`).execute(db);
  await sql.raw(`alter table target_lock add column preempted_by text`).execute(db);
  await sql.raw(`create index run_step_target on run_step ((plan->>'target')) where state = 'blocked'`).execute(db);
}
