import { describe, expect, test } from 'vitest';
import type { RolloutGuard, RolloutPlan } from '#app/domain/rollout/plan.ts';
import { beginningAt, differsByStage, guardsToKeep, readTypedPlan, typedPlan } from '#app/domain/rollout/typed-plan.ts';

const slo = (name: string, part: Partial<RolloutGuard> = {}): RolloutGuard => ({
  source: { kind: 'slo', slo: name },
  ...{ over: null, judge: 'service' },
  ...part,
});
const metric: RolloutGuard = {
  source: { kind: 'metric', name: 'declined', project: 'shop', total: 't', bad: 'b', under: 0.02 },
  ...{ over: null, judge: 'service' },
};

function planOf(...guards: RolloutGuard[][]): RolloutPlan {
  const stages = guards.map((of, index) => ({
    ...{ percent: (index + 1) * 10, hold: 1_800_000, guards: of, minRequests: 200, approve: [] },
    window: { short: 4, long: 30 },
  }));
  return { stages, backTo: 'start', resume: 'by-person', shadow: false };
}

describe('a declared plan typed over', () => {
  test.each<[string, RolloutGuard]>([
    ['a metric', metric],
    ['a burn of its own', slo('a', { over: 2 })],
    ['a variant', slo('a', { judge: 'cohort', variant: 'green' })],
    ['others judged than the rest', slo('b', { judge: 'cohort' })],
  ])('keeps %s', (_, guard) => {
    const declared = planOf([slo('a'), guard]);
    const typed = typedPlan(declared, [], 'cohort');
    const read = readTypedPlan(typed, declared);
    expect(read).toMatchObject({ plan: { stages: [{ window: { short: 4, long: 30 }, minRequests: 200 }] } });
    expect('plan' in read && read.plan.stages[0]!.guards).toEqual(expect.arrayContaining([slo('a'), guard]));
    const dropped = readTypedPlan({ ...typed, kept: [] }, declared);
    expect('plan' in dropped && dropped.plan.stages[0]!.guards).toEqual([slo('a')]);
  });

  test('drops no guard of a later stage, and says that stages differ', () => {
    const declared = planOf([slo('a')], [slo('a'), slo('b'), metric]);
    const read = readTypedPlan(typedPlan(declared, [], 'service'), declared);
    expect('plan' in read && read.plan.stages[0]!.guards).toEqual([slo('a'), slo('b'), metric]);
    expect([differsByStage(declared), differsByStage(planOf([slo('a')], [slo('a')]))]).toEqual([true, false]);
  });

  test('may be guarded by a metric alone, and never by nothing', () => {
    const declared = planOf([metric]);
    const typed = typedPlan(declared, ['a'], 'service');
    expect(typed.slos).toEqual([]);
    expect(readTypedPlan(typed, declared)).toHaveProperty('plan');
    expect(readTypedPlan({ ...typed, kept: [] }, declared)).toMatchObject({ field: 'slos' });
    expect(guardsToKeep(null)).toEqual([]);
  });
});

test.each([
  ['1 % for 15m\n5 % for 10m\n25 % for 30m', '5 % for 10m\n25 % for 30m'],
  ['1 % for 15m by voice\n25 % for 30m', '5 % for 15m by voice\n25 % for 30m'],
  ['25 % for 30m by voice\n100 % for 1h', '5 % for 30m by voice\n25 % for 30m by voice\n100 % for 1h'],
  ['1 % for 15m', '5 % for 15m'],
])('%j begun at 5 %% is %j', (stages, begun) => {
  expect(beginningAt(stages, 5)).toBe(begun);
});
