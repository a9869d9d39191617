import { expect, test } from 'vitest';
import type { FlagHour, SdkFleet } from '#app/domain/flag/usage.ts';
import { flagUsageTask, servedTask } from '#app/engine/world/flag-usage.server.ts';
import { manualClock } from '#app/platform/clock.ts';
import type { Observation, ObservationStore } from '#app/stores/stores.ts';

const hour = 3_600_000;
/** Unleash's clock runs a day behind ours. */
const behind = 24 * hour;
const now = Date.UTC(2026, 2, 2, 3, 30);
const clock = { ...manualClock(now), wall: () => now - behind, fromWall: (wall: number) => wall + behind };
const signal = new AbortController().signal;

function memory(flags: string[]) {
  const seen = new Map<string, Observation<unknown>>();
  const nothing = { value: null, at: null, error: null, errorAt: null };
  const store: ObservationStore = {
    get: async (_, key) => (seen.get(key) ?? nothing) as never,
    all: async () => ({}),
    saw: async (_, key, value, at) => void seen.set(key, { value, at, error: null, errorAt: null }),
    failed: async (_, key, error, errorAt) => void seen.set(key, { ...(seen.get(key) ?? nothing), error, errorAt }),
  };
  seen.set('flags', { ...nothing, value: flags.map((flag) => ({ flag })), at: now });
  return { seen, store, value: (key: string) => seen.get(key)?.value };
}

function task(observations: ObservationStore, hours: (flag: string) => FlagHour[], told: string[] = []) {
  const fleet = async (application: string, environment: string): Promise<SdkFleet> => {
    told.push(`${application} ${environment}`);
    const instances = [{ id: 'one', sdk: null, seenAt: now - behind }];
    return { application, environment, count: 1, sdks: {}, instances, pollSeconds: null, reportSeconds: null };
  };
  const unleash = { hours: async (flag: string) => hours(flag), fleet, served: async () => never() };
  return flagUsageTask({ unleash, observations, clock, notify: async () => undefined });
}

function never(): never {
  throw new Error('is not asked for');
}

const at = (application: string, ago: number): FlagHour[] => [
  { application, environment: 'production', hour: now - behind - ago, yes: 1, no: 0, variants: {} },
];

test('hours, instances and applications are kept in our time, each fleet is asked for once', async () => {
  const { store, value } = memory(['a', 'b']);
  const asked: string[] = [];
  await task(store, () => at('shop', hour), asked).run(signal);
  expect(value('usage/a')).toMatchObject([{ application: 'shop', hour: now - hour }]);
  expect(value('applications')).toEqual({ a: ['shop'], b: ['shop'] });
  expect(asked).toEqual(['shop production']);
  expect(value('fleet/production/shop')).toMatchObject({ instances: [{ seenAt: now }] });
});

test('a flag that cannot be read keeps what is known, and one that is gone is forgotten', async () => {
  const { store, seen, value } = memory(['a', 'b']);
  seen.set('applications', { value: { a: ['old'], gone: ['shop'] }, at: 1, error: null, errorAt: null });
  await task(store, (flag) => (flag === 'a' ? never() : at('shop', 9 * hour))).run(signal);
  expect(value('applications')).toEqual({ a: ['old'], b: [] });
  expect(seen.get('usage/a')?.error).toBe('is not asked for');
});

test('of many flags those that were read longest ago come first', async () => {
  const names = Array.from({ length: 150 }, (_, index) => `flag-${index}`);
  const asked: string[] = [];
  const all = task(memory(names).store, (flag) => {
    asked.push(flag);
    return [];
  });
  await all.run(signal);
  expect(asked).toHaveLength(100);
  await all.run(signal);
  expect(new Set(asked).size).toBe(150);
});

test('what SDKs are served is kept for every declared environment; one without a token says so', async () => {
  const { store, seen, value } = memory([]);
  const environments = [
    { name: 'production', protected: true },
    { name: 'staging', protected: false },
  ];
  const unleash = {
    hours: async () => never(),
    fleet: async () => never(),
    served: async (environment: string) => {
      if (environment === 'staging') throw new Error('No client token for the environment staging');
      return { revision: 7, features: [], segments: [] };
    },
  };
  const told: string[] = [];
  const notify = async (topic: string) => void told.push(topic);
  const catalog = async () => ({ flags: [{ environments }] }) as never;
  const served = servedTask({ unleash, observations: store, clock, notify, catalog });
  await served.run(signal);
  await served.run(signal);
  expect(value('served/production')).toMatchObject({ revision: 7 });
  expect(seen.get('served/staging')?.error).toContain('No client token');
  // Pages hear of a new revision, not of every look.
  expect(told).toEqual(['flags']);
});
