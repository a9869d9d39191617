import { beforeEach, expect, test } from 'vitest';
import type { CloudRunService, ObservedService, TrafficTarget } from '#app/clients/cloud-run/port.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import { cloudRunTask } from '#app/engine/world/cloud-run.server.ts';
import type { Observation } from '#app/stores/stores.ts';

const latest: TrafficTarget[] = [{ revision: null, percent: 100, tag: null }];
const byName: TrafficTarget[] = [{ revision: 'v1', percent: 100, tag: null }];

let now: number;
let traffic: TrafficTarget[];
let seen: Observation<ObservedService>;
let look: () => Promise<void>;

beforeEach(() => {
  now = 1_000_000;
  seen = { value: null, at: null, error: null, errorAt: null };
  const service = (): CloudRunService => ({
    name: 'voiceover',
    etag: 'e',
    generation: '1',
    observedGeneration: '1',
    reconciling: false,
    ready: true,
    traffic,
    trafficStatuses: traffic,
    latestReadyRevision: 'v1',
    latestCreatedRevision: 'v1',
  });
  const catalog = { services: [{ id: 'voiceover', cloudRun: { project: 'p', region: 'r', service: 'voiceover' } }] };
  const task = cloudRunTask({
    cloudRun: { service: async () => service(), revisions: async () => [] } as never,
    observations: {
      get: async () => seen as never,
      all: async () => ({}),
      saw: async (_source, _key, value, at) => {
        seen = { ...seen, value: value as ObservedService, at };
      },
      failed: async () => undefined,
    },
    changes: { record: async () => true, recent: async () => [] } as never,
    catalog: async () => catalog as unknown as Catalog,
    clock: { now: () => now } as never,
    notify: async () => undefined,
  });
  look = () => task.run(new AbortController().signal);
});

async function after(ms: number, next: TrafficTarget[]) {
  now += ms;
  traffic = next;
  await look();
  return [seen.value?.pinnedSince, seen.value?.pinnedAtLeast];
}

test('pinned at the first look is pinned at least since then, and stays so', async () => {
  expect(await after(0, byName)).toEqual([1_000_000, true]);
  expect(await after(15_000, byName)).toEqual([1_000_000, true]);
});

test('pinned between two looks is pinned since then', async () => {
  expect(await after(0, latest)).toEqual([null, false]);
  expect(await after(15_000, byName)).toEqual([1_015_000, false]);
  expect(await after(90_000, byName)).toEqual([1_015_000, false]);
  expect(await after(15_000, latest)).toEqual([null, false]);
});

test('pinned at some time while nobody looked is pinned at least since the look that found it', async () => {
  await after(0, latest);
  expect(await after(3_600_000, byName)).toEqual([4_600_000, true]);
});
