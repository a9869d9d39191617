import { describe, expect, test } from 'vitest';
import {
  type ImpactCounter,
  type ImpactReading,
  type ImpactWatch,
  impactFault,
  impactMetricsOf,
  impactMinute,
  impactName,
  nextImpact,
} from '#app/domain/rollout/impact.ts';
import { minuteMs } from '#app/domain/slo/series.ts';

const begun = Date.UTC(2026, 10, 22, 3);
const second = 1_000;
const watch: ImpactWatch = { flag: 'shop.new', environment: 'production', metrics: ['answers', 'failed'] };

const counter = (metric: string, answer: string | null, value: number, labels: Record<string, string> = {}) => ({
  metric,
  labels: { appName: 'shop', environment: 'production', ...(answer === null ? {} : { shop_new: answer }), ...labels },
  value,
});

/** Reads at 0 s, 15 s, 30 s, …, and what grew at each. */
function reads(...readings: ImpactCounter[][]) {
  let last: ImpactReading | null = null;
  return readings.map((counters, i) => {
    const read = { at: begun + i * 15 * second, metrics: ['answers', 'failed'], counters };
    const next = nextImpact(last, read, [watch]);
    last = next.reading;
    const grown = Object.fromEntries(next.grown.map((one) => [`${one.metric} ${one.answer}`, one.count]));
    return next.many ? 'many' : grown;
  });
}

const on = (answers: number, failed = 0) => [
  counter('answers', 'enabled', answers),
  counter('failed', 'enabled', failed),
];

describe('what grew between two readings', () => {
  test('the first reading is where counting begins; then it is the difference, by answer', () => {
    const off = counter('answers', 'disabled', 500);
    expect(reads([...on(100, 3), off], [...on(160, 4), { ...off, value: 510 }], [...on(160, 4), off])).toEqual([
      {},
      { 'answers enabled': 60, 'answers disabled': 10, 'failed enabled': 1 },
      // The counter of the others fell: Unleash began anew.
      {},
    ]);
  });

  test('who was not there in the reading before began at 0 since: the first of those who have it count', () => {
    expect(reads([counter('answers', 'disabled', 9)], [counter('answers', 'disabled', 9), ...on(7, 2)])).toEqual([
      {},
      { 'answers enabled': 7, 'failed enabled': 2 },
    ]);
  });

  test('a reset is no harm: neither the reading that fell nor the one after it counts', () => {
    expect(reads(on(1_000, 900), on(5, 5), on(65, 5), on(125, 6))).toEqual([
      {},
      {},
      {},
      { 'answers enabled': 60, 'failed enabled': 1 },
    ]);
  });

  test('a restart that nobody has reported to yet is a reset too', () => {
    expect(reads(on(1_000, 900), [], on(40, 40), on(80, 40))).toEqual([{}, {}, {}, { 'answers enabled': 40 }]);
  });

  test('two instances of Unleash that answer in turn count nothing, and are told apart from restarts', () => {
    const [a, b] = [on(1_000, 900), on(400, 300)];
    expect(reads(a, b, a, b, a, b, a)).toEqual([{}, {}, {}, {}, {}, 'many', 'many']);
  });

  test('what grew over a gap is put to no minute', () => {
    const first = { at: begun, metrics: ['answers', 'failed'], counters: on(1) };
    const { reading } = nextImpact(null, first, [watch]);
    const read = (minutes: number) =>
      nextImpact(reading, { ...first, at: begun + minutes * minuteMs, counters: on(100, 90) }, [watch]).grown;
    expect(read(5)).toHaveLength(2);
    expect(read(5.1)).toEqual([]);
  });

  test('a metric that was not asked for before has no growth yet', () => {
    const { reading } = nextImpact(null, { at: begun, metrics: ['answers'], counters: [] }, [watch]);
    const read = { at: begun + second, metrics: ['answers', 'failed'], counters: on(50, 50) };
    expect(nextImpact(reading, read, [watch]).grown).toMatchObject([{ metric: 'answers', count: 50 }]);
  });

  test('only what SDKs of the environment sent along with the flag', () => {
    const others = [
      counter('answers', null, 10),
      counter('answers', 'enabled', 10, { environment: 'development' }),
      counter('elsewhere', 'enabled', 10),
    ];
    expect(reads([], [...others, counter('answers', 'green', 2, { appName: 'bank' })])).toEqual([
      {},
      { 'answers green': 2 },
    ]);
  });

  test('of several applications the sum', () => {
    expect(reads([], [...on(3), counter('answers', 'enabled', 4, { appName: 'bank' })])[1]).toEqual({
      'answers enabled': 7,
    });
  });
});

test('a reading counts in the minute in which it was made', () => {
  expect(impactMinute(begun)).toBe(begun);
  expect(impactMinute(begun + 1)).toBe(begun + minuteMs);
});

test.each([
  ['shop.new-timeline~2', 'shop_new_timeline_2', true],
  ['_private', '_private', true],
  ['2nd-try', '2nd_try', false],
  ['environment', 'environment', false],
  ['metric-type', 'metric_type', false],
])('the label of the flag %s is %s', (flag, label, can) => {
  expect(impactName(flag)).toBe(label);
  expect(impactFault(flag) === null).toBe(can);
});

test('the counters of a plan, each once', () => {
  const impact = (total: string) => ({ kind: 'impact' as const, name: 'x', total, bad: 'failed', under: 0.1 });
  const stage = (total: string) => ({
    ...{ percent: 1, hold: 600_000, minRequests: 1, window: { short: 5, long: 60 }, approve: [] },
    guards: [
      { source: impact(total), over: null, judge: 'cohort' as const },
      { source: { kind: 'slo' as const, slo: 's' }, over: null, judge: 'service' as const },
    ],
  });
  const plan = { backTo: 'start', resume: 'by-person', shadow: false } as const;
  expect(impactMetricsOf({ ...plan, stages: [stage('answers'), stage('orders')] })).toEqual([
    'answers',
    'failed',
    'orders',
  ]);
});
