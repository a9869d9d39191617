import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RolloutPoint } from '#app/engine/rollouts/deps.ts';
import { planOf, untilRollout } from './harness.ts';
import { openOneFlag, subject } from './one-flag.ts';

let world: Awaited<ReturnType<typeof openOneFlag>>;

beforeEach(async () => {
  world = await openOneFlag();
});
afterEach(() => world.close());

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
  world.unleash.writes.flatMap((write) => /^(?:add|update): .*?(\d+ % of users|everyone)/.exec(write)?.[1] ?? []);

test('a process that dies around every move steps once each, up to the end', async () => {
  const { hooks, points } = crashing();
  const process = await world.start({ hooks });
  const id = await process.begin(subject, planOf([5, 50, 100]));
  const done = await untilRollout(process, id, ['done', 'rolled_back', 'superseded'], 100_000);
  expect(done.state).toBe('done');
  expect(new Set(points)).toEqual(
    new Set(['before-change', 'after-change', 'before-open', 'after-open', 'before-confirm', 'after-confirm']),
  );
  expect(await process.rollouts.runs(id)).toHaveLength(3);
  expect(world.unleash.percent()).toBe(100);
  // The first step adds the strategy and turns the flag on, the others move it: nothing twice.
  expect(world.unleash.writes).toHaveLength(4);
  const said = (await process.rollouts.entries(id)).map(({ text }) => text);
  expect(said.filter((text) => text.startsWith('Sets '))).toEqual(['Sets 5 %.', 'Sets 50 %.', 'Sets 100 %.']);
  expect(shares().at(-1)).toBe('everyone');
});

test('and goes back once, when it burns', async () => {
  const process = await world.start({ hooks: crashing().hooks });
  const id = await process.begin(subject, planOf([10, 100]));
  await untilRollout(process, id, ['baking']);
  const from = world.clock.now();
  world.told.load = (at) => ({ total: 600, bad: at > from && world.unleash.percentAt(at - 30_000) > 0 ? 60 : 0 });
  const back = await untilRollout(process, id, ['done', 'rolled_back', 'rollback_unverified', 'superseded'], 100_000);
  expect(back.state).toBe('rolled_back');
  expect(world.unleash.percent()).toBe(0);
  const runs = await process.rollouts.runs(id);
  expect(runs.map(({ direction }) => direction).sort()).toEqual(['back', 'forward']);
});

test('two engines on one database step once', async () => {
  const [first, second] = [await world.start(), await world.start()];
  const id = await first.begin(subject, planOf([5, 50, 100]));
  const done = await untilRollout(second, id, ['done', 'rolled_back', 'superseded', 'held'], 100_000);
  expect(done.state).toBe('done');
  expect(await first.rollouts.runs(id)).toHaveLength(3);
  expect(world.unleash.writes).toHaveLength(4);
  const entries = await first.rollouts.entries(id);
  expect(new Set(entries.map(({ state, stage, text }) => `${stage} ${state} ${text}`)).size).toBe(entries.length);
});
