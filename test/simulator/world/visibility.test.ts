import { expect, test } from 'vitest';
import { createSeriesStore } from '#simulator/world/series-store.ts';
import { type Blackout, createVisibility } from '#simulator/world/visibility.ts';
import { shop } from '../support/studio.ts';

const minute = 29_000_000;
const end = (n: number) => (minute + n + 1) * 60_000;

test('points appear 60 to 240 s after their minute, out of order', () => {
  const visibleAt = createVisibility('s', () => []);
  const times = Array.from({ length: 300 }, (_, i) => visibleAt('k', end(i)));
  const delays = times.map((time, i) => time - end(i));
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(60_000);
  expect(Math.max(...delays)).toBeLessThanOrEqual(240_000);
  expect(times.some((time, i) => i > 0 && time < times[i - 1]!)).toBe(true);
  expect(visibleAt('other', end(0))).not.toBe(times[0]);
});

test('nothing appears during a blackout, and all of it when it ends', () => {
  const blackouts: Blackout[] = [{ from: end(10), to: null }];
  const visibleAt = createVisibility('s', () => blackouts);
  expect(visibleAt('k', end(10))).toBe(Number.POSITIVE_INFINITY);
  expect(visibleAt('k', end(5))).toBeLessThan(end(10));
  blackouts[0]!.to = end(40);
  expect(visibleAt('k', end(10))).toBe(end(40));
});

test('a read sees a point only when its time has come, and the same point for good', () => {
  let now = end(0);
  const store = createSeriesStore(
    [shop],
    createVisibility('s', () => []),
    () => now,
  );
  store.add({
    service: shop.id,
    minute,
    requests: [{ revision: 'r', code: 200, count: 12, latencySum: 120, latency: [12, ...new Array(18).fill(0)] }],
    flags: [],
    failures: [],
  });
  const read = () => {
    const seen: unknown[] = [];
    for (const series of store.series('shop', 'run.googleapis.com/request_count'))
      series.visit(0, Number.MAX_SAFE_INTEGER, (at, value) => seen.push([at, value]));
    return seen;
  };
  const seenAt: number[] = [];
  for (; now < end(0) + 300_000; now += 1000) if (read().length > 0) seenAt.push(now);
  expect(seenAt[0]! - end(0)).toBeGreaterThanOrEqual(60_000);
  expect(seenAt[0]! - end(0)).toBeLessThanOrEqual(241_000);
  expect(seenAt.length).toBe((end(0) + 300_000 - seenAt[0]!) / 1000);
  expect(read()).toEqual([[end(0), 12]]);
});
