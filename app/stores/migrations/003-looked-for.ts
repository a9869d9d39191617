import { type Kysely, sql } from 'kysely';

/** Indexes for what is asked all the time: the order of deliveries, the last alert of each SLO, and runs that no job carries. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`create index outbox_by_key on outbox (dedup_key, created_at)`).execute(db);
  await sql.raw(`create index alert_by_slo on alert (slo, opened_at desc)`).execute(db);
  await sql.raw(`drop index run_step_busy`).execute(db);
  await sql
    .raw(
      `create index run_step_in_flight on run_step (run_id, index)
       where state in ('running', 'verifying', 'blocked', 'pending')`,
    )
    .execute(db);
}
