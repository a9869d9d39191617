import { expect, test } from 'vitest';
import { fiveMinutes } from '#app/components/burn-chart/five-minutes.ts';

const minute = 60_000;

test('fives are event-weighted, newest first, and provisional while one minute is', () => {
  const points = [
    { at: 0, bad: 0, total: 1_000, burn: 0, settled: true },
    { at: minute, bad: 10, total: 10, burn: 1_000, settled: true },
    { at: 5 * minute, bad: 1, total: 100, burn: 10, settled: false },
  ];
  const [second, first] = fiveMinutes(points, 0.999);
  expect(first).toMatchObject({ at: 0, bad: 10, total: 1_010, settled: true });
  expect(first!.burn).toBeCloseTo(10 / 1_010 / 0.001, 6);
  expect(second).toMatchObject({ at: 5 * minute, settled: false });
});

test('no traffic is not a burn of nought', () => {
  expect(fiveMinutes([{ at: 0, bad: 0, total: 0, burn: null, settled: true }], 0.99)[0]!.burn).toBeNull();
});
