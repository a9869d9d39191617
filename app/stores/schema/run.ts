import type { ColumnType } from 'kysely';
import type { AuditEntry } from '../../domain/audit/audit.ts';
import type { FollowUp } from '../../domain/follow-up/follow-up.ts';
import type {
  ActionKind,
  Actor,
  Plan,
  RunState,
  StepResult,
  StepState,
  VerificationState,
} from '../../domain/run/run.ts';
import type { StepDefinition } from '../../domain/runbook/runbook.ts';
import type { StepDrive } from '../run/step-drive.ts';
import type { Json, JsonOrNull } from './json.ts';

/** Runs, what they hold and leave behind, and the audit. */
export interface RunTables {
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
    /** Who has the run now; null while nobody was named. */
    assignee: JsonOrNull<{ name: string; email: string }>;
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
    /** When its owner was last reminded; null before. */
    reminded_at: ColumnType<number | null, number | null | undefined, number | null>;
    /** Why it was cleared, where that was not by a click; null otherwise. */
    clear_reason: ColumnType<string | null, string | null | undefined, string | null>;
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
}
