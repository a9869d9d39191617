import { beforeAll, expect, test } from 'vitest';
import { hourMs, hourRow, minuteMs } from '#app/domain/slo/series.ts';
import { storedSums } from '#app/domain/slo/stored-counts.ts';
import { createSloCountStore } from '#app/stores/slo/slo-counts.server.ts';
import { createSloStore } from '#app/stores/slo/slos.server.ts';
import { filled, monday } from '#test/domain/slo/make.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase();
const at = monday + 5 * hourMs + 20 * minuteMs;
const series = filled(monday, at, (when) =>
  (when / minuteMs) % 11 === 0 ? null : { bad: (when / minuteMs) % 3, total: 9 },
);

beforeAll(async () => {
  const hours = Array.from({ length: 6 }, (_, i) => hourRow(series, monday / hourMs + i));
  await createSloStore(database.db, { current: async () => null, save: async () => undefined }).saveHours(
    hours.map((hour) => ({ ...hour, slo: 's', counted: null })),
  );
});

test('gives the hours of a stretch, and minutes of those that are asked for only', async () => {
  const store = createSloCountStore(database.db);
  const [first, last] = [monday / hourMs + 1, monday / hourMs + 5];
  const counts = await store.counts('s', { from: monday + hourMs, to: at, byMinute: [last, last + 9] });
  expect([...counts.hours.keys()].sort()).toEqual([first, first + 1, first + 2, first + 3, last]);
  expect([...counts.minutes.keys()]).toEqual([last]);
  expect(counts.minutes.get(last)!.filter((minute) => minute !== null).length).toBe(hourRow(series, last).known);
  expect(storedSums(counts, monday + 5 * hourMs, at)).toEqual({
    bad: hourRow(series, last).bad,
    total: hourRow(series, last).total,
    known: hourRow(series, last).known,
  });
  expect((await store.counts('other', { from: monday, to: at, byMinute: [] })).hours.size).toBe(0);
});

test('an incident burns from its onset to its last clearing, and goes on while one alert is open', async () => {
  const incident = { status: 'open' as const, service: 'v', slo: 's', tier: null, runbook: null, children: '[]' };
  const rest = { paged_at: null, resolved_at: null, ...incident };
  await database.db
    .insertInto('incident')
    .values([
      { id: 'a', title: 'First', started_at: 900, opened_at: 1_000, ...rest },
      { id: 'b', title: 'Second', started_at: null, opened_at: 5_000, ...rest },
    ])
    .execute();
  const alert = { slo: 's', service: 'v', tier: 'page-fast' as const, peak_tier: 'page-fast' as const };
  await database.db
    .insertInto('alert')
    .values([
      { id: '1', ...alert, opened_at: 1_000, cleared_at: 2_000, incident_id: 'a' },
      { id: '2', ...alert, opened_at: 2_500, cleared_at: 3_000, incident_id: 'a' },
      { id: '3', ...alert, opened_at: 5_000, cleared_at: null, incident_id: 'b' },
      { id: '4', ...alert, slo: 'other', opened_at: 9_000, cleared_at: null, incident_id: 'b' },
    ])
    .execute();
  const store = createSloCountStore(database.db);
  expect(await store.spells('s', 0, 9)).toEqual([
    { id: 'a', title: 'First', from: 900, to: 3_000 },
    { id: 'b', title: 'Second', from: 5_000, to: null },
  ]);
  expect((await store.spells('s', 3_001, 9)).map(({ id }) => id)).toEqual(['b']);
  expect((await store.spells('s', 0, 1)).map(({ id }) => id)).toEqual(['b']);
});
