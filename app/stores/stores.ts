import type { Alert } from '../domain/alert/alert.ts';
import type { AuditChain, AuditEntry } from '../domain/audit/audit.ts';
import type { Catalog, ContentFile } from '../domain/catalog.ts';
import type { Change } from '../domain/change/change.ts';
import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import type { SentReminder } from '../domain/follow-up/reminder-way.ts';
import type { Incident, PagerDutyIncident, TimelineEntry } from '../domain/incident/incident.ts';
import type { Actor, Run } from '../domain/run/run.ts';
import type { BurnPoint, SloEvaluation } from '../domain/slo/evaluation.ts';
import type { Tier } from '../domain/slo/slo.ts';
import type { ApiRequestStore } from './api-requests.server.ts';
import type { DeliveryStore } from './deliveries.server.ts';
import type { ChangeRequestStore } from './flag/change-requests.server.ts';
import type { FlagScheduleStore } from './flag/flag-schedules.server.ts';
import type { ServedFlagStore } from './flag/served-flags.server.ts';
import type { FreezeStore } from './freezes.server.ts';
import type { HappenedStore } from './happened.server.ts';
import type { PanicStore } from './panic/panics.server.ts';
import type { PeopleStore } from './people.server.ts';
import type { RehearsalStore } from './rehearsals.server.ts';
import type { RolloutStore } from './rollout/rollouts.server.ts';
import type { RunGateStore } from './run/run-gates.ts';
import type { RunRecordStore } from './run/run-records.server.ts';
import type { SilenceStore } from './silences.server.ts';
import type { BudgetCorrectionStore } from './slo/budget-corrections.server.ts';
import type { ShadowStore } from './slo/shadow.server.ts';
import type { SloCountStore } from './slo/slo-counts.server.ts';
import type { SloStatementStore } from './slo/slo-statement.server.ts';

/** The last known value of something outside, its age, and what the last failure said. */
export interface Observation<T> {
  value: T | null;
  /** Time of the last successful read; null before the first. */
  at: number | null;
  error: string | null;
  /** Time of the last failure, null when the last read succeeded. */
  errorAt: number | null;
}

/** An SLO's last evaluation and the state of its source. */
export interface SloState {
  slo: string;
  service: string;
  at: number;
  tier: Tier | null;
  evaluation: SloEvaluation;
  readAt: number | null;
  error: string | null;
  errorAt: number | null;
}

export interface CatalogStore {
  /** The newest stored catalog; null before the engine has loaded one. Cached until a new version is stored. */
  current(): Promise<Catalog | null>;
  save(catalog: Catalog, at: number, files?: readonly ContentFile[] | null): Promise<void>;
}

export interface SloStore {
  states(): Promise<SloState[]>;
  state(slo: string): Promise<SloState | null>;
  /**
   * One point a minute over (from, to], of what counts against the budget or (of an SLO in slices) of its events; unknown minutes are
   * left out. `settledTo` marks what may still change.
   */
  minutes(
    slo: string,
    from: number,
    to: number,
    of?: 'budget' | 'events',
  ): Promise<{ at: number; bad: number; total: number }[]>;
  points(slo: string, from: number, to: number): Promise<BurnPoint[]>;
}

export interface IncidentStore {
  /** Pages before tickets, each newest first. */
  open(): Promise<Incident[]>;
  recent(limit: number, before?: number): Promise<Incident[]>;
  get(id: string): Promise<Incident | null>;
  ofService(service: string, limit: number): Promise<Incident[]>;
  alerts(incident: string): Promise<Alert[]>;
  timeline(incident: string): Promise<TimelineEntry[]>;
  pagerDuty(incident: string): Promise<PagerDutyIncident[]>;
  /** The incident that a PagerDuty incident belongs to, when its webhook or a poll already brought it. */
  byPagerDuty(pagerDutyId: string): Promise<Incident | null>;
  /** Asks the engine to read this PagerDuty incident now and attach it; idempotent. Throws AppError `rate_limited` when this person (email) asks for too many. */
  askFor(pagerDutyId: string, by: string): Promise<void>;
}

export interface ChangeStore {
  /** The newest first; of an environment: those made there, or in none in particular. */
  recent(query: {
    service?: string;
    environment?: string;
    since?: number;
    until?: number;
    limit: number;
  }): Promise<Change[]>;
  /** The changes of one flag in all environments, newest first. */
  ofFlag(flag: string, limit: number): Promise<Change[]>;
  /** The newest change of every flag that was ever seen to change. */
  lastOfFlags(): Promise<Change[]>;
  /** Inserts once per (source, externalId); returns false when it was known. */
  record(change: Omit<Change, 'id'>): Promise<boolean>;
}

/** The door by which programs report changes: each new one with its audit line. */
export interface ChangeReports {
  /** As `ChangeStore.record`, by the API key `key` from `address`. */
  report(change: Omit<Change, 'id'>, by: { key: string; address: string | null }): Promise<boolean>;
}

export interface ObservationStore {
  get<T>(source: string, key: string): Promise<Observation<T>>;
  all<T>(source: string, prefix?: string): Promise<Record<string, Observation<T>>>;
  saw(source: string, key: string, value: unknown, at: number): Promise<void>;
  failed(source: string, key: string, error: string, at: number): Promise<void>;
}

export interface FollowUpStore {
  open(service?: string): Promise<FollowUp[]>;
  recent(limit: number): Promise<FollowUp[]>;
  /** Those that an incident or one of these runs left behind, cleared ones too, oldest first. */
  of(query: { incidentId: string | null; runIds: readonly string[] }): Promise<FollowUp[]>;
  clear(id: string, actor: Actor, at: number): Promise<boolean>;
  /** Gives an open follow-up another owner, or another due date (null: as it is). Throws `not_found`, `already_done`, `bad_input`. */
  change(id: string, wanted: { owner: string; dueAt: number | null }, actor: Actor, at: number): Promise<void>;
  /** The last reminder of each of these, by id; those that had none are missing. */
  reminders(ids: readonly string[]): Promise<Map<string, SentReminder>>;
}

export interface AuditStore {
  page(query: { before?: number; limit: number; runId?: string }): Promise<AuditEntry[]>;
  /** Appends a line for what belongs to no run, in a transaction of its own. */
  append(line: Pick<AuditEntry, 'at' | 'actor' | 'action' | 'target' | 'address'> & { after?: unknown }): Promise<void>;
  /** Reads every line: for a task, not for a page. */
  verify(): Promise<AuditChain>;
}

export interface OpenRun {
  /** Runbook slug, or a built-in template: `template:flag.kill`, `template:flag.restore`, `template:cloudrun.traffic`, `template:pagerduty.acknowledge`, `template:pagerduty.note`. */
  template: string;
  inputs: Record<string, string>;
  incidentId: string | null;
  service: string | null;
}

export interface RunStore extends RunGateStore {
  get(id: string): Promise<Run | null>;
  /** The runbook's file as the run was opened with it; null for a built-in template, or when there is no such run. */
  file(id: string): Promise<{ path: string; text: string } | null>;
  list(query: {
    service?: string;
    incidentId?: string;
    open?: boolean;
    /** Runs with a step that is planned for one of these targets. */
    targets?: readonly string[];
    limit: number;
    before?: number;
  }): Promise<Run[]>;
  /** Which changes of these runs are known to have been turned back since, by a later run or by somebody outside. */
  turnedBack(runs: readonly Run[]): Promise<{ run: string; step: string }[]>;
  /**
   * What the newest change of a target by this action captured and did not give back, in one run or in any but `notIn`; a kill that
   * was done without the console counts where no run is named; `at` is when it was confirmed. Null when none did.
   */
  captured(query: {
    target: string;
    uses: string;
    runId: string | null;
    notIn: string;
  }): Promise<{ state: unknown; at: number } | null>;
  /** Opens a run (state `open`) and asks the engine to plan its first step; returns its id. Validates template and inputs. An open run of the same template, incident and inputs is returned instead of a second. */
  openRun(run: OpenRun, actor: Actor): Promise<string>;
  /** Waits up to `ms` (wall) until the step has a plan; false when it still has none. */
  waitForPlan(runId: string, stepId: string, ms: number): Promise<boolean>;
  /** The one conditional update: (run, step, hash, state planned). Throws AppError plan_stale | already_done | not_planned | reason_needed | forbidden | mode_observe. */
  confirm(input: {
    runId: string;
    stepId: string;
    hash: string;
    reason: string | null;
    /** The tick box of hold-to-confirm. */
    acknowledged: boolean;
    /** Also acknowledges, in the name of the actor, the incident's PagerDuty incidents that still escalate. */
    acknowledgePage?: boolean;
    /** What a person's step records (`manual`): schema'd by the step. */
    outcome: string | null;
    actor: Actor;
    address: string | null;
  }): Promise<void>;
  /** Skip with a reason. */
  skip(input: { runId: string; stepId: string; reason: string; actor: Actor }): Promise<void>;
  /** Undoes a succeeded or failed change of an open run as its undo was read: `hash` is the step's `undoHash`. Throws `plan_stale` when it would do something else by now. */
  undo(input: { runId: string; stepId: string; hash: string; reason: string | null; actor: Actor }): Promise<void>;
  /**
   * Records that a person did a step by hand and what they saw: the engine looks at the target, and judges the burn as of any
   * change. A record, no act: it is taken in every mode.
   */
  byHand(input: { runId: string; stepId: string; seen: string; actor: Actor; address: string | null }): Promise<void>;
  /** Decide an `unknown` step: done, retry or abort. */
  resolveUnknown(input: {
    runId: string;
    stepId: string;
    decision: 'done' | 'retry' | 'abort';
    actor: Actor;
  }): Promise<void>;
  /**
   * Lets a step that waits take its target over from the one that holds it, with a reason: that one is asked to end, and ends
   * within 5 s. A step forward never takes over from a stop.
   */
  takeOver(input: { runId: string; stepId: string; reason: string; actor: Actor }): Promise<void>;
  cancel(input: { runId: string; reason: string; actor: Actor }): Promise<void>;
  /** Ask for a fresh plan of a planned step. */
  replan(runId: string, stepId: string): Promise<void>;
  /** Who holds a target right now. */
  holder(
    target: string,
  ): Promise<{ runId: string; stepId: string; kind: 'stop' | 'forward'; holder: string; since: number } | null>;
}

export interface PresenceStore {
  seen(path: string, actor: Actor): Promise<void>;
  /** Others seen on the path in the last 45 s of wall time. */
  others(path: string, actor: Actor): Promise<{ name: string; seenAt: number }[]>;
}

export interface ApiKeyStore {
  /** Looks a key up by its SHA-256; null when unknown or expired. */
  find(key: string): Promise<{ id: string; name: string; owner: string; scopes: string[] } | null>;
  create(input: { name: string; owner: string; scopes: string[]; expiresAt: number | null }): Promise<string>;
}

/** The words of all runbooks in force. */
export interface RunbookTextStore {
  /**
   * Runbooks that hold the words (as a person types them: "a phrase", -not, or), of a service and for an alert where those
   * are given, best first, at most 100. The snippet is empty where the words stand in the title alone.
   */
  search(query: {
    words: string;
    service: string | null;
    slo: string | null;
  }): Promise<{ slug: string; snippet: { text: string; found: boolean }[] }[]>;
  /** When each runbook's file last changed; null when it has not since Firebreak first read it. */
  changed(): Promise<Map<string, number | null>>;
}

/** All stores, made in the root. */
export interface Stores {
  catalog: CatalogStore;
  runbookTexts: RunbookTextStore;
  slos: SloStore;
  sloCounts: SloCountStore;
  sloStatement: SloStatementStore;
  budgetCorrections: BudgetCorrectionStore;
  incidents: IncidentStore;
  freezes: FreezeStore;
  silences: SilenceStore;
  deliveries: DeliveryStore;
  changes: ChangeStore & ChangeReports;
  observations: ObservationStore;
  servedFlags: ServedFlagStore;
  followUps: FollowUpStore;
  audit: AuditStore;
  runs: RunStore;
  panics: PanicStore;
  flagSchedules: FlagScheduleStore;
  changeRequests: ChangeRequestStore;
  runRecords: RunRecordStore;
  people: PeopleStore;
  happened: HappenedStore;
  rehearsals: RehearsalStore;
  rollouts: RolloutStore;
  shadow: ShadowStore;
  presence: PresenceStore;
  apiKeys: ApiKeyStore;
  apiRequests: ApiRequestStore;
  /** Webhook inbox: returns false for an event id already stored. */
  webhooks: { store(event: { id: string; type: string; resourceId: string | null; body: unknown }): Promise<boolean> };
}
