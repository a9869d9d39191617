import { describe, expect, test } from 'vitest';
import type { RolloutGuard, RolloutPlan } from '#app/domain/rollout/plan.ts';
import {
  differsByStage,
  type GuardsAround,
  guardsToKeep,
  keptGuard,
  readTypedPlan,
  typedPlan,
} from '#app/domain/rollout/typed-plan.ts';

const slo = (name: string, part: Partial<RolloutGuard> = {}): RolloutGuard => ({
  source: { kind: 'slo', slo: name },
  ...{ over: null, judge: 'service' },
  ...part,
});
const metric: RolloutGuard = {
  source: { kind: 'metric', name: 'declined', project: 'shop', total: 't', bad: 'b', under: 0.02 },
  ...{ over: null, judge: 'service' },
};

const around: GuardsAround = {
  subject: { kind: 'flag', flag: 'new-checkout', environment: 'production' },
  elsewhere: [],
  projects: ['shop'],
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
    const typed = typedPlan(declared, [], 'cohort', ['shop']);
    const read = readTypedPlan(typed, declared, around);
    expect(read).toMatchObject({ plan: { stages: [{ window: { short: 4, long: 30 }, minRequests: 200 }] } });
    expect('plan' in read && read.plan.stages[0]!.guards).toEqual(expect.arrayContaining([slo('a'), guard]));
    const dropped = readTypedPlan({ ...typed, kept: [] }, declared, around);
    expect('plan' in dropped && dropped.plan.stages[0]!.guards).toEqual([slo('a')]);
  });

  test('drops no guard of a later stage, and says that stages differ', () => {
    const declared = planOf([slo('a')], [slo('a'), slo('b'), metric]);
    const read = readTypedPlan(typedPlan(declared, [], 'service', ['shop']), declared, around);
    expect('plan' in read && read.plan.stages[0]!.guards).toEqual([slo('a'), slo('b'), metric]);
    expect([differsByStage(declared), differsByStage(planOf([slo('a')], [slo('a')]))]).toEqual([true, false]);
  });

  test('may be guarded by a metric alone, and never by nothing', () => {
    const declared = planOf([metric]);
    const typed = typedPlan(declared, ['a'], 'service', ['shop']);
    expect(typed.slos).toEqual([]);
    expect(readTypedPlan(typed, declared, around)).toHaveProperty('plan');
    expect(readTypedPlan({ ...typed, kept: [] }, declared, around)).toMatchObject({ field: 'slos' });
    expect(guardsToKeep(null)).toEqual([]);
  });
});

describe('typed anew', () => {
  const usual = typedPlan(null, ['a'], 'service', ['shop']);

  test('the windows are those that were typed', () => {
    const read = readTypedPlan({ ...usual, short: '10m', long: '2h' }, null, around);
    const windows = 'plan' in read && read.plan.stages.map(({ window }) => window);
    expect(windows).toEqual(usual.stages.split('\n').map(() => ({ short: 10, long: 120 })));
    const wrong = (short: string, long: string) => readTypedPlan({ ...usual, short, long }, null, around);
    expect(wrong('soon', '1h')).toMatchObject({ field: 'short', problem: expect.stringContaining('5m, 1h') });
    expect(wrong('5m', '20d')).toMatchObject({ field: 'long' });
    expect(wrong('1h', '5m')).toMatchObject({ field: 'short', problem: expect.stringContaining('longer than') });
  });

  test('guards of other files are taken by their keys, and only those that are there', () => {
    const { key } = keptGuard(metric);
    const elsewhere = [{ key: `pay/${key}`, guard: metric }];
    const read = readTypedPlan({ ...usual, kept: [`pay/${key}`] }, null, { ...around, elsewhere });
    expect('plan' in read && read.plan.stages[0]!.guards).toEqual([slo('a'), metric]);
    expect(readTypedPlan({ ...usual, kept: [`pay/${key}`] }, null, around)).toMatchObject({ field: 'slos' });
  });

  test('a written one stands beside the rest, and under a name of its own', () => {
    const written = {
      ...usual.written,
      ...{ metricName: 'declined', metricTotal: 'metric.type="paid"', metricBad: 'metric.type="declined"' },
      metricUnder: '2 %',
    };
    const source = {
      ...{ kind: 'metric', name: 'declined', project: 'shop', under: 0.02 },
      ...{ total: 'metric.type="paid"', bad: 'metric.type="declined"' },
    };
    const read = readTypedPlan({ ...usual, written }, null, around);
    expect('plan' in read && read.plan.stages.map(({ guards }) => guards)).toEqual(
      usual.stages.split('\n').map(() => [slo('a'), { source, over: null, judge: 'service' }]),
    );
    const alone = readTypedPlan({ ...usual, slos: [], written }, null, around);
    expect(alone).toHaveProperty('plan');
    const declared = planOf([metric]);
    const twice = readTypedPlan({ ...typedPlan(declared, [], 'service', ['shop']), written }, declared, around);
    expect(twice).toMatchObject({ field: 'metricName', problem: expect.stringContaining('“declined”') });
  });
});
