import type { Actor } from '../run/run.ts';

/** One line of the append-only audit. `hash` = SHA-256(prev ‖ canonical text of the rest). */
export interface AuditEntry {
  seq: number;
  at: number;
  actor: string;
  action: string;
  target: string;
  runId: string | null;
  stepId: string | null;
  reason: string | null;
  before: unknown;
  after: unknown;
  address: string | null;
  prev: string;
  hash: string;
}

/** Who stands on a line for a decision: the person, and the API key by which a program decided in their name. */
export function decidedBy({ email, key }: Pick<Actor, 'email' | 'key'>): string {
  return key === undefined ? email : `${email} (key ${key})`;
}

/** What verifying the whole audit chain found; kept as the observation `firebreak/audit`. */
export interface AuditChain {
  ok: boolean;
  /** First broken sequence number; null when the chain holds. */
  brokenAt: number | null;
  entries: number;
}
