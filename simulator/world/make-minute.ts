import { type Harm, harmOverlap, harmStrikes } from './harm.ts';
import {
  type FailureCell,
  type FlagCell,
  latencyBounds,
  type MinuteRecord,
  type RequestCell,
} from './minute-record.ts';
import type { ServiceProfile } from './profile.ts';
import { binomial } from './random.ts';
import type { TrafficShare } from './seams.ts';

/** A share of the requests for which exactly the flags in `on` answered on. */
export interface FlagMix {
  on: ReadonlySet<string>;
  share: number;
}

/** What a minute of a service is made of. */
export interface MinuteInput {
  profile: ServiceProfile;
  minute: number;
  requests: number;
  traffic: TrafficShare[];
  mix: FlagMix[];
  harms: Harm[];
  /** Numbers in [0, 1): the same sequence makes the same minute. */
  next: () => number;
}

const clientErrorShare = 0.012;
const ordinary = [
  { code: 500, weight: 0.6, message: 'unexpected end of upstream response' },
  { code: 503, weight: 0.4, message: 'no instance was available in time' },
];
const bucketCount = latencyBounds.length + 1;
const middles = Array.from({ length: bucketCount }, (_, i) =>
  i === 0 ? 6 : i === bucketCount - 1 ? 12_000 : (latencyBounds[i - 1]! + latencyBounds[i]!) / 2,
);

/** The requests of one minute, drawn by revision, flags and harms; counts of all cells sum to `requests`. */
export function makeMinute(input: MinuteInput): MinuteRecord {
  const { profile, minute, next } = input;
  const requests = new Map<string, RequestCell>();
  const flags = new Map<string, FlagCell>();
  const failures = new Map<string, FailureCell>();
  const names = profile.service.flags.map((flag) => flag.name);
  const active = input.harms
    .filter((harm) => harm.service === profile.service.id)
    .map((harm) => ({ harm, overlap: harmOverlap(harm, minute) }))
    .filter(({ overlap }) => overlap > 0);

  const end = (revision: string, on: ReadonlySet<string>, code: number, count: number, shares: number[]) => {
    if (count === 0) return;
    const key = `${revision} ${code}`;
    let cell = requests.get(key);
    if (!cell) {
      cell = { revision, code, count: 0, latencySum: 0, latency: new Array<number>(bucketCount).fill(0) };
      requests.set(key, cell);
    }
    cell.count += count;
    addLatencies(cell, count, shares, next);
    const codeClass = `${Math.floor(code / 100)}xx`;
    for (const flag of names) {
      const enabled = on.has(flag);
      const at = `${revision} ${flag} ${enabled} ${codeClass}`;
      const found = flags.get(at);
      if (found) found.count += count;
      else flags.set(at, { revision, flag, enabled, codeClass, count });
    }
  };
  const fail = (revision: string, on: ReadonlySet<string>, count: number, kinds: Harm['failures']) => {
    for (const [kind, n] of kinds.map(
      (k, i) =>
        [
          k,
          splitAt(
            count,
            kinds.map((x) => x.weight),
            i,
          ),
        ] as const,
    )) {
      if (n === 0) continue;
      end(revision, on, kind.code, n, kind.code === 504 ? timeoutShares : profile.latencyShares);
      for (const [i, route] of profile.routes.entries()) {
        const routed = splitAt(
          n,
          profile.routes.map((r) => r.share),
          i,
        );
        if (routed === 0) continue;
        const { method, path } = route;
        const key = `${revision} ${path} ${method} ${kind.code} ${kind.message}`;
        const found = failures.get(key);
        if (found) found.count += routed;
        else failures.set(key, { revision, method, path, code: kind.code, message: kind.message, count: routed });
      }
    }
  };

  const shares = input.traffic.map((entry) => entry.share);
  for (const [r, { revision }] of input.traffic.entries()) {
    const onRevision = splitAt(input.requests, shares, r);
    for (const [m, { on }] of input.mix.entries()) {
      let left = splitAt(
        onRevision,
        input.mix.map((entry) => entry.share),
        m,
      );
      if (left === 0) continue;
      let slow = 0;
      for (const { harm, overlap } of active) {
        if (!harmStrikes(harm, revision, on)) continue;
        const failed = binomial(left, harm.failShare * overlap, next);
        fail(revision, on, failed, harm.failures);
        left -= failed;
        slow = Math.max(slow, harm.slowShare * overlap);
      }
      const failed = binomial(left, profile.errorShare, next);
      if (failed > 0) fail(revision, on, failed, ordinary);
      const refused = binomial(left - failed, clientErrorShare, next);
      end(revision, on, 404, refused, profile.latencyShares);
      const fine = left - failed - refused;
      const slowed = slow > 0 ? binomial(fine, slow, next) : 0;
      end(revision, on, 200, fine - slowed, profile.latencyShares);
      end(revision, on, 200, slowed, profile.slowShares);
    }
  }
  return {
    service: profile.service.id,
    minute,
    requests: [...requests.values()],
    flags: [...flags.values()],
    failures: [...failures.values()],
  };
}

const timeoutShares = Array.from({ length: bucketCount }, (_, i) => (i === bucketCount - 1 ? 1 : 0));

/** Part `index` of `total` split by `shares`, whole numbers that sum to the total. */
function splitAt(total: number, shares: readonly number[], index: number): number {
  let before = 0;
  for (let i = 0; i < index; i++) before += shares[i]!;
  const sum = shares.reduce((a, b) => a + b, 0);
  return Math.round((total * (before + shares[index]!)) / sum) - Math.round((total * before) / sum);
}

/** Spreads `count` requests over the buckets: expected shares with their natural scatter. */
function addLatencies(cell: RequestCell, count: number, shares: readonly number[], next: () => number): void {
  let left = count;
  let shareLeft = 1;
  for (let i = 0; i < bucketCount && left > 0; i++) {
    const share = shares[i]!;
    const here = shareLeft <= share ? left : binomial(left, share / shareLeft, next);
    shareLeft -= share;
    if (here === 0) continue;
    left -= here;
    cell.latency[i]! += here;
    cell.latencySum += here * middles[i]!;
  }
  if (left > 0) {
    cell.latency[bucketCount - 1]! += left;
    cell.latencySum += left * middles[bucketCount - 1]!;
  }
}
