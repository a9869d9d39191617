import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase } from '#test/support/database.ts';
import { fakeUnleash } from './fake-unleash.ts';
import {
  calm,
  fastClock,
  planOf,
  type RolloutProcess,
  rolloutCatalog,
  startRollouts,
  type Told,
  untilRollout,
} from './harness.ts';

const subject = { kind: 'flag', flag: 'voiceover-v2', environment: 'production' } as const;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let unleash: ReturnType<typeof fakeUnleash>;
let told: Told;
let process: RolloutProcess;

beforeEach(async () => {
  database = await createTestDatabase();
  unleash = fakeUnleash(subject.flag, subject.environment);
  told = calm();
});
afterEach(async () => {
  await process.stop();
  await database.drop();
});

async function start(part: Partial<Parameters<typeof startRollouts>[0]> = {}): Promise<void> {
  process = await startRollouts({
    ...{ url: database.url, told, clock: fastClock(), catalog: rolloutCatalog(), unleash },
    ...part,
  });
}

const saidOf = async (id: string) => (await process.rollouts.entries(id)).map(({ state, text }) => `${state}: ${text}`);

test('on a healthy service it goes to 100 %, each stage one run, and ends', { timeout: 90_000 }, async () => {
  await start();
  const id = await process.begin(subject, planOf([5, 50, 100]));
  const done = await untilRollout(process, id, ['done', 'held', 'rolled_back', 'superseded'], 80_000);
  expect(done).toMatchObject({ state: 'done', stage: 2, held: null });
  expect(unleash.percent()).toBe(100);
  expect(await process.rollouts.runs(id)).toMatchObject([
    { direction: 'forward', stage: 0, attempt: 1 },
    { direction: 'forward', stage: 1, attempt: 1 },
    { direction: 'forward', stage: 2, attempt: 1 },
  ]);
  expect(unleash.writes.map((write) => /(\d+ % of users|everyone)/.exec(write)?.[0]).filter(Boolean)).toEqual([
    '5 % of users',
    '50 % of users',
    'everyone',
  ]);
  const said = await saidOf(id);
  expect(said[0]).toContain('Drawn up');
  expect(said.at(-1)).toContain('done: 100 % has passed: voiceover-availability: Burns 0× over');
});
