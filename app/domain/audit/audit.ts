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
