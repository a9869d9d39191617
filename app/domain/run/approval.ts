import type { ApprovalRule } from '../approval/rule.ts';
import type { Actor } from './run.ts';

/** How an approval that was asked for ended. */
export type ApprovalOutcome =
  | 'approved'
  | 'rejected'
  | 'withdrawn'
  | 'void'
  | 'expired'
  | 'broken-glass'
  | 'called-off';

/** Somebody asks others to approve exactly one plan. Times are data time, ms. */
export interface ApprovalRequest {
  id: string;
  runId: string;
  stepId: string;
  planHash: string;
  /** Why, in the requester's words. */
  reason: string;
  requester: Actor;
  askedAt: number;
  expiresAt: number;
  /** What was asked for when it was asked; what counts is what the files say when it is decided. */
  rules: (ApprovalRule & { of: string })[];
  /** Who said yes, as they were then, in order. */
  approvals: { actor: Actor; at: number }[];
  outcome: ApprovalOutcome | null;
  endedAt: number | null;
  /** Mail address of who ended it, `engine` where time or the world did; null while it waits. */
  endedBy: string | null;
  endedReason: string | null;
}

/** Somebody acted without the approvals, or in a freeze; a second person owes a sign-off. */
export interface BrokenGlass {
  runId: string;
  stepId: string;
  at: number;
  by: Actor;
  reason: string;
  /** What stood in the way, one sentence. */
  missing: string;
  /** Who had asked for it, when that was somebody else. */
  requester: Actor | null;
  followUpId: string;
  dueAt: number;
  /** Name of who looked at it afterwards, when, and what they say; null while it is owed. */
  signedBy: string | null;
  signedAt: number | null;
  signedText: string | null;
}

/** How long approvals are waited for, ms of data time. */
export const approvalWaits = 24 * 3_600_000;
/** Said when that time is over. */
export const tooLate = 'Nobody approved this in time. Read the plan, then ask again.';
/** How long the second person has for the sign-off, ms of data time. */
export const signOffWithin = 24 * 3_600_000;
/** Shortest reason for breaking the glass, characters. */
export const shortestGlassReason = 10;

/** Null when this person may sign a broken glass off; else why not. Neither who broke it nor who asked for the change may. */
export function whyNotSignOff(
  glass: Pick<BrokenGlass, 'by' | 'requester' | 'signedBy'>,
  person: Pick<Actor, 'email'>,
): string | null {
  if (glass.signedBy !== null) return `${glass.signedBy} has signed this off.`;
  const mail = person.email.toLowerCase();
  if (glass.by.email.toLowerCase() === mail) return 'You broke the glass: a second person signs it off.';
  if (glass.requester?.email.toLowerCase() === mail) return 'You asked for this change: somebody else signs it off.';
  return null;
}
