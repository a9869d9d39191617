import { expect, test } from 'vitest';
import { guardCounts, guardsCount } from '#app/domain/rollout/guard-words.ts';
import type { RolloutGuard, RolloutStage } from '#app/domain/rollout/plan.ts';

const metric = { kind: 'metric', name: 'declined', project: 'shop', total: 't', bad: 'b', under: 0.005 } as const;
const impact = { kind: 'impact', name: 'failed answers', total: 't', bad: 'b', under: 0.02 } as const;
const slo = { kind: 'slo', slo: 'shop-availability' } as const;
const of = (source: RolloutGuard['source'], judge: RolloutGuard['judge'], variant?: string): RolloutGuard => ({
  ...{ source, judge, over: null },
  ...(variant === undefined ? {} : { variant }),
});

test.each([
  [of(slo, 'service'), 'what the SLO counts, of the whole service'],
  [of(slo, 'cohort'), 'requests of those who have it, from Cloud Monitoring'],
  [of(slo, 'cohort', 'green'), 'requests of those who have green, from Cloud Monitoring'],
  [
    of(metric, 'service'),
    'requests of the whole service, from two metrics of Cloud Monitoring; 0.5 % or more bad ones are harm',
  ],
  [of(impact, 'cohort'), 'requests of those who have it, from Unleash impact metrics; 2 % or more bad ones are harm'],
])('%j counts %s', (guard, words) => {
  expect(guardCounts(guard)).toBe(words);
});

test('of two counts it is told what is asked, and where', () => {
  const stages = [{ guards: [of(slo, 'service'), of(metric, 'service'), of(impact, 'cohort')] } as RolloutStage];
  expect(guardsCount({ stages }).map(({ asks }) => asks)).toEqual([
    null,
    { where: 'the project shop', total: 't', bad: 'b' },
    { where: 'Unleash', total: 't', bad: 'b' },
  ]);
});

test('each guard of a plan is told once', () => {
  const stage = (guards: RolloutGuard[]) => ({ guards }) as RolloutStage;
  const stages = [stage([of(slo, 'cohort')]), stage([of(slo, 'cohort'), of(impact, 'cohort', 'green')])];
  expect(guardsCount({ stages }).map(({ guard }) => guard)).toEqual([
    'shop-availability, only those who have it',
    'failed answers, only those who have green',
  ]);
});
