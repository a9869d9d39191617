import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RolloutPoint } from '#app/engine/rollouts/deps.ts';
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
let processes: RolloutProcess[];
let clock: ReturnType<typeof fastClock>;

beforeEach(async () => {
  database = await createTestDatabase();
  clock = fastClock();
  unleash = fakeUnleash(subject.flag, subject.environment, clock.now);
  told = calm();
  processes = [];
});
afterEach(async () => {
  await Promise.all(processes.map((each) => each.stop()));
  await database.drop();
});

async function start(part: Partial<Parameters<typeof startRollouts>[0]> = {}): Promise<RolloutProcess> {
  const made = await startRollouts({ url: database.url, told, clock, catalog: rolloutCatalog(), unleash, ...part });
  processes.push(made);
  return made;
}

/** Ends a round at every point once: before each move, and after it when nobody has heard of it yet. */
function crashing() {
  const points: RolloutPoint[] = [];
  let died: RolloutPoint | null = null;
  const hooks = {
    at: async (point: RolloutPoint) => {
      // A move that died before it was made is tried again, and dies after it.
      const again = died === point && point.startsWith('before');
      died = again ? null : point;
      if (again) return;
      points.push(point);
      throw new Error(`the process dies ${point}`);
    },
  };
  return { hooks, points };
}

const shares = () =>
  unleash.writes.flatMap((write) => /^(?:add|update): .*?(\d+ % of users|everyone)/.exec(write)?.[1] ?? []);

test('a process that dies around every move steps once each, up to the end', { timeout: 120_000 }, async () => {
  const { hooks, points } = crashing();
  const process = await start({ hooks });
  const id = await process.begin(subject, planOf([5, 50, 100]));
  const done = await untilRollout(process, id, ['done', 'rolled_back', 'superseded'], 100_000);
  expect(done.state).toBe('done');
  expect(new Set(points)).toEqual(
    new Set(['before-change', 'after-change', 'before-open', 'after-open', 'before-confirm', 'after-confirm']),
  );
  expect(await process.rollouts.runs(id)).toHaveLength(3);
  expect(unleash.percent()).toBe(100);
  // The first step adds the strategy and turns the flag on, the others move it: nothing twice.
  expect(unleash.writes).toHaveLength(4);
  const said = (await process.rollouts.entries(id)).map(({ text }) => text);
  expect(said.filter((text) => text.startsWith('Sets '))).toEqual(['Sets 5 %.', 'Sets 50 %.', 'Sets 100 %.']);
  expect(shares().at(-1)).toBe('everyone');
});

test('and goes back once, when it burns', { timeout: 120_000 }, async () => {
  const process = await start({ hooks: crashing().hooks });
  const id = await process.begin(subject, planOf([10, 100]));
  await untilRollout(process, id, ['baking']);
  const from = clock.now();
  told.load = (at) => ({ total: 600, bad: at > from && unleash.percentAt(at - 30_000) > 0 ? 60 : 0 });
  const back = await untilRollout(process, id, ['done', 'rolled_back', 'rollback_unverified', 'superseded'], 100_000);
  expect(back.state).toBe('rolled_back');
  expect(unleash.percent()).toBe(0);
  const runs = await process.rollouts.runs(id);
  expect(runs.map(({ direction }) => direction).sort()).toEqual(['back', 'forward']);
});

test('two engines on one database step once', { timeout: 120_000 }, async () => {
  const [first, second] = [await start(), await start()];
  const id = await first.begin(subject, planOf([5, 50, 100]));
  const done = await untilRollout(second, id, ['done', 'rolled_back', 'superseded', 'held'], 100_000);
  expect(done.state).toBe('done');
  expect(await first.rollouts.runs(id)).toHaveLength(3);
  expect(unleash.writes).toHaveLength(4);
  const entries = await first.rollouts.entries(id);
  expect(new Set(entries.map(({ state, stage, text }) => `${stage} ${state} ${text}`)).size).toBe(entries.length);
});
