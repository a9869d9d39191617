import { beforeAll, expect, test } from 'vitest';
import { hourMs, hourRow, minuteMs } from '#app/domain/slo/series.ts';
import { stretchSums } from '#app/domain/slo/statement.ts';
import { storedSums } from '#app/domain/slo/stored-counts.ts';
import { createSloStatementStore } from '#app/stores/slo/slo-statement.server.ts';
import { createSloStore } from '#app/stores/slo/slos.server.ts';
import { filled, monday } from '#test/domain/slo/make.ts';
import { stored } from '#test/domain/slo/stored.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase();
const end = monday + 30 * hourMs;
const series = filled(monday, end, (at) =>
  (at / minuteMs) % 11 === 0 ? null : { bad: (at / minuteMs) % 3, total: 9 },
);
const counts = stored(series, end);

beforeAll(async () => {
  const hours = Array.from({ length: 30 }, (_, i) => hourRow(series, monday / hourMs + i));
  const store = createSloStore(database.db, { current: async () => null, save: async () => undefined });
  await store.saveHours(hours.map((hour) => ({ ...hour, slo: 'a', counted: null })));
  await store.saveHours(hours.slice(0, 3).map((hour) => ({ ...hour, slo: 'b', counted: null })));
});

test.each([
  [0, 30 * 60],
  [30, 25 * 60 + 17],
  [5, 50],
  [59, 61],
  [20 * 60, 40 * 60],
])('minutes %d to %d of many SLOs are what their buckets hold', async (first, last) => {
  const [from, to] = [monday + first * minuteMs, monday + last * minuteMs];
  const found = await createSloStatementStore(database.db).stretches([
    { slo: 'a', from, to },
    { slo: 'b', from: monday, to: monday + 2 * hourMs },
    { slo: 'none', from, to },
  ]);
  expect(stretchSums(found.get('a')!, from, to)).toEqual(storedSums(counts, from, to));
  expect(stretchSums(found.get('b')!, monday, monday + 2 * hourMs)).toEqual(
    storedSums(counts, monday, monday + 2 * hourMs),
  );
  expect(stretchSums(found.get('none')!, from, to)).toEqual({ bad: 0, total: 0, known: 0 });
});

test('incidents are counted once each, and clipped to the stretch', async () => {
  const incident = { title: 't', status: 'open' as const, service: 'v', slo: 'a', tier: null, runbook: null };
  const rest = { paged_at: null, resolved_at: null, children: '[]' };
  await database.db
    .insertInto('incident')
    .values([
      { id: 'i1', started_at: 900, opened_at: 1_000, ...incident, ...rest },
      { id: 'i2', started_at: null, opened_at: 5_000, ...incident, ...rest },
    ])
    .execute();
  const alert = { service: 'v', tier: 'page-fast' as const, peak_tier: 'page-fast' as const };
  await database.db
    .insertInto('alert')
    .values([
      { id: '1', slo: 'a', ...alert, opened_at: 1_000, cleared_at: 2_000, incident_id: 'i1' },
      { id: '2', slo: 'a', ...alert, opened_at: 2_500, cleared_at: 3_000, incident_id: 'i1' },
      { id: '3', slo: 'a', ...alert, opened_at: 5_000, cleared_at: null, incident_id: 'i2' },
      { id: '4', slo: 'b', ...alert, opened_at: 5_000, cleared_at: 5_500, incident_id: 'i2' },
    ])
    .execute();
  const store = createSloStatementStore(database.db);
  expect(Object.fromEntries(await store.incidents(['a', 'b'], 0, 6_000))).toEqual({
    a: { count: 2, ms: 2_100 + 1_000 },
    b: { count: 1, ms: 500 },
  });
  expect(Object.fromEntries(await store.incidents(['a'], 1_500, 4_000))).toEqual({ a: { count: 1, ms: 1_500 } });
  expect((await store.incidents([], 0, 6_000)).size).toBe(0);
});
