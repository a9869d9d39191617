import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadHours } from '#app/domain/slo/load-hours.ts';
import {
  createSeries,
  hourRow,
  hourSums,
  loadHour,
  newestKnownMinute,
  setMinute,
  windowSums,
} from '#app/domain/slo/series.ts';
import { shardCount, shardOf } from '#app/domain/slo/shard.ts';

const first = 480_000;

test('hours put back in one go are those put back one by one, gaps and whole hours among them', () => {
  const minute = fc.record({ hour: fc.integer({ min: 0, max: 90 }), minute: fc.nat(59), bad: fc.nat(9) });
  fc.assert(
    fc.property(fc.array(minute, { maxLength: 80 }), fc.uniqueArray(fc.nat(90), { maxLength: 9 }), (minutes, whole) => {
      const source = createSeries();
      for (const { hour, minute, bad } of minutes) setMinute(source, (first + hour) * 60 + minute, bad, bad + 5);
      const hours = [...new Set([...minutes.map(({ hour }) => hour), ...whole])].sort((a, b) => a - b);
      const rows = hours.map((hour) => {
        const row = hourRow(source, first + hour);
        return row.known === 0 ? { ...row, bad: 1, total: 100, known: 60 } : row;
      });
      const [together, apart] = [createSeries(), createSeries()];
      loadHours(together, rows);
      for (const row of rows) loadHour(apart, row.hour, row);
      expect(newestKnownMinute(together)).toBe(newestKnownMinute(apart));
      for (let hour = first - 1; hour <= first + 91; hour++) {
        expect(hourSums(together, hour)).toEqual(hourSums(apart, hour));
        expect(windowSums(together, hour * 60 + 30, 60)).toEqual(windowSums(apart, hour * 60 + 30, 60));
      }
    }),
    { numRuns: 30 },
  );
});

test('keys of batches spread over all shards', () => {
  const keys = Array.from({ length: 640 }, (_, index) => `count project-${index} metric.type="a" resource.type="b"`);
  const sizes = [...Map.groupBy(keys, shardOf).values()].map((same) => same.length);
  expect(sizes).toHaveLength(shardCount);
  expect(Math.max(...sizes)).toBeLessThan(50);
});
