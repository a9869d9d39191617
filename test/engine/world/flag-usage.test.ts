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

const served = (features: unknown[] = [], revision = 7) => ({ revision, features, segments: [] });

/** The task over what SDKs are served in production (as it is asked for), and what it told and wrote. */
function serving(
  answer: () => ReturnType<typeof served>,
  environments = ['production'],
  now: () => number = clock.now,
) {
  const { store, seen, value } = memory([]);
  const [told, wrote]: [string[], string[]] = [[], []];
  const saw: ObservationStore['saw'] = async (source, key, ...rest) => {
    wrote.push(key);
    await store.saw(source, key, ...rest);
  };
  const unleash = {
    hours: async () => never(),
    fleet: async () => never(),
    served: async (environment: string) => {
      if (environment === 'staging') throw new Error('No client token for the environment staging');
      return answer();
    },
  };
  const flags = [{ environments: environments.map((name) => ({ name, protected: true })) }];
  const start = () =>
    servedTask({
      ...{
        unleash,
        observations: { ...store, saw },
        clock: { ...clock, now },
        catalog: async () => ({ flags }) as never,
      },
      notify: async (topic) => void told.push(topic),
    });
  return { start, seen, value, told, wrote };
}

test('what SDKs are served is kept for every declared environment; one without a token says so', async () => {
  const { start, seen, value, told } = serving(() => served(), ['production', 'staging']);
  const task = start();
  await task.run(signal);
  await task.run(signal);
  expect(value('served/production')).toMatchObject({ revision: 7 });
  expect(value('served-document/production')).toMatchObject({ features: [], segments: [] });
  expect(seen.get('served/staging')?.error).toContain('No client token');
  // Pages hear of another document, not of every look.
  expect(told).toEqual(['flags']);
});

test('an unchanged document is written once, also by the next leader, while its age stays true', async () => {
  let at = now;
  // Each answer is an object of its own, as after Unleash has forgotten what it had sent.
  const { start, seen, wrote, told } = serving(
    () => served([{ name: 'a' }]),
    ['production'],
    () => at,
  );
  for (const task of [start(), start()]) {
    await task.run(signal);
    at += 10_000;
    await task.run(signal);
  }
  expect(seen.get('served/production')?.at).toBe(at);
  expect(seen.get('served-document/production')?.at).toBe(now);
  expect(wrote.filter((key) => key.startsWith('served-document/'))).toHaveLength(1);
  expect(told).toEqual(['flags']);
});

test('another document under the same revision is stored and told', async () => {
  let features = [{ name: 'a' }];
  const { start, value, told } = serving(() => served(features));
  const task = start();
  await task.run(signal);
  features = [{ name: 'b' }];
  await task.run(signal);
  expect(value('served-document/production')).toMatchObject({ features: [{ name: 'b' }] });
  expect(told).toEqual(['flags', 'flags']);
});
