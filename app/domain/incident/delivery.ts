import type { IncidentLevel } from './incident.ts';

/** Where a page or ticket is on its way. Times data ms. */
export type DeliveryState =
  | { kind: 'waiting' }
  | { kind: 'retrying'; error: string; tries: number; nextAt: number }
  | { kind: 'delivered'; at: number }
  | { kind: 'refused'; error: string }
  | { kind: 'held-back'; why: string; at: number };

/** One thing told to the outside about an incident: that it opens, or that it is over. */
export interface SentEvent {
  id: string;
  incident: string;
  level: IncidentLevel;
  /** True when it goes to a declared endpoint; else to PagerDuty. */
  toEndpoint: boolean;
  action: 'trigger' | 'acknowledge' | 'resolve';
  summary: string;
  /** When it was decided. */
  at: number;
  state: DeliveryState;
}

/** The state of a delivery from what is stored of it; `never` is the next try of one that has none. */
export function deliveryState(
  row: {
    delivered_at: number | null;
    held_back_at: number | null;
    error: string | null;
    attempts: number;
    next_at: number;
  },
  never: number,
): DeliveryState {
  const error = row.error ?? '';
  if (row.delivered_at !== null) return { kind: 'delivered', at: row.delivered_at };
  if (row.held_back_at !== null) return { kind: 'held-back', why: error, at: row.held_back_at };
  if (row.next_at === never) return { kind: 'refused', error };
  if (row.error !== null) return { kind: 'retrying', error, tries: row.attempts, nextAt: row.next_at };
  return { kind: 'waiting' };
}
