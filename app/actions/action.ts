import type { Catalog } from '../domain/catalog.ts';
import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import type { Actor, Plan } from '../domain/run/run.ts';
import type { StepDefinition } from '../domain/runbook/runbook.ts';
import type { Log } from '../platform/log.ts';

/** What an action is given each time it is called. Times are data time, ms. */
export interface ActionContext {
  run: { id: string; incidentId: string | null; service: string | null; openedBy: string };
  step: StepDefinition;
  /** `with` after its expressions were resolved. */
  input: Record<string, unknown>;
  catalog: Catalog;
  /** Who confirmed; null while planning. */
  actor: Actor | null;
  /** What a person recorded (`manual`), or their sentence; null otherwise. */
  outcome: string | null;
  /** The action's own memory of moves it has already made in this step; null before the first. */
  progress: unknown;
  now(): number;
  /** Data ms per wall ms: waits on outside systems are wall time. */
  speed(): number;
  /** Says how far it is, in a line that is kept and shown beside the step while it runs. */
  emit(line: string): void;
  signal: AbortSignal;
  log: Log;
}

/** What a plan gives: the document people see, and what undo would restore. */
export interface Planned {
  plan: Plan;
  /** What stands there now; kept at apply, restored by undo. Null where there is nothing to restore. */
  capture: unknown;
}

/** One move of a change, bound to the plan that a person confirmed. */
export interface Move {
  plan: Plan;
  captured: unknown;
  /** The action's own memory as it was before this move; null before the first. In `follow`, `hold` and `leaves`: as it is now. */
  progress: unknown;
  /** The same for every try of this effect, also after a crash. */
  key: string;
}

/** What a move did. `hold` means that another move follows once the first is judged. */
export interface Applied {
  next: 'done' | 'hold';
  progress: unknown;
  /** Shown beside the step: receipt, operation record, note. */
  evidence: unknown;
  outputs: Record<string, unknown>;
}

/** The target's real state, seen against what a move was to bring about. */
export interface Observed {
  state: 'done' | 'not_done' | 'unknown';
  text: string;
  /** When done: what `apply` would have returned, for a process that took over and never saw it. */
  applied?: Applied;
}

/** How far an effect has come after its outcome was recorded. */
export interface Followed {
  evidence: unknown;
  progress: unknown;
  /** When the effect was in force; null while it is not known to be. */
  effectAt: number | null;
  /** True when nothing more will be learned. */
  ended: boolean;
  /** Why the effect did not come about, when that is certain. */
  failed: string | null;
  /** Data ms until the next look. */
  lookIn: number;
  /** What was learned by following it; kept beside what `apply` gave. */
  outputs?: Record<string, unknown>;
  /** True when nothing of it can be taken back any more. */
  settled?: boolean;
}

/** The judgement of a first move. `ask` leaves it to a person. */
export interface Held {
  verdict: 'wait' | 'go' | 'ask' | 'worse';
  text: string;
  progress: unknown;
  lookIn: number;
}

/** What a finished change leaves behind, and what it clears. */
export interface LeftBehind {
  followUp:
    | (Pick<FollowUp, 'kind' | 'target' | 'title' | 'service' | 'owner' | 'wayBack'> & {
        /** Data ms from when it is opened until it is due; null for no date. */
        dueIn: number | null;
      })
    | null;
  /** Target whose follow-ups are cleared by this change; null for none. */
  clears: string | null;
  /** Target on which what this change cleared stands again, now that it is undone; null or absent for none. */
  reopens?: string | null;
  /** When the change was confirmed that cleared it, data ms; absent where that is this step. */
  clearedSince?: number;
}

/** What is done about an effect that was declared and whose outcome nobody recorded. */
export type Recovery = 'verifiable' | 'idempotent' | 'ask';

/**
 * One runbook action. `plan` reads the world and writes nothing; `apply` and `undo` write once and are never
 * retried by themselves; `observe` answers from the target's real state. All of them may throw AppError:
 * `plan_stale` (a conditional write lost), `unavailable` (not known to be taken), anything else is a refusal.
 */
export interface Action {
  uses: string;
  /** After a crash between intent and outcome: look at the target, fire again with the same key, or ask a person. */
  recovery: Recovery | ((plan: Plan) => Recovery);
  /** True when a move may be made again with the same key though its target cannot be read: it sets what it says, whatever stands there. */
  repeatable?(move: Move, direction: 'apply' | 'undo'): boolean;
  plan(context: ActionContext): Promise<Planned>;
  apply(context: ActionContext, move: Move): Promise<Applied>;
  observe(context: ActionContext, move: Move, direction: 'apply' | 'undo'): Promise<Observed>;
  undo?(context: ActionContext, move: Move): Promise<Applied>;
  /** Whether nothing of a change can be taken back any more, so that an undo which failed is not asked for again; absent where an undo always can. */
  settled?(context: ActionContext, move: Move): Promise<boolean>;
  /** Whether a finished change still stands as it was left; absent where nobody else can move the target. Throws when it cannot be read. */
  stands?(context: ActionContext, move: Move): Promise<{ still: boolean; text: string }>;
  /** Looks at a change that is done but not yet proven obeyed; absent when the outcome is the effect. */
  follow?(context: ActionContext, move: Move, evidence: unknown, doneAt: number): Promise<Followed>;
  /** Judges the first of two moves. */
  hold?(context: ActionContext, move: Move): Promise<Held>;
  leaves?(context: ActionContext, move: Move, direction: 'apply' | 'undo'): LeftBehind;
}

/** The closed catalogue, by `uses`. */
export type Actions = ReadonlyMap<string, Action>;
