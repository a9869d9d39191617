import type { FlagMix } from './make-minute.ts';
import type { ServiceProfile } from './profile.ts';
import { sequence } from './random.ts';
import type { SdkFleet } from './sdk-fleet.ts';
import type { TrafficShare } from './seams.ts';

/** Real evaluations per service and real second, at most. */
const evaluationsPerSecond = 200;
/** Evaluations a minute should have before it is sealed, if the limit allows. */
const wantedPerMinute = 60;

/** What was seen of one service in the running minute: who the flags answered on for, and where traffic went. */
export interface LiveMeter {
  /** Up to `requests` requests arrive now; as many as the limit allows are really evaluated. */
  sample(requests: number, traffic: TrafficShare[], wallMs: number): void;
  /** The minute is over: its mix of flags and of traffic, and the requests each evaluation stands for. */
  seal(
    requests: number,
    traffic: TrafficShare[],
    wallMs: number,
  ): { mix: FlagMix[]; traffic: TrafficShare[]; weight: number };
}

/** A meter for one service; the people who ask are drawn from the profile's users. */
export function createLiveMeter(seed: string, profile: ServiceProfile, fleet: Pick<SdkFleet, 'evaluate'>): LiveMeter {
  const next = sequence(seed, profile.service.id, 'people');
  let seen = new Map<string, { on: ReadonlySet<string>; count: number }>();
  let before: FlagMix[] = [{ on: new Set(), share: 1 }];
  let shares = new Map<string, number>();
  let tokens = evaluationsPerSecond;
  let last: number | null = null;
  let carried = 0;

  const refill = (wallMs: number) => {
    if (last !== null)
      tokens = Math.min(evaluationsPerSecond, tokens + ((wallMs - last) / 1000) * evaluationsPerSecond);
    last = wallMs;
  };
  const evaluate = (count: number) => {
    for (let i = 0; i < count && tokens >= 1; i++) {
      const on = fleet.evaluate(`user-${Math.floor(next() * profile.users)}`);
      if (!on) return;
      tokens--;
      const key = [...on].join(' ');
      const found = seen.get(key);
      if (found) found.count++;
      else seen.set(key, { on, count: 1 });
    }
  };
  const note = (traffic: TrafficShare[]) => {
    for (const { revision, share } of traffic) shares.set(revision, (shares.get(revision) ?? 0) + share);
  };

  return {
    sample(requests, traffic, wallMs) {
      refill(wallMs);
      carried += requests;
      const whole = Math.floor(carried);
      carried -= whole;
      evaluate(whole);
      note(traffic);
    },
    seal(requests, traffic, wallMs) {
      refill(wallMs);
      const have = [...seen.values()].reduce((sum, { count }) => sum + count, 0);
      evaluate(wantedPerMinute - have);
      if (shares.size === 0) note(traffic);
      const cells = [...seen.values()];
      const evaluated = cells.reduce((sum, { count }) => sum + count, 0);
      // A minute that could not be asked about answers as the one before it did.
      const mix = evaluated > 0 ? cells.map(({ on, count }) => ({ on, share: count / evaluated })) : before;
      const all = [...shares.values()].reduce((a, b) => a + b, 0);
      const result = [...shares].map(([revision, share]) => ({ revision, share: share / all }));
      before = mix;
      seen = new Map();
      shares = new Map();
      return { mix, traffic: result, weight: evaluated > 0 ? requests / evaluated : 0 };
    },
  };
}
