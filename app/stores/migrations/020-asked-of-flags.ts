import { type Kysely, sql } from 'kysely';

/** Panics with the run of each member, changes that somebody asks the owners of a flag for, and changes of flags for a later time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table panic (
    id text primary key, set_name text not null, title text not null, why text not null, environment text not null,
    opened_by jsonb not null, opened_at bigint not null,
    confirmed_by jsonb, confirmed_at bigint, hash text, reason text,
    undo_by jsonb, undo_at bigint, undo_reason text, undo_ended_at bigint, put_away_at bigint)`,
  `create index panic_by_time on panic (opened_at desc)`,
  `create table panic_member (
    panic_id text not null references panic, index integer not null, kind text not null, name text not null,
    run_id text references run, problem text, confirmed boolean not null default false,
    undo_hash text, undo_asked_at bigint,
    primary key (panic_id, index))`,
  `create table change_request (
    id text primary key, flag text not null, environment text not null, template text not null, inputs jsonb not null,
    title text not null, reason text not null, owners jsonb not null,
    asked_by jsonb not null, asked_at bigint not null, expires_at bigint not null,
    state text not null, decided_by jsonb, decided_at bigint, decision text, run_id text references run)`,
  `create index change_request_open on change_request (asked_at) where state = 'open'`,
  `create unique index change_request_once on change_request (flag, environment, (asked_by->>'email')) where state = 'open'`,
  `create table flag_schedule (
    id text primary key, flag text not null, environment text not null, template text not null, inputs jsonb not null,
    title text not null, local text not null, zone text not null, fires_at bigint not null, seen jsonb not null,
    made_by jsonb not null, made_at bigint not null,
    state text not null, ended_at bigint, ended_by text, why text, run_id text references run)`,
  `create unique index flag_schedule_once on flag_schedule (flag, environment, fires_at) where state = 'waiting'`,
  `create index flag_schedule_due on flag_schedule (fires_at) where state = 'waiting'`,
];
