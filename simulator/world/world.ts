import type { Harm } from './harm.ts';
import { arrivals } from './history.ts';
import { createLiveMeter, type LiveMeter } from './live-meter.ts';
import { type FlagMix, makeMinute } from './make-minute.ts';
import type { MinuteRecord } from './minute-record.ts';
import { expectedRequests, type ServiceProfile } from './profile.ts';
import { sequence } from './random.ts';
import type { SdkFleet } from './sdk-fleet.ts';
import type { SimClock, TrafficShare } from './seams.ts';
import type { TrafficRatio } from './state.ts';

/** What a service did in its last sealed minute, for people who look at the world itself. */
export interface ServiceView {
  service: string;
  minute: number;
  requests: number;
  failed: number;
  /** Requests that one real flag evaluation stands for. */
  weight: number;
  exposures: Record<string, number>;
  traffic: TrafficShare[];
}

/** The lived part of the world: turns time into minutes. */
export interface World {
  /** Seals every minute that has ended, in order, and samples the running one. */
  tick(): void;
  views(): ServiceView[];
}

interface Running {
  profile: ServiceProfile;
  fleet: SdkFleet;
  meter: LiveMeter;
  /** The minute that is open. */
  minute: number;
  sampledTo: number;
  view: ServiceView | null;
}

/** Services that live from `nextMinute` on. `sealed` hears of each finished minute, all services of a minute together. */
export function createWorld(options: {
  seed: string;
  clock: SimClock;
  services: { profile: ServiceProfile; fleet: SdkFleet }[];
  nextMinute: (service: string) => number;
  trafficOf: (service: string) => TrafficShare[];
  /** Speed that SDKs keep the pace of; null for the clock's own. */
  sdkSpeed: number | null;
  harms: () => readonly Harm[];
  ratios: () => readonly TrafficRatio[];
  sealed: (records: MinuteRecord[]) => void;
}): World {
  const { seed, clock } = options;
  const running: Running[] = options.services.map(({ profile, fleet }) => {
    const minute = options.nextMinute(profile.service.id);
    const meter = createLiveMeter(seed, profile, fleet);
    return { profile, fleet, meter, minute, sampledTo: minute * 60_000, view: null };
  });

  const ratio = (service: string, minute: number) => {
    let factor = 1;
    for (const one of options.ratios()) {
      if (one.service !== service) continue;
      const from = Math.max(minute * 60_000, one.from);
      const to = Math.min((minute + 1) * 60_000, one.to ?? Number.POSITIVE_INFINITY);
      const covered = Math.max(0, to - from) / 60_000;
      factor *= 1 - covered + covered * one.ratio;
    }
    return factor;
  };

  const seal = (one: Running): MinuteRecord => {
    const { profile, minute } = one;
    const id = profile.service.id;
    const requests = Math.round(arrivals(seed, profile, minute) * ratio(id, minute));
    const { mix, traffic, weight } = one.meter.seal(requests, options.trafficOf(id), clock.wall());
    const next = sequence(seed, id, minute, 'lived');
    const record = makeMinute({ profile, minute, requests, traffic, mix, harms: [...options.harms()], next });
    const failed = record.failures.reduce((sum, cell) => sum + cell.count, 0);
    const exposures = exposuresOf(profile, mix);
    one.view = { service: id, minute, requests, failed, weight, exposures, traffic };
    one.minute++;
    one.sampledTo = one.minute * 60_000;
    return record;
  };

  return {
    tick() {
      const now = clock.now();
      const open = Math.floor(now / 60_000);
      for (;;) {
        const behind = running.filter((one) => one.minute < open);
        if (behind.length === 0) break;
        const first = Math.min(...behind.map((one) => one.minute));
        options.sealed(behind.filter((one) => one.minute === first).map(seal));
      }
      const speed = options.sdkSpeed ?? clock.speed();
      for (const one of running) {
        one.fleet.setSpeed(speed);
        const elapsed = now - one.sampledTo;
        if (elapsed <= 0) continue;
        one.sampledTo = now;
        const id = one.profile.service.id;
        const arriving = (expectedRequests(one.profile, one.minute) * ratio(id, one.minute) * elapsed) / 60_000;
        one.meter.sample(arriving, options.trafficOf(id), clock.wall());
      }
    },
    views: () => running.flatMap(({ view }) => (view ? [view] : [])),
  };
}

function exposuresOf(profile: ServiceProfile, mix: FlagMix[]): Record<string, number> {
  return Object.fromEntries(
    profile.service.flags.map(({ name }) => [
      name,
      mix.reduce((sum, { on, share }) => sum + (on.has(name) ? share : 0), 0),
    ]),
  );
}
