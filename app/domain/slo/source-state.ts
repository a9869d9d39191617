import { minuteMs } from './series.ts';

/** What is known of an SLO's source. Times data ms. */
export interface SourceState {
  /** Last successful read. */
  readAt: number | null;
  /** What the last failure said; null after a success. */
  error: string | null;
  /** When the present row of failures began. */
  errorAt: number | null;
  /** Since when no point has come although many were due; null while they come. */
  silentFrom: number | null;
}

/** A source that nobody has looked at. */
export const unread: SourceState = { readAt: null, error: null, errorAt: null, silentFrom: null };

/** A silent source's minutes are incomplete from here back by `settle`; by then their last points were due. */
export function isBlind(silentFrom: number | null, settle: number, now: number): boolean {
  return silentFrom !== null && now - silentFrom > settle + minuteMs;
}
