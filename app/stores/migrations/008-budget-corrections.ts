import { type Kysely, sql } from 'kysely';

/** What people say of an SLO's budget beside what was measured: stretches left out of it, and bad events added or taken away. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create table budget_correction (
        id text primary key, slo text not null, kind text not null check (kind in ('exclusion','adjustment')),
        from_at bigint not null, to_at bigint not null check (to_at > from_at), bad float8 not null, total float8 not null,
        reason text not null, approved_by text not null, approved_at bigint not null,
        withdrawn_by text, withdrawn_at bigint)`,
    )
    .execute(db);
  await sql
    .raw(`create index budget_correction_in_force on budget_correction (slo, from_at) where withdrawn_at is null`)
    .execute(db);
}
