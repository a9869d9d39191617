import { type Harm, harmOverlap, harmStrikes } from './harm.ts';
import { latencyBounds, type MinuteRecord } from './minute-record.ts';
import { createTally } from './minute-tally.ts';
import type { Route, ServiceProfile } from './profile.ts';
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
const timeoutShares = latencyBounds.map(() => 0).concat(1);

/** The requests of one minute, drawn by revision, flags and harms; counts of all cells sum to `requests`. */
export function makeMinute(input: MinuteInput): MinuteRecord {
  const { profile, minute, next } = input;
  const { service, routes } = profile;
  const tally = createTally(
    service.flags.map((flag) => flag.name),
    next,
  );
  const active = input.harms
    .filter((harm) => harm.service === service.id)
    .map((harm) => ({ harm, overlap: harmOverlap(harm, minute) }))
    .filter(({ overlap }) => overlap > 0);

  const fail = (revision: string, on: ReadonlySet<string>, count: number, kinds: Harm['failures'], route: Route) => {
    if (count === 0) return;
    const counts = split(count, kinds, (kind) => kind.weight);
    for (const [i, { code, message }] of kinds.entries()) {
      tally.end(revision, on, code, counts[i]!, code === 504 ? timeoutShares : profile.latencyShares);
      tally.fail(revision, route, code, message, counts[i]!);
    }
  };

  const byRevision = split(input.requests, input.traffic, (entry) => entry.share);
  for (const [r, { revision }] of input.traffic.entries()) {
    const byFlags = split(byRevision[r]!, input.mix, (entry) => entry.share);
    for (const [m, { on }] of input.mix.entries()) {
      let left = byFlags[m]!;
      if (left === 0) continue;
      let slow = 0;
      for (const { harm, overlap } of active) {
        if (!harmStrikes(harm, revision, on)) continue;
        const failed = binomial(left, harm.failShare * overlap, next);
        // What breaks is what the service is for: its busiest route.
        fail(revision, on, failed, harm.failures, routes[0]!);
        left -= failed;
        slow = Math.max(slow, harm.slowShare * overlap);
      }
      const failed = binomial(left, profile.errorShare, next);
      for (let i = 0; i < failed; i++)
        fail(
          revision,
          on,
          1,
          [draw(ordinary, (kind) => kind.weight, next())],
          draw(routes, (route) => route.share, next()),
        );
      const refused = binomial(left - failed, clientErrorShare, next);
      tally.end(revision, on, 404, refused, profile.latencyShares);
      const fine = left - failed - refused;
      const slowed = slow > 0 ? binomial(fine, slow, next) : 0;
      tally.end(revision, on, 200, fine - slowed, profile.latencyShares);
      tally.end(revision, on, 200, slowed, profile.slowShares);
    }
  }
  return tally.record(service.id, minute);
}

/** `total` split by shares into whole numbers that sum to it. */
function split<T>(total: number, parts: readonly T[], shareOf: (part: T) => number): number[] {
  if (parts.length === 1) return [total];
  const sum = parts.reduce((all, part) => all + shareOf(part), 0);
  let share = 0;
  let given = 0;
  return parts.map((part) => {
    share += shareOf(part);
    const upTo = Math.round((total * share) / sum);
    const own = upTo - given;
    given = upTo;
    return own;
  });
}

/** The part that a number in [0, 1) falls on. */
function draw<T>(parts: readonly T[], shareOf: (part: T) => number, at: number): T {
  let rest = at;
  for (const part of parts) {
    rest -= shareOf(part);
    if (rest < 0) return part;
  }
  return parts.at(-1)!;
}
