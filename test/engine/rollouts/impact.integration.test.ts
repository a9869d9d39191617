import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createImpactRead } from '#app/clients/unleash/impact-read.server.ts';
import { createUnleashWitness } from '#app/clients/unleash/witness.server.ts';
import { effectiveExposure } from '#app/domain/flag/exposure.ts';
import type { FlagState } from '#app/domain/flag/flag.ts';
import type { RolloutGuard, RolloutPlan } from '#app/domain/rollout/plan.ts';
import { countImpact } from '#app/engine/rollouts/count-impact.server.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { createImpactStore } from '#app/stores/flag/impact-minutes.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { type ImpactSdk, startImpactSdk } from '#test/support/impact-sdk.ts';
import { createUnleashFlag, unleashCall } from '#test/support/unleash.ts';
import { openDoor } from '#test/support/unleash-door.ts';
import { openUnleash } from '../../clients/unleash/console.ts';
import {
  calm,
  fastClock,
  planOf,
  type RolloutProcess,
  rolloutCatalog,
  startRollouts,
  untilRollout,
} from './harness.ts';

const real = openUnleash();
const database = testDatabase({ each: true });
let clock: ReturnType<typeof fastClock>;
let door: Awaited<ReturnType<typeof openDoor>>;
let witness: ReturnType<typeof createUnleashWitness>;
let sdk: ImpactSdk;
let process: RolloutProcess;
let processes: RolloutProcess[] = [];
let flag: string;
let guard: RolloutGuard;

beforeEach(async () => {
  processes = [];
  // A minute of data is 1.5 s: an SDK reports every 10 s of it, and a machine that stutters for a second tears no hole into a minute.
  clock = fastClock(40);
  flag = await createUnleashFlag('impact');
  const suffix = randomBytes(3).toString('hex');
  const [total, bad] = [`answers_${suffix}`, `failed_answers_${suffix}`];
  guard = { source: { kind: 'impact', name: 'failed answers', total, bad, under: 0.02 }, over: null, judge: 'cohort' };
  [door, sdk] = await Promise.all([
    openDoor(),
    startImpactSdk({ application: `shop-${suffix}`, flag, total, bad, reportMs: 250 }),
  ]);
  witness = createUnleashWitness({ address: real.address, clock });
  await witness.start();
});
afterEach(async () => {
  sdk.stop();
  await Promise.all(processes.map((one) => one.stop()));
  await witness.stop();
  door.close();
});

/** Starts a console that moves rollouts on and counts impact metrics. */
async function start(): Promise<RolloutProcess> {
  const base = rolloutCatalog();
  const declared = { ...base.flags[0]!, name: flag, slos: [], rollout: guardedBy(guard, planOf([50])) };
  const catalog = { ...base, flags: [declared], slos: [] };
  const address = { ...real.address, baseUrl: door.url };
  const unleash = createImpactRead({ address, resilience: createResilience({ system: 'Unleash', retries: 0 }) });
  let state: FlagState = await real.read.flag(flag);
  let count: ReturnType<typeof countImpact> | null = null;
  const started = await startRollouts({
    ...{ url: database.url, told: calm(), clock, catalog },
    unleash: { read: real.read, write: real.write, witness, whole: () => state },
    async observe(observations) {
      const at = clock.now();
      state = await real.read.flag(flag);
      await observations.saw('unleash', 'flags', [state], at);
      await count?.run(AbortSignal.timeout(5_000));
    },
  });
  const { db, rollouts } = started;
  count = countImpact({
    ...{ clock, rollouts, unleash, catalog: async () => catalog },
    observations: createObservationStore(db),
    impact: createImpactStore(db),
  });
  processes.push(started);
  return started;
}

/** Waits until as many minutes as a guard looks back to were counted. */
async function counted({ db }: RolloutProcess): Promise<void> {
  const minutes = () => db.selectFrom('impact_minute').select('minute').distinct().execute();
  await expect.poll(async () => (await minutes()).length, { timeout: 40_000 }).toBeGreaterThan(3);
}

const guardedBy = (one: RolloutGuard, plan: RolloutPlan): RolloutPlan => ({
  ...plan,
  stages: plan.stages.map((stage) => ({ ...stage, guards: [one] })),
});
const begin = (percents: number[], one = guard) =>
  process.begin({ kind: 'flag', flag, environment: 'production' }, guardedBy(one, planOf(percents)));
const saidOf = async (id: string) => (await process.rollouts.entries(id)).map(({ text }) => text).join('\n');

const ended = ['done', 'held', 'rolled_back', 'rollback_unverified', 'superseded'] as const;
const percent = async () => {
  const { environments } = await real.read.flag(flag);
  return effectiveExposure(environments.find(({ environment }) => environment === 'production')!).percent;
};

test('those who have it are well, as real SDKs tell: it goes up', { timeout: 200_000 }, async () => {
  process = await start();
  await counted(process);
  // What fails for those without it is none of its doing.
  sdk.serving.fails = (answer) => (answer === 'disabled' ? 0.5 : 0.001);
  const id = await begin([50, 100]);
  await untilRollout(process, id, [...ended], 150_000);
  expect(await saidOf(id)).toMatch(
    /100 % has passed: failed answers, only those who have it: Burns (under )?[\d.]+× over/,
  );
  expect(await percent()).toBe(100);
});

test('those who have it fail: it does harm, and is taken back', { timeout: 200_000 }, async () => {
  process = await start();
  await counted(process);
  const id = await begin([50, 100]);
  await untilRollout(process, id, ['baking']);
  sdk.serving.fails = (answer) => (answer === 'disabled' ? 0 : 0.1);
  expect(await untilRollout(process, id, [...ended], 150_000)).toMatchObject({ state: 'rolled_back' });
  expect(await saidOf(id)).toMatch(/only those who have it: Burns [\d.]+× over 5 min/);
  expect(await percent()).toBe(0);
});

test('nobody reports: it is held for want of data', { timeout: 200_000 }, async () => {
  process = await start();
  await counted(process);
  const id = await begin([50]);
  await untilRollout(process, id, ['baking']);
  sdk.serving.asked = false;
  expect(await untilRollout(process, id, [...ended], 120_000)).toMatchObject({
    state: 'held',
    held: { reason: 'no-data', text: expect.stringContaining('missing data is never success') },
  });
  expect(await percent()).toBe(50);
});

test('a refused token is said at once, and it goes on once Unleash answers again', { timeout: 200_000 }, async () => {
  process = await start();
  await counted(process);
  const id = await begin([50]);
  await untilRollout(process, id, ['baking']);
  door.set('refuses');
  const { held } = await untilRollout(process, id, ['held', 'done']);
  expect(held).toMatchObject({ reason: 'provider-error', text: expect.stringContaining('Unleash answered 401') });
  door.set('open');
  await untilRollout(process, id, ['baking', 'done']);
});

test('of two engines the one that is left goes on from what both have counted', {
  timeout: 200_000,
}, async () => {
  const other = await start();
  process = await start();
  await counted(process);
  const id = await begin([50]);
  await untilRollout(process, id, ['baking']);
  await other.stop();
  processes = processes.filter((one) => one !== other);
  await untilRollout(process, id, ['done', 'rolled_back', 'superseded'], 120_000);
  expect(await saidOf(id)).not.toContain('Held');
  const { sum } = await process.db
    .selectFrom('impact_minute')
    .select(({ fn }) => fn.sum<number>('count').as('sum'))
    .executeTakeFirstOrThrow();
  expect(Number(sum)).toBeGreaterThan(500);
  expect(Number(sum)).toBeLessThanOrEqual(sdk.sent());
});

test('of two variants only the one that is named is judged', { timeout: 200_000 }, async () => {
  const path = `/admin/projects/default/features/${flag}/environments/production`;
  const variant = (name: string) => ({ name, weight: 500, weightType: 'variable', stickiness: 'default' });
  await unleashCall('POST', `${path}/strategies`, {
    name: 'flexibleRollout',
    parameters: { rollout: '10', stickiness: 'default', groupId: flag },
    variants: [variant('green'), variant('blue')],
  });
  await unleashCall('POST', `${path}/on`);
  process = await start();
  await counted(process);
  sdk.serving.fails = (answer) => (answer === 'green' ? 0.2 : 0);
  const blue = await begin([60], { ...guard, variant: 'blue' });
  expect(await untilRollout(process, blue, [...ended], 120_000)).toMatchObject({ state: 'done' });
  const green = await begin([70], { ...guard, variant: 'green' });
  expect(await untilRollout(process, green, [...ended], 120_000)).toMatchObject({ state: 'rolled_back' });
  expect(await saidOf(green)).toContain('failed answers, only those who have green: Burns');
  expect(await percent()).toBe(60);
});
