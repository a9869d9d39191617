import { type Kysely, sql } from 'kysely';

/** Who approves a change before it goes, who acted without that, and when changes are frozen. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table approval_request (
    id text primary key, run_id text not null, step_id text not null, plan_hash text not null, reason text not null,
    requester jsonb not null, requester_email text not null, asked_at bigint not null, expires_at bigint not null,
    rules jsonb not null,
    outcome text check (outcome in ('approved','rejected','withdrawn','void','expired','broken-glass','called-off')),
    ended_at bigint, ended_by text, ended_reason text, told_at bigint, told_end_at bigint,
    foreign key (run_id, step_id) references run_step)`,
  `create unique index approval_request_open on approval_request (run_id, step_id) where ended_at is null`,
  `create index approval_request_by_person on approval_request (requester_email, asked_at desc)`,
  `create table approval (
    request_id text not null references approval_request, email text not null, actor jsonb not null, at bigint not null,
    primary key (request_id, email))`,
  `create table broken_glass (
    id bigint generated always as identity primary key, run_id text not null, step_id text not null,
    at bigint not null, by_person jsonb not null, reason text not null, missing text not null, requester jsonb,
    follow_up_id text not null references follow_up, due_at bigint not null,
    signed_by jsonb, signed_at bigint, signed_text text, told_at bigint,
    foreign key (run_id, step_id) references run_step)`,
  `create index broken_glass_by_run on broken_glass (run_id)`,
  `create index broken_glass_owed on broken_glass (follow_up_id) where signed_at is null`,
  `create table change_freeze (
    id text primary key, scope text not null check (scope in ('everything','service','environment')), target text,
    reason text not null, time_zone text not null, span jsonb not null, last_at bigint,
    by_name text not null, by_email text not null, made_at bigint not null, ended_at bigint, ended_by text)`,
];
