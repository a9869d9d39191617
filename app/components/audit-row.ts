import type { AuditEntry } from '../domain/audit/audit.ts';

/** An audit line for reading: before, after and the chain's hashes as one text. */
export interface AuditRow
  extends Pick<AuditEntry, 'seq' | 'at' | 'actor' | 'action' | 'target' | 'runId' | 'reason' | 'address'> {
  details: string;
}

/** Shapes an entry for the page; before and after are values of any kind, so they become text on the server. */
export function auditRow(entry: AuditEntry): AuditRow {
  const { seq, at, actor, action, target, runId, reason, address } = entry;
  const details = [
    entry.stepId && `step ${entry.stepId}`,
    entry.before !== null && `before ${JSON.stringify(entry.before, null, 1)}`,
    entry.after !== null && `after ${JSON.stringify(entry.after, null, 1)}`,
    `hash ${entry.hash}`,
    `previous ${entry.prev}`,
  ];
  return { seq, at, actor, action, target, runId, reason, address, details: details.filter(Boolean).join('\n') };
}
