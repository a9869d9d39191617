import type { ApprovalRequest, BrokenGlass } from '../../domain/run/approval.ts';
import type { Gate } from '../../domain/run/gate.ts';
import type { StepGate } from '../../domain/run/gate-offers.ts';
import type { Actor, Run } from '../../domain/run/run.ts';

interface Decision {
  runId: string;
  stepId: string;
  /** The plan as the person saw it. */
  hash: string;
  actor: Actor;
  address: string | null;
}

/** Approvals and broken glass: the part of the run store about gated changes. */
export interface RunGateStore {
  /** The gates of the changes forward of a run that stand before a person, by step. */
  gates(run: Run): Promise<Record<string, StepGate>>;
  /** Requests that wait, the oldest first, with their runs. */
  waitingApprovals(): Promise<{ request: ApprovalRequest; run: Run; gate: Gate }[]>;
  /** Every request of one run, or the newest ones of a person (mail), newest first. */
  approvalRequests(query: { runId: string } | { requester: string; limit: number }): Promise<ApprovalRequest[]>;
  /**
   * One yes to exactly this plan; a second of the same person does nothing. The last one that is needed starts the step in the
   * same transaction. Throws AppError plan_stale | already_done | not_planned | frozen | forbidden | mode_observe.
   */
  approve(input: Decision): Promise<void>;
  /** A no with its reason by anybody whose yes would count: the step goes back to planned. */
  reject(input: Decision & { reason: string }): Promise<void>;
  /** Takes back what one asked for. */
  withdraw(input: Decision): Promise<void>;
  /**
   * Acts now without the approvals or in a freeze, for a reason of at least 10 characters and a tick; a second person owes a
   * sign-off. Throws AppError as `approve`, and reason_needed; `not_planned` where nothing stands in the way.
   */
  breakGlass(input: Decision & { reason: string; acknowledged: boolean }): Promise<void>;
  /** Glass broken in a run, or what is still owed anywhere, oldest first. */
  brokenGlass(query: { runId: string } | 'owed'): Promise<BrokenGlass[]>;
  /** A second person looked at it: clears the follow-up. Throws AppError already_done | forbidden | reason_needed | not_found. */
  signOff(input: { followUpId: string; sentence: string; actor: Actor; address: string | null }): Promise<void>;
}
