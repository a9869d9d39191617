import { expect, test } from 'vitest';
import { hourMs, hourRow, minuteMs } from '#app/domain/slo/series.ts';
import { forgetOldBuckets } from '#app/stores/slo/forget-buckets.server.ts';
import { createSloStore } from '#app/stores/slo/slos.server.ts';
import { filled, monday } from '#test/domain/slo/make.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase();
const first = monday / hourMs;
const rows = (slo: string, bad: number, counted: string | null = null, hours = [0, 1]) => {
  const series = filled(monday, monday + 2 * hourMs, () => ({ bad, total: 9 }));
  return hours.map((hour) => ({ slo, counted, ...hourRow(series, first + hour) }));
};
const store = () => createSloStore(database.db, { current: async () => null, save: async () => undefined });

test('hours say how they were counted; what was counted otherwise counts nothing, and is forgotten when all is counted anew', async () => {
  const slos = store();
  await slos.saveHours(rows('s', 1));
  await slos.saveHours(rows('other', 1));
  await slos.saveEventHours(rows('s', 2, 'lte 5'));
  await slos.blankHours('s', 'Timeslices 5m 0.9');
  expect((await slos.hours(['s'], first)).get('s')).toMatchObject([
    { hour: first, bad: 0, total: 0, known: 0, minutes: null, counted: null },
    { hour: first + 1, total: 0, known: 0 },
  ]);
  await slos.saveHours(rows('s', 3, 'Timeslices 5m 0.9', [1]));
  await slos.forgetOtherHours('s', 'Timeslices 5m 0.9', 'lte 5');
  expect((await slos.hours(['s'], 0)).get('s')).toMatchObject([
    { hour: first + 1, bad: 180, counted: 'Timeslices 5m 0.9' },
  ]);
  expect((await slos.eventHours(['s'], 0)).get('s')).toHaveLength(2);
  await slos.forgetOtherHours('s', 'Timeslices 5m 0.9', undefined);
  expect((await slos.eventHours(['s'], 0)).get('s')).toBeUndefined();
  expect((await slos.hours(['other'], 0)).get('other')).toMatchObject([{ bad: 60, counted: null }, { bad: 60 }]);
});

test('minutes are those of the budget, or of the events behind its slices; both age alike', async () => {
  const slos = store();
  await slos.saveHours(rows('m', 1, 'Timeslices 1m 1'));
  await slos.saveEventHours(rows('m', 4));
  const range = [monday, monday + 2 * minuteMs] as const;
  expect((await slos.minutes('m', ...range)).map(({ bad }) => bad)).toEqual([1, 1]);
  expect((await slos.minutes('m', ...range, 'events')).map(({ bad }) => bad)).toEqual([4, 4]);
  await forgetOldBuckets(database.db, monday + 5 * 24 * hourMs);
  expect(await slos.minutes('m', ...range, 'events')).toEqual([]);
  expect((await slos.eventHours(['m'], 0)).get('m')!.map(({ total }) => total)).toEqual([540, 540]);
  await forgetOldBuckets(database.db, monday + 70 * 24 * hourMs);
  expect((await slos.eventHours(['m'], 0)).get('m')).toBeUndefined();
});
