import type { Generated } from 'kysely';
import type { Freeze } from '../../domain/freeze/freeze.ts';
import type { ApprovalOutcome, ApprovalRequest } from '../../domain/run/approval.ts';
import type { Actor } from '../../domain/run/run.ts';
import type { Json, JsonOrNull } from './json.ts';

/** What stands between a change and its effect. */
export interface GateTables {
  approval_request: {
    id: string;
    run_id: string;
    step_id: string;
    plan_hash: string;
    reason: string;
    requester: Json<Actor>;
    requester_email: string;
    asked_at: number;
    expires_at: number;
    rules: Json<ApprovalRequest['rules']>;
    outcome: ApprovalOutcome | null;
    ended_at: number | null;
    ended_by: string | null;
    ended_reason: string | null;
    /** When the approvers were told, and when the requester was told how it ended. */
    told_at: number | null;
    told_end_at: number | null;
  };
  /** Each person once a request. */
  approval: { request_id: string; email: string; actor: Json<Actor>; at: number };
  broken_glass: {
    id: Generated<number>;
    run_id: string;
    step_id: string;
    at: number;
    by_person: Json<Actor>;
    reason: string;
    missing: string;
    requester: JsonOrNull<Actor>;
    follow_up_id: string;
    due_at: number;
    signed_by: JsonOrNull<Actor>;
    signed_at: number | null;
    signed_text: string | null;
    told_at: number | null;
  };
  change_freeze: {
    id: string;
    scope: Freeze['scope'];
    target: string | null;
    reason: string;
    time_zone: string;
    span: Json<Freeze['span']>;
    /** After it the freeze is never in force again; null for one that comes back every week. */
    last_at: number | null;
    by_name: string;
    by_email: string;
    made_at: number;
    ended_at: number | null;
    ended_by: string | null;
  };
}
