import type { LastSeen } from '#app/components/runbook/offline/last-seen.tsx';
import type { SeenService } from '#app/components/runbook/offline/offline-service.tsx';
import type { FlagEnvironmentState, FlagState } from '#app/domain/flag/flag.ts';
import { inForce, type TrafficState } from '#app/domain/service/traffic.ts';
import { systemClock } from '#app/platform/clock.ts';
import { openDb } from '#app/platform/db.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';

/** What the console's database last knew, by name. */
export interface OfflineKnown {
  flags: Map<string, LastSeen<FlagEnvironmentState[]>>;
  services: Map<string, LastSeen<SeenService>>;
}

/** Nothing but the files. */
export const knowsNothing: OfflineKnown = { flags: new Map(), services: new Map() };

const readWithin = 10_000;

/** Reads what the console last saw of flags and services. Throws when its database cannot be read. */
export async function readKnown(url: string): Promise<OfflineKnown> {
  const handle = openDb(url, { max: 1, onError: () => undefined });
  try {
    const observations = createObservationStore(handle.db);
    const both = Promise.all([
      observations.get<FlagState[]>('unleash', 'flags'),
      observations.all<SeenTraffic>('cloud-run', 'service/'),
    ]);
    const late = new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error('it does not answer')), readWithin).unref();
    });
    const [flags, services] = await Promise.race([both, late]);
    const now = systemClock.wall();
    const seen = <T>(value: T, at: number): LastSeen<T> => ({ value, at, age: Math.max(0, now - at) });
    return {
      flags: new Map(
        (flags.at === null ? [] : (flags.value ?? [])).map((state) => [
          state.flag,
          seen(state.environments, flags.at!),
        ]),
      ),
      services: new Map(
        Object.entries(services).flatMap(([key, { value, at }]) =>
          value === null || at === null ? [] : [[key.slice('service/'.length), seen(shown(value), at)] as const],
        ),
      ),
    };
  } finally {
    await handle.close();
  }
}

interface SeenTraffic {
  service: Pick<TrafficState, 'trafficStatuses' | 'latestReadyRevision'>;
  revisions: { name: string; createdAt: number; ready: boolean }[];
}

/** Only what a page shows: an observation holds every variable of every revision. */
function shown({ service, revisions }: SeenTraffic): SeenService {
  return {
    traffic: Object.entries(inForce(service)).map(([revision, percent]) => ({ revision, percent })),
    revisions: [...revisions]
      .sort((a, b) => b.createdAt - a.createdAt)
      .map(({ name, createdAt, ready }) => ({ name, createdAt, ready })),
  };
}
