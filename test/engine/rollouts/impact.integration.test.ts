import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createImpactRead } from '#app/clients/unleash/impact-read.server.ts';
import { createUnleashWitness } from '#app/clients/unleash/witness.server.ts';
import type { FlagState } from '#app/domain/flag/flag.ts';
import type { RolloutGuard, RolloutPlan } from '#app/domain/rollout/plan.ts';
import { countImpact } from '#app/engine/rollouts/count-impact.server.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { createImpactStore } from '#app/stores/impact-minutes.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { type ImpactSdk, startImpactSdk } from '#test/support/impact-sdk.ts';
import { createUnleashFlag } from '#test/support/unleash.ts';
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
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let clock: ReturnType<typeof fastClock>;
let door: Awaited<ReturnType<typeof openDoor>>;
let witness: ReturnType<typeof createUnleashWitness>;
let sdk: ImpactSdk;
let process: RolloutProcess;
let flag: string;
let guard: RolloutGuard;

beforeEach(async () => {
  // A minute of data is half a second: an SDK reports as often as one that reports every 30 s.
  clock = fastClock(120);
  flag = await createUnleashFlag('impact');
  const suffix = randomBytes(3).toString('hex');
  const [total, bad] = [`answers_${suffix}`, `failed_answers_${suffix}`];
  guard = { source: { kind: 'impact', name: 'failed answers', total, bad, under: 0.02 }, over: null, judge: 'cohort' };
  [database, door, sdk] = await Promise.all([
    createTestDatabase(),
    openDoor(),
    startImpactSdk({ application: `shop-${suffix}`, flag, total, bad, reportMs: 250 }),
  ]);
  witness = createUnleashWitness({ address: real.address, clock });
  await witness.start();
});
afterEach(async () => {
  sdk.stop();
  await process.stop();
  await witness.stop();
  door.close();
  await database.drop();
});

/** Starts a console that moves rollouts on and counts impact metrics, and waits until it has counted some. */
async function start(): Promise<void> {
  const base = rolloutCatalog();
  const plan = planOf([50], {});
  const declared = { ...base.flags[0]!, name: flag, slos: [], rollout: guardedBy(guard, plan) };
  const catalog = { ...base, flags: [declared], slos: [] };
  const address = { ...real.address, baseUrl: door.url };
  const unleash = createImpactRead({ address, resilience: createResilience({ system: 'Unleash', retries: 0 }) });
  let state: FlagState = await real.read.flag(flag);
  let count: ReturnType<typeof countImpact> | null = null;
  process = await startRollouts({
    ...{ url: database.url, told: calm(), clock, catalog },
    unleash: { read: real.read, write: real.write, witness, whole: () => state },
    async observe(observations) {
      const at = clock.now();
      state = await real.read.flag(flag);
      await observations.saw('unleash', 'flags', [state], at);
      await count?.run(AbortSignal.timeout(5_000));
    },
  });
  const { db, rollouts } = process;
  count = countImpact({
    ...{ clock, rollouts, unleash, catalog: async () => catalog },
    observations: createObservationStore(db),
    impact: createImpactStore(db),
  });
  const counted = () => db.selectFrom('impact_minute').select('answer').execute();
  if (sdk.serving.asked) await expect.poll(counted, { timeout: 20_000 }).not.toEqual([]);
}

const guardedBy = (one: RolloutGuard, plan: RolloutPlan): RolloutPlan => ({
  ...plan,
  stages: plan.stages.map((stage) => ({ ...stage, guards: [one] })),
});
const begin = (percents: number[], one = guard) =>
  process.begin({ kind: 'flag', flag, environment: 'production' }, guardedBy(one, planOf(percents)));
const saidOf = async (id: string) => (await process.rollouts.entries(id)).map(({ text }) => text).join('\n');

test('real SDKs report no harm: it goes up', { timeout: 120_000 }, async () => {
  await start();
  const id = await begin([50, 100]);
  await untilRollout(process, id, ['done', 'held', 'rolled_back', 'superseded'], 90_000);
  expect(await saidOf(id)).toContain('100 % has passed: failed answers, only those who have it: Burns 0× over');
});
