import { afterAll, expect, test } from 'vitest';
import { openDb } from '#app/platform/db.server.ts';
import { createImpactStore } from '#app/stores/flag/impact-minutes.server.ts';
import { testDatabase } from '#test/support/database.ts';

const begun = Date.UTC(2026, 10, 22, 3);
const minute = 60_000;
const watch = { flag: 'one-click', environment: 'production', metrics: ['answers', 'failed'] };
const handles: ReturnType<typeof openDb>[] = [];
const database = testDatabase();

afterAll(async () => {
  await Promise.all(handles.map((handle) => handle.close()));
});

/** The store of one process. */
function openStore() {
  const onError = (error: unknown) => {
    throw error;
  };
  const handle = openDb(database.url, { max: 4, onError });
  handles.push(handle);
  return createImpactStore(handle.db);
}

/** What Unleash gives out `seconds` after the beginning, where so many answers were counted by then. */
const reading = (seconds: number, answers: number) => ({
  at: begun + seconds * 1_000,
  metrics: watch.metrics,
  counters: [
    {
      metric: 'answers',
      labels: { appName: 'shop', environment: 'production', one_click: 'enabled' },
      value: answers,
    },
  ],
});

test('two processes that read at once, in any order, count every answer once; a third goes on from there', async () => {
  const stores = [openStore(), openStore()] as const;
  const third = openStore();
  await stores[0].take(reading(0, 1_000), [watch]);
  for (let i = 1; i <= 12; i++) {
    const [early, late] = [reading(i * 10, 1_000 + i * 10), reading(i * 10 + 5, 1_000 + i * 10 + 5)];
    await Promise.all([stores[0].take(late, [watch]), stores[1].take(early, [watch]), stores[0].take(early, [watch])]);
  }
  await third.take(reading(130, 1_140), [watch]);
  const rows = await third.minutes(watch, begun, begun + 10 * minute);
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(140);
  expect(new Set(rows.map(({ minute: end }) => (end - begun) / minute))).toEqual(new Set([1, 2, 3]));
  expect(rows.every(({ metric, answer }) => metric === 'answers' && answer === 'enabled')).toBe(true);
  expect(await third.minutes({ ...watch, environment: 'development' }, begun, begun + 10 * minute)).toEqual([]);
  expect(await third.minutes({ ...watch, flag: 'other' }, begun, begun + 10 * minute)).toEqual([]);
});

test('what no stage looks back to is forgotten', async () => {
  const store = openStore();
  await store.forget(begun + 16 * 86_400_000 + 2 * minute);
  const left = await store.minutes(watch, begun, begun + 10 * minute);
  expect(left.map(({ minute: end }) => (end - begun) / minute).sort()).toEqual([2, 3]);
});
