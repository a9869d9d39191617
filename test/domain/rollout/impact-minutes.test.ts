import { expect, test } from 'vitest';
import { type ImpactMinute, impactMinutes } from '#app/domain/rollout/impact-minutes.ts';
import type { RolloutGuard } from '#app/domain/rollout/plan.ts';
import { type GuardReading, judgeGuard } from '#app/domain/rollout/verdict.ts';
import { minuteMs } from '#app/domain/slo/series.ts';

const begun = Date.UTC(2026, 10, 22, 3);
const names = { total: 'answers', bad: 'failed' };
const guard: RolloutGuard = {
  source: { kind: 'impact', name: 'failed answers', ...names, under: 0.02 },
  over: null,
  judge: 'cohort',
};

/** What was counted in the minute number `minute`, seen 50 s into it. */
const counted = (minute: number, metric: string, answer: string, count: number): ImpactMinute => ({
  ...{ metric, answer, count },
  minute: begun + (minute + 1) * minuteMs,
  seenAt: begun + minute * minuteMs + 50_000,
});
const minutes = (from: number, to: number, rows: (minute: number) => ImpactMinute[]) =>
  Array.from({ length: to - from }, (_, i) => rows(from + i)).flat();
const numbers = (rows: readonly ImpactMinute[], variant: string | null = null) =>
  impactMinutes(rows, names, variant)
    .sort((a, b) => a.at - b.at)
    .map(({ at, bad, total }) => [(at - begun) / minuteMs, bad, total]);

test('those who have it, whichever variant; the others say only that somebody reports', () => {
  const rows = [
    counted(0, 'answers', 'disabled', 80),
    counted(1, 'answers', 'enabled', 5),
    counted(1, 'answers', 'green', 6),
    counted(1, 'failed', 'green', 2),
    counted(1, 'failed', 'disabled', 9),
  ];
  expect(numbers(rows)).toEqual([
    [1, 0, 0],
    [2, 2, 11],
  ]);
  expect(numbers(rows, 'green').at(-1)).toEqual([2, 2, 6]);
  expect(numbers(rows, 'blue').at(-1)).toEqual([2, 0, 0]);
});

test('who reports once a minute leaves no hole, late or not; a longer silence is one', () => {
  const row = (minute: number, at: number): ImpactMinute => ({
    ...{ metric: 'answers', answer: 'enabled', count: 1, minute: begun + (minute + 1) * minuteMs },
    seenAt: begun + at,
  });
  const usual = [row(0, 1_000), row(1, 60_500), row(1, 119_000)];
  expect(numbers([...usual, row(3, 185_000)]).map(([minute]) => minute)).toEqual([1, 2, 3, 4]);
  expect(numbers([...usual, row(4, 245_000)]).map(([minute]) => minute)).toEqual([1, 2, 5]);
});

test('nobody who reports is no data', () => {
  expect(numbers([])).toEqual([]);
  expect(numbers([counted(0, 'elsewhere', 'enabled', 3)])).toEqual([]);
});

const others = (minute: number) => [counted(minute, 'answers', 'disabled', 900)];
const well = (minute: number) => [...others(minute), counted(minute, 'answers', 'enabled', 50)];
const ill = (bad: number) => (minute: number) => [...well(minute), counted(minute, 'failed', 'enabled', bad)];

test.each<[string, string, readonly ImpactMinute[], string | null]>([
  ['nobody has reported, ever', 'stale', [], null],
  ['nobody reports since the step', 'stale', minutes(-10, 0, well), null],
  ['only those without it report', 'insufficient', minutes(-10, 9, others), null],
  ['those who have it are well', 'pass', minutes(-10, 9, well), null],
  ['a little under what is harm', 'pass', minutes(-10, 9, ill(0.9)), null],
  ['as many fail as are harm', 'breach', minutes(-10, 9, ill(1)), null],
  ['harm, and Unleash fails since', 'breach', minutes(-10, 9, ill(5)), 'Unleash answered 401'],
  ['well, and Unleash fails', 'error', minutes(-10, 9, well), 'Unleash answered 401'],
  [
    'counts that are no number',
    'stale',
    minutes(-10, 9, (at) => [counted(at, 'answers', 'enabled', Number.NaN)]),
    null,
  ],
  ['more fail than were asked', 'error', minutes(-10, 9, ill(60)), null],
])('%s: %s', (_, expected, rows, error) => {
  const reading: GuardReading = { minutes: impactMinutes(rows, names, null), settle: 120_000, objective: 0.98, error };
  const stage = { window: { short: 5, long: 60 }, minRequests: 100 };
  expect(judgeGuard(guard, stage, reading, begun, begun + 11 * minuteMs)).toMatchObject({ kind: expected });
});
