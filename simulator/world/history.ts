import type { Harm } from './harm.ts';
import { type FlagMix, makeMinute } from './make-minute.ts';
import type { MinuteRecord } from './minute-record.ts';
import { expectedRequests, type ServiceProfile } from './profile.ts';
import { poisson, sequence } from './random.ts';
import { initialRevisions } from './revisions.ts';

/** Days of history before the world's start. */
export const historyDays = 35;

/** Requests that arrive in a minute when nothing holds traffic back. */
export function arrivals(seed: string, profile: ServiceProfile, minute: number): number {
  return poisson(expectedRequests(profile, minute), sequence(seed, profile.service.id, minute, 'arrivals'));
}

/**
 * Every minute of a service from 35 days before `worldStart` up to it: a pure function of its arguments.
 * `exposures` are the shares of requests for which each flag answered on in that time.
 */
export function* history(
  seed: string,
  profile: ServiceProfile,
  worldStart: number,
  harms: Harm[],
  exposures: Record<string, number>,
): Generator<MinuteRecord> {
  const revisions = initialRevisions(seed, profile.service.target.service, worldStart);
  const mix = independentMix(exposures);
  const until = Math.floor(worldStart / 60_000);
  let current = 0;
  for (let minute = until - historyDays * 1440; minute < until; minute++) {
    while (revisions[current + 1] && revisions[current + 1]!.createdAt <= minute * 60_000) current++;
    yield makeMinute({
      profile,
      minute,
      requests: arrivals(seed, profile, minute),
      traffic: [{ revision: revisions[current]!.name, share: 1 }],
      mix,
      harms: harms.filter((harm) => harm.from < (minute + 1) * 60_000 && (harm.to ?? 0) > minute * 60_000),
      next: sequence(seed, profile.service.id, minute, 'history'),
    });
  }
}

/** Every combination of flags with its share, as if each were answered independently of the others. */
function independentMix(exposures: Record<string, number>): FlagMix[] {
  let mix: FlagMix[] = [{ on: new Set(), share: 1 }];
  for (const [flag, exposure] of Object.entries(exposures)) {
    mix = mix.flatMap(({ on, share }) => [
      { on: new Set([...on, flag]), share: share * exposure },
      { on, share: share * (1 - exposure) },
    ]);
  }
  return mix.filter(({ share }) => share > 0);
}
