import { type Kysely, sql } from 'kysely';

/**
 * What a run leaves on paper: who has it now, the notes of people, the lines that its steps said while they ran; reminders
 * of follow-ups; and what programs asked for by key, so that asking twice opens one run.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table run add column assignee jsonb`,
  `create index run_by_assignee on run ((assignee->>'email')) where state in ('prepared','open')`,
  `create table run_note (
    id bigint generated always as identity primary key, run_id text not null references run, step_id text,
    at bigint not null, kind text not null check (kind in ('note','hand-over')), text text not null,
    by_name text not null, by_email text not null, to_name text, to_email text)`,
  `create index run_note_by_run on run_note (run_id, id)`,
  `create table step_line (
    id bigint generated always as identity primary key, run_id text not null, step_id text not null,
    attempt integer not null, at bigint not null, text text not null,
    foreign key (run_id, step_id) references run_step)`,
  `create index step_line_by_step on step_line (run_id, step_id, id)`,
  `alter table follow_up add column reminded_at bigint, add column clear_reason text`,
  `create table api_request (
    key_id text not null, idempotency_key text not null, digest text not null, run_id text, at bigint not null,
    primary key (key_id, idempotency_key))`,
];
