import { type Kysely, sql } from 'kysely';

/** Guarded rollouts: where each stands, the runs that take their steps, and what happened to them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table rollout (
    id text primary key, kind text not null, name text not null, target text not null, subject jsonb not null,
    service text not null, title text not null, plan jsonb not null, shadow boolean not null,
    state text not null, state_since bigint not null, stage smallint not null default 0,
    back_tries smallint not null default 1, epoch bigint not null default 0, held jsonb, effect_at bigint,
    verdict jsonb, opened_by jsonb not null, opened_at bigint not null, acts_for jsonb,
    approvals jsonb not null default '{}', ended_at bigint)`,
  // Two rollouts of the same thing would each take the other's steps for a foreign edit.
  `create unique index rollout_open on rollout (target)
    where state not in ('draft', 'rolled_back', 'rollback_unverified', 'done', 'superseded', 'cancelled')`,
  `create index rollout_target on rollout (target, opened_at)`,
  `create table rollout_run (
    rollout_id text not null references rollout (id), direction text not null, stage smallint not null,
    attempt smallint not null, run_id text not null references run (id),
    primary key (rollout_id, direction, stage, attempt))`,
  `create index rollout_run_run on rollout_run (run_id)`,
  `create table rollout_entry (
    id bigint generated always as identity primary key, rollout_id text not null references rollout (id),
    at bigint not null, stage smallint not null, state text not null, by text not null, text text not null,
    percent smallint, told boolean not null default false)`,
  `create index rollout_entry_rollout on rollout_entry (rollout_id, id)`,
];
