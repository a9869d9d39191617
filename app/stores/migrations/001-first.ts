import { type Kysely, sql } from 'kysely';

/** The first schema. Times are bigint milliseconds; see `schema.ts` for what each column means. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table catalog_version (
    id bigint generated always as identity primary key,
    digest text not null unique, loaded_at bigint not null, content jsonb not null)`,
  `create table sli_hour (
    slo text not null, hour integer not null, bad float8 not null, total float8 not null,
    known smallint not null, minutes bytea, primary key (slo, hour))`,
  `create table slo_state (
    slo text primary key, service text not null, at bigint not null, condition text not null, tier text,
    evaluation jsonb not null, read_at bigint, error text, error_at bigint)`,
  `create table incident (
    id text primary key, title text not null, status text not null check (status in ('open','resolved')),
    service text, slo text, tier text, started_at bigint, opened_at bigint not null, paged_at bigint,
    resolved_at bigint, runbook text, children jsonb not null default '[]')`,
  `create index incident_open on incident (opened_at desc) where status = 'open'`,
  `create index incident_by_service on incident (service, opened_at desc)`,
  `create index incident_by_time on incident (opened_at desc)`,
  `create table alert (
    id text primary key, slo text not null, service text not null, tier text not null, peak_tier text not null,
    opened_at bigint not null, cleared_at bigint, incident_id text references incident)`,
  `create unique index alert_one_open on alert (slo) where cleared_at is null`,
  `create index alert_by_incident on alert (incident_id)`,
  `create table pagerduty_incident (
    id text primary key, incident_id text references incident, status text not null, service text,
    read_at bigint not null, body jsonb not null)`,
  `create index pagerduty_by_incident on pagerduty_incident (incident_id)`,
  `create table webhook_event (
    id text primary key, received_at bigint not null, type text not null, resource_id text,
    body jsonb not null, handled_at bigint)`,
  `create index webhook_unhandled on webhook_event (received_at) where handled_at is null`,
  `create table timeline (
    id bigint generated always as identity primary key, incident_id text not null references incident,
    at bigint not null, kind text not null, text text not null, actor text, href text, key text not null,
    unique (incident_id, key))`,
  `create index timeline_by_time on timeline (incident_id, at desc)`,
  `create table change (
    id text primary key, source text not null, external_id text not null, kind text not null, at bigint not null,
    service text, environment text, target text not null, title text not null, actor text, commit text, url text,
    before jsonb, after jsonb, recorded_at bigint not null, unique (source, external_id))`,
  `create index change_by_time on change (at desc)`,
  `create index change_by_service on change (service, at desc)`,
  `create table observation (
    source text not null, key text not null, value jsonb, at bigint, error text, error_at bigint,
    primary key (source, key))`,
  `create table cursor (name text primary key, value jsonb not null)`,
  `create table run (
    id text primary key, template text not null, title text not null,
    state text not null check (state in ('prepared','open','done','cancelled')),
    service text, incident_id text references incident, inputs jsonb not null, steps jsonb not null,
    digest text not null, source text not null, opened_by text not null, opened_at bigint not null, ended_at bigint)`,
  `create index run_by_incident on run (incident_id)`,
  `create index run_by_time on run (opened_at desc)`,
  `create index run_open on run (service) where state in ('prepared','open')`,
  `create table run_step (
    run_id text not null references run, step_id text not null, index integer not null, uses text not null,
    kind text not null, state text not null, result text not null default 'none', reason text,
    plan_hash text, plan jsonb, attempt integer not null default 0, epoch bigint not null default 0,
    confirmed_by jsonb, confirmed_at bigint, confirm_reason text, effect_at bigint, ended_at bigint,
    verification jsonb, evidence jsonb, outputs jsonb not null default '{}', captured jsonb,
    primary key (run_id, step_id))`,
  `create index run_step_busy on run_step (state) where state in ('running','verifying')`,
  `create table step_attempt (
    run_id text not null, step_id text not null, attempt integer not null,
    direction text not null check (direction in ('apply','undo')), key text not null, epoch bigint not null,
    intent_at bigint not null, intent jsonb not null, outcome_at bigint, outcome jsonb,
    primary key (run_id, step_id, attempt, direction),
    foreign key (run_id, step_id) references run_step)`,
  `create table target_lock (
    target text primary key, run_id text not null, step_id text not null,
    kind text not null check (kind in ('stop','forward')), epoch bigint not null, holder text not null,
    taken_at bigint not null)`,
  `create sequence lock_epoch`,
  `create table follow_up (
    id text primary key, kind text not null, target text not null, title text not null, service text, owner text,
    incident_id text references incident, run_id text references run, opened_at bigint not null, due_at bigint,
    cleared_at bigint, cleared_by text, way_back jsonb)`,
  `create unique index follow_up_one_open on follow_up (kind, target) where cleared_at is null`,
  `create table outbox (
    id text primary key, kind text not null, dedup_key text not null, body jsonb not null, created_at bigint not null,
    attempts integer not null default 0, next_at bigint not null, delivered_at bigint, error text,
    incident_id text references incident)`,
  `create index outbox_due on outbox (next_at) where delivered_at is null`,
  `create table audit (
    seq bigint primary key, at bigint not null, actor text not null, action text not null, target text not null,
    run_id text, step_id text, reason text, before jsonb, after jsonb, address text,
    prev text not null, hash text not null)`,
  `create index audit_by_run on audit (run_id)`,
  `create table api_key (
    id text primary key, prefix text not null, hash text not null unique, name text not null, owner text not null,
    scopes jsonb not null, created_at bigint not null, expires_at bigint, last_used_at bigint)`,
  `create unlogged table presence (
    path text not null, email text not null, name text not null, seen_at bigint not null, primary key (path, email))`,
  `create table "user" (
    id text primary key, name text not null, email text not null unique, "emailVerified" boolean not null default false,
    image text, "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null default now(),
    role text, banned boolean, "banReason" text, "banExpires" timestamptz, teams text)`,
  `create table session (
    id text primary key, "userId" text not null references "user" on delete cascade, token text not null unique,
    "expiresAt" timestamptz not null, "createdAt" timestamptz not null default now(),
    "updatedAt" timestamptz not null default now(), "ipAddress" text, "userAgent" text, "impersonatedBy" text)`,
  `create index session_by_user on session ("userId")`,
  `create table account (
    id text primary key, "userId" text not null references "user" on delete cascade, "accountId" text not null,
    "providerId" text not null, "accessToken" text, "refreshToken" text, "idToken" text,
    "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, scope text, password text,
    "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null default now())`,
  `create index account_by_user on account ("userId")`,
  `create table rate_limit (key text primary key, points integer not null default 0, expire bigint)`,
  `create table verification (
    id text primary key, identifier text not null, value text not null, "expiresAt" timestamptz not null,
    "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null default now())`,
];
