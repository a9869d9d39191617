import { expect, test } from 'vitest';
import { revisionCohorts } from '#app/domain/change/rollback.ts';

const minute = 60_000;
const at = (i: number, revision: string, bad: number, total: number) => ({ at: i * minute, revision, bad, total });

test('revisions are compared over whole minutes in which both served, the minute of the switch left out', () => {
  const points = [
    at(1, 'old', 1, 1000),
    at(2, 'old', 0, 500),
    at(2, 'new', 40, 500),
    at(3, 'old', 1, 900),
    at(3, 'new', 8, 100),
    at(4, 'old', 1, 600),
    at(4, 'older', 1, 300),
    at(4, 'new', 9, 100),
    at(5, 'new', 80, 1000),
  ];
  expect(revisionCohorts(points, 'new', 2 * minute + 1)).toEqual({
    with: { bad: 17, total: 200 },
    without: { bad: 3, total: 1800 },
    from: 3 * minute,
    to: 5 * minute,
  });
});

test('one shared minute is a coincidence in time, not a comparison', () => {
  const points = [at(3, 'old', 1, 900), at(3, 'new', 8, 100), at(4, 'new', 80, 1000)];
  expect(revisionCohorts(points, 'new', 2 * minute)).toBeNull();
  expect(revisionCohorts([], 'new', 0)).toBeNull();
});
