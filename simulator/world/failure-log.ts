import type { FailureCell, MinuteRecord } from './minute-record.ts';

/** The failed requests of every minute, for the logs. */
export interface FailureLog {
  add(record: MinuteRecord): void;
  of(service: string, minute: number): FailureCell[];
  /** First and last minute known of any service; null while empty. */
  range(): { first: number; last: number } | null;
}

/** An empty log. */
export function createFailureLog(): FailureLog {
  const cells = new Map<string, Map<number, FailureCell[]>>();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  return {
    add({ service, minute, failures }) {
      first = Math.min(first, minute);
      last = Math.max(last, minute);
      if (failures.length === 0) return;
      let own = cells.get(service);
      if (!own) {
        own = new Map();
        cells.set(service, own);
      }
      own.set(minute, failures);
    },
    of: (service, minute) => cells.get(service)?.get(minute) ?? [],
    range: () => (first <= last ? { first, last } : null),
  };
}
