import type { ColumnType, Generated } from 'kysely';
import type { AuditEntry } from '../domain/audit/audit.ts';
import type { ContentFile } from '../domain/catalog.ts';
import type { Change } from '../domain/change/change.ts';
import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import type { IncidentLevel, PagerDutyIncident, TimelineEntry } from '../domain/incident/incident.ts';
import type { ActionKind, Actor, Plan, RunState, StepResult, StepState, VerificationState } from '../domain/run/run.ts';
import type { StepDefinition } from '../domain/runbook/runbook.ts';
import type { SilenceScope } from '../domain/silence/silence.ts';
import type { SloEvaluation } from '../domain/slo/evaluation.ts';
import type { Tier } from '../domain/slo/slo.ts';
import type { StepDrive } from './step-drive.ts';

/** JSON that is written as text and read as `T`. */
type Json<T> = ColumnType<T, string, string>;
type JsonOrNull<T> = ColumnType<T | null, string | null | undefined, string | null>;

/** All tables of Firebreak. Times are bigint ms of the injected clock unless a comment says wall clock. */
export interface Database {
  catalog_version: {
    id: Generated<number>;
    digest: string;
    loaded_at: number;
    content: Json<unknown>;
    /** The files it was made of, kept of the newest version only. */
    files: JsonOrNull<ContentFile[]>;
  };
  runbook_text: {
    slug: string;
    digest: string;
    title: string;
    service: string | null;
    slos: string[];
    words: string;
    changed_at: number | null;
    /** Made in SQL, only searched. */
    search: string;
  };
  sli_hour: {
    slo: string;
    /** Hours since the epoch. */
    hour: number;
    bad: number;
    total: number;
    /** Known minutes, 0 to 60. */
    known: number;
    /** Packed minutes: 60 × (bad, total) as float64 little endian, NaN where unknown; null once older than 3 days. */
    minutes: Buffer | null;
    /** How it was counted: the method and its slices; null for events. */
    counted: string | null;
  };
  /** Events of SLOs that are counted in slices, whose slices are in `sli_hour`. */
  sli_event_hour: Database['sli_hour'];
  budget_correction: {
    id: string;
    slo: string;
    kind: 'exclusion' | 'adjustment';
    from_at: number;
    to_at: number;
    bad: number;
    total: number;
    reason: string;
    approved_by: string;
    approved_at: number;
    withdrawn_by: string | null;
    withdrawn_at: number | null;
  };
  silence: {
    id: string;
    scope: SilenceScope;
    target: string;
    reason: string;
    by_name: string;
    by_email: string;
    from_at: number;
    until_at: number;
    ended_at: number | null;
    ended_by: string | null;
  };
  slo_state: {
    slo: string;
    service: string;
    at: number;
    condition: string;
    tier: Tier | null;
    evaluation: Json<SloEvaluation>;
    /** Time of the last successful read of the source, and what the last failure said. */
    read_at: number | null;
    error: string | null;
    error_at: number | null;
    /** First evaluation. */
    since: ColumnType<number | null, number | undefined, number>;
    /** Since when no point has come although many were due, and when the source was last looked at. */
    silent_from: number | null;
    looked_at: number | null;
  };
  slo_shard: {
    shard: number;
    /** Name of the engine process that evaluates it; null when none does. */
    worker: string | null;
    /** Rises whenever it changes hands. */
    epoch: number;
    /** Data ms of the last whole cycle over it. */
    evaluated_at: number | null;
  };
  engine_worker: {
    name: string;
    /** Wall time of the database. */
    alive_until: Date;
  };
  alert: {
    id: string;
    slo: string;
    service: string;
    tier: Tier;
    peak_tier: Tier;
    opened_at: number;
    cleared_at: number | null;
    incident_id: string | null;
    /** When it first stood at a page tier; null: never. */
    page_from: number | null;
    /** Since when it no longer does; null while it does. */
    page_to: number | null;
  };
  incident: {
    id: string;
    title: string;
    status: 'open' | 'resolved';
    service: string | null;
    slo: string | null;
    tier: Tier | null;
    started_at: number | null;
    opened_at: number;
    paged_at: number | null;
    resolved_at: number | null;
    runbook: string | null;
    children: Json<string[]>;
    level: ColumnType<IncidentLevel, IncidentLevel | undefined, IncidentLevel>;
  };
  pagerduty_incident: {
    id: string;
    incident_id: string | null;
    status: 'triggered' | 'acknowledged' | 'resolved';
    service: string | null;
    read_at: number;
    body: Json<PagerDutyIncident>;
  };
  webhook_event: {
    id: string;
    /** Wall clock; rows are kept 7 days. */
    received_at: number;
    type: string;
    resource_id: string | null;
    body: Json<unknown>;
    handled_at: number | null;
  };
  timeline: {
    id: Generated<number>;
    incident_id: string;
    at: number;
    kind: TimelineEntry['kind'];
    text: string;
    actor: string | null;
    href: string | null;
    /** Makes recording idempotent: unique per incident. */
    key: string;
  };
  change: {
    id: string;
    source: Change['source'];
    external_id: string;
    kind: Change['kind'];
    at: number;
    service: string | null;
    environment: string | null;
    target: string;
    title: string;
    actor: string | null;
    commit: string | null;
    url: string | null;
    before: JsonOrNull<unknown>;
    after: JsonOrNull<unknown>;
    recorded_at: number;
  };
  observation: {
    /** The outside system: unleash, cloud-run, cloud-monitoring, cloud-logging, pagerduty. */
    source: string;
    /** What was read: `flags`, `service/voiceover`, `oncall/voiceover`, `failures/voiceover-availability`, … */
    key: string;
    value: JsonOrNull<unknown>;
    /** Time of the last success; null before the first. */
    at: number | null;
    error: string | null;
    error_at: number | null;
  };
  cursor: { name: string; value: Json<unknown> };
  run: {
    id: string;
    template: string;
    title: string;
    state: RunState;
    service: string | null;
    incident_id: string | null;
    inputs: Json<Record<string, string>>;
    steps: Json<StepDefinition[]>;
    digest: string;
    /** Path of the runbook's file, or the name of the built-in template. */
    source: string;
    opened_by: string;
    opened_at: number;
    ended_at: number | null;
  };
  /** The files that runs were opened with, each version once. */
  run_file: { digest: string; bytes: Buffer };
  run_step: {
    run_id: string;
    step_id: string;
    index: number;
    uses: string;
    kind: ActionKind;
    state: StepState;
    result: StepResult;
    reason: string | null;
    plan_hash: string | null;
    plan: JsonOrNull<Plan>;
    attempt: number;
    /** Fence: raised at every claim; a record with an older epoch is refused. */
    epoch: number;
    confirmed_by: JsonOrNull<Actor>;
    confirmed_at: number | null;
    confirm_reason: string | null;
    effect_at: number | null;
    ended_at: number | null;
    verification: JsonOrNull<VerificationState>;
    evidence: JsonOrNull<unknown>;
    outputs: Json<Record<string, unknown>>;
    captured: JsonOrNull<unknown>;
    /** The engine's own position in the step; pages never show it. */
    drive: ColumnType<StepDrive, string | undefined, string>;
  };
  step_attempt: {
    run_id: string;
    step_id: string;
    attempt: number;
    /** apply or undo. */
    direction: 'apply' | 'undo';
    key: string;
    epoch: number;
    intent_at: number;
    intent: Json<unknown>;
    outcome_at: number | null;
    outcome: JsonOrNull<unknown>;
  };
  target_lock: {
    target: string;
    run_id: string;
    step_id: string;
    kind: 'stop' | 'forward';
    epoch: number;
    holder: string;
    taken_at: number;
    /** Run that asks the holder to give way, a stop or one that a person lets take over; null until one does. */
    preempted_by: string | null;
  };
  follow_up: {
    id: string;
    kind: FollowUp['kind'];
    target: string;
    title: string;
    service: string | null;
    owner: string | null;
    incident_id: string | null;
    run_id: string | null;
    opened_at: number;
    due_at: number | null;
    cleared_at: number | null;
    cleared_by: string | null;
    way_back: JsonOrNull<FollowUp['wayBack']>;
  };
  outbox: {
    id: string;
    kind:
      | 'pagerduty-event'
      | 'pagerduty-acknowledge'
      | 'pagerduty-ticket'
      | 'pagerduty-note'
      | 'mail'
      | 'webhook'
      | 'chat';
    dedup_key: string;
    body: Json<unknown>;
    created_at: number;
    attempts: Generated<number>;
    next_at: number;
    delivered_at: number | null;
    error: string | null;
    incident_id: string | null;
    /** When it was held back before it left: it never leaves, and another takes its place. */
    held_back_at: number | null;
    /** Until when the process that sends it is left alone with it. */
    claimed_until: number | null;
  };
  audit: {
    seq: number;
    at: number;
    actor: string;
    action: string;
    target: string;
    run_id: string | null;
    step_id: string | null;
    reason: string | null;
    before: JsonOrNull<unknown>;
    after: JsonOrNull<unknown>;
    address: string | null;
    prev: AuditEntry['prev'];
    hash: AuditEntry['hash'];
  };
  api_key: {
    id: string;
    prefix: string;
    hash: string;
    name: string;
    owner: string;
    scopes: Json<string[]>;
    /** Wall clock. */
    created_at: number;
    expires_at: number | null;
    last_used_at: number | null;
  };
  presence: {
    /** The page looked at: a path. */
    path: string;
    email: string;
    name: string;
    /** Wall clock. */
    seen_at: number;
  };
  user: {
    id: string;
    name: string;
    email: string;
    emailVerified: boolean;
    image: string | null;
    createdAt: Date;
    updatedAt: Date;
    role: string | null;
    banned: boolean | null;
    banReason: string | null;
    banExpires: Date | null;
    teams: string | null;
  };
  account: {
    id: string;
    userId: string;
    accountId: string;
    providerId: string;
    /** Hash; never the password. */
    password: string | null;
  };
  session: {
    id: string;
    userId: string;
    token: string;
    expiresAt: Date;
    createdAt: Date;
    updatedAt: Date;
    ipAddress: string | null;
    userAgent: string | null;
    impersonatedBy: string | null;
  };
}
