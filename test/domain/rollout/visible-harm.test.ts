import { expect, test } from 'vitest';
import type { RolloutStage } from '#app/domain/rollout/plan.ts';
import { stageSight } from '#app/domain/rollout/visible-harm.ts';
import { costWords, sightWords } from '#app/domain/rollout/words.ts';

const minute = 60_000;
const facts = { objective: 0.999, periodMinutes: 30 * 1440, settle: 4 * minute };
const stage = (percent: number, judge: 'service' | 'cohort' = 'service', over: number | null = null): RolloutStage => ({
  percent,
  hold: 60 * minute,
  guards: [{ source: { kind: 'slo', slo: 'shop' }, over, judge }],
  minRequests: 100,
  window: { short: 5, long: 60 },
  approve: [],
});

test('at 1 % and 99.9 % a total failure burns 10×: under 14.4× nobody sees it', () => {
  const sight = stageSight(stage(1), [facts]);
  expect(sight.guards[0]!.total).toBeCloseTo(10, 9);
  expect(sight).toMatchObject({ blind: true, leastVisible: null });
  expect(sightWords(sight, 1)).toContain('not guarded');
});

test.each([
  [5, 0.288, 'Seen once 29 % of those who have it fail.'],
  [25, 0.0576, 'Seen once 6 % of those who have it fail.'],
  [100, 0.0144, 'Seen once 2 % of those who have it fail.'],
])('at %d %% of the service it is seen from %d on', (percent, least, words) => {
  const sight = stageSight(stage(percent), [facts]);
  expect(sight.leastVisible).toBeCloseTo(least, 9);
  expect(sightWords(sight, percent)).toBe(words);
});

test('the cohort alone sees as much at any share, and a burn that just reaches is no longer blind', () => {
  expect(stageSight(stage(1, 'cohort'), [facts]).leastVisible).toBeCloseTo(0.0144, 9);
  expect(stageSight(stage(1, 'service', 10), [facts])).toMatchObject({ blind: false });
  expect(stageSight(stage(1, 'service', 10.1), [facts])).toMatchObject({ blind: true });
});

test('a stage costs the larger of a total failure until it is seen and of what stays just unseen', () => {
  // Seen after 5 + 4 + 1 min at half of all requests: 5 min; 2.88 % unseen for 65 min is less.
  const sight = stageSight(stage(50), [facts]);
  expect(sight.cost.minutes).toBeCloseTo(5, 9);
  expect(costWords(sight)).toBe('may cost at most 5 min of budget, of 44 min in all');
  // Blind: the whole hold, the settling and the way back, at 1 %.
  expect(stageSight(stage(1), [facts]).cost.minutes).toBeCloseTo(0.65, 9);
});

test('without any guard it is blind, and costs its whole time', () => {
  const sight = stageSight({ ...stage(100), guards: [] }, []);
  expect(sight).toMatchObject({ blind: true, cost: { of: null } });
  expect(costWords(sight)).toContain('of total outage');
});
