import {
  type FailureCell,
  type FlagCell,
  latencyBounds,
  type MinuteRecord,
  type RequestCell,
} from './minute-record.ts';
import type { Route } from './profile.ts';
import { binomial } from './random.ts';

const bucketCount = latencyBounds.length + 1;
const middles = Array.from({ length: bucketCount }, (_, i) =>
  i === 0 ? 6 : i === bucketCount - 1 ? 12_000 : (latencyBounds[i - 1]! + latencyBounds[i]!) / 2,
);

/** Counts the ends of a minute's requests into its cells. */
export interface MinuteTally {
  /** `count` requests ended with `code`, as fast as `latencyShares` says; `on` are the flags that answered on for them. */
  end(revision: string, on: ReadonlySet<string>, code: number, count: number, latencyShares: readonly number[]): void;
  /** `count` of those that ended badly did so on `route` and logged `message`. */
  fail(revision: string, route: Route, code: number, message: string, count: number): void;
  record(service: string, minute: number): MinuteRecord;
}

/** An empty tally for a service with `flags`. */
export function createTally(flags: readonly string[], next: () => number): MinuteTally {
  const requests: RequestCell[] = [];
  const flagCells: FlagCell[] = [];
  const failures: FailureCell[] = [];
  return {
    end(revision, on, code, count, latencyShares) {
      if (count === 0) return;
      let cell = requests.find((one) => one.code === code && one.revision === revision);
      if (!cell) {
        cell = { revision, code, count: 0, latencySum: 0, latency: new Array<number>(bucketCount).fill(0) };
        requests.push(cell);
      }
      cell.count += count;
      spread(cell, count, latencyShares, next);
      const codeClass = `${Math.floor(code / 100)}xx`;
      for (const flag of flags) {
        const enabled = on.has(flag);
        const found = flagCells.find(
          (one) =>
            one.flag === flag && one.enabled === enabled && one.codeClass === codeClass && one.revision === revision,
        );
        if (found) found.count += count;
        else flagCells.push({ revision, flag, enabled, codeClass, count });
      }
    },
    fail(revision, { method, path }, code, message, count) {
      if (count === 0) return;
      const found = failures.find(
        (one) =>
          one.path === path &&
          one.method === method &&
          one.code === code &&
          one.message === message &&
          one.revision === revision,
      );
      if (found) found.count += count;
      else failures.push({ revision, method, path, code, message, count });
    },
    record: (service, minute) => ({ service, minute, requests, flags: flagCells, failures }),
  };
}

/** Spreads `count` requests over the buckets: expected shares with their natural scatter. */
function spread(cell: RequestCell, count: number, shares: readonly number[], next: () => number): void {
  let left = count;
  let shareLeft = 1;
  for (let i = 0; i < bucketCount && left > 0; i++) {
    const share = shares[i]!;
    const last = i === bucketCount - 1 || shareLeft <= share;
    const here = last ? left : binomial(left, share / shareLeft, next);
    shareLeft -= share;
    if (here === 0) continue;
    left -= here;
    cell.latency[i]! += here;
    cell.latencySum += here * middles[i]!;
  }
}
