import type { PagerDutyIncident } from './incident.ts';

/** A PagerDuty incident with the moment (data ms) its read began. */
export interface Read {
  body: Pick<PagerDutyIncident, 'updatedAt'>;
  readAt: number;
}

/**
 * True when a read may replace what is stored. PagerDuty's own time of the last change decides; between equals, or
 * where one lacks it, the read that began later. Reads that overtake each other therefore end at the newest state.
 */
export function mayReplace(stored: Read | null, incoming: Read): boolean {
  if (!stored) return true;
  const before = stored.body.updatedAt ?? null;
  const after = incoming.body.updatedAt ?? null;
  if (before !== null && after !== null && before !== after) return after > before;
  return incoming.readAt >= stored.readAt;
}
