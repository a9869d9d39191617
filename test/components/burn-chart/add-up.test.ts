import { expect, test } from 'vitest';
import { addUp } from '#app/components/burn-chart/add-up.ts';

const minute = 60_000;

test('steps are event-weighted, oldest first, and provisional while one minute is', () => {
  const points = [
    { at: 0, bad: 0, total: 1_000, burn: 0, settled: true },
    { at: minute, bad: 10, total: 10, burn: 1_000, settled: true },
    { at: 5 * minute, bad: 1, total: 100, burn: 10, settled: false },
  ];
  const [first, second] = addUp(points, 0.999, 5 * minute);
  expect(first).toMatchObject({ at: 0, bad: 10, total: 1_010, settled: true });
  expect(first!.burn).toBeCloseTo(10 / 1_010 / 0.001, 6);
  expect(second).toMatchObject({ at: 5 * minute, settled: false });
});

test('no traffic is not a burn of nought', () => {
  expect(addUp([{ at: 0, bad: 0, total: 0, burn: null, settled: true }], 0.99, minute)[0]!.burn).toBeNull();
});
