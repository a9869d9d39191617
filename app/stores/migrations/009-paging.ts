import { type Kysely, sql } from 'kysely';

/**
 * Silences; what an incident is (a page, or a ticket that wakes nobody); and deliveries that were held back before they
 * left, which are neither delivered nor refused, and which of them a process is sending.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table silence (
    id text primary key, scope text not null check (scope in ('slo','service','source')), target text not null,
    reason text not null, by_name text not null, by_email text not null,
    from_at bigint not null, until_at bigint not null check (until_at > from_at),
    ended_at bigint, ended_by text)`,
  `create index silence_by_end on silence (until_at) where ended_at is null`,
  `create index silence_by_time on silence (from_at desc)`,
  `alter table incident add column level text not null default 'page' check (level in ('page','ticket'))`,
  `alter table outbox add column held_back_at bigint, add column claimed_until bigint`,
  `create index outbox_by_incident on outbox (incident_id, created_at desc)`,
  `create index outbox_by_time on outbox (created_at desc)`,
];
