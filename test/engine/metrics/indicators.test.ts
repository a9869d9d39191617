import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadHours } from '#app/domain/slo/load-hours.ts';
import { createSeries, hourMs, minuteMs, periodSums, windowSums } from '#app/domain/slo/series.ts';
import { windowMinutes } from '#app/domain/slo/slo.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { anSlo, monday } from '../../domain/slo/make.ts';
import { ends, fakeMonitoring, fakeStore } from './fake-monitoring.ts';
import { noPrometheus } from './fake-prometheus.ts';

const signal = new AbortController().signal;
const now = monday + 10 * hourMs;
/** Each has a share of bad ones of its own, which no sum over two of them has. */
const indicators = [
  { base: 'metric.type="one"', share: 0 },
  { base: 'metric.type="two"', share: 0.5 },
  { base: 'metric.type="three"', share: 1 },
];

function sloOf(which: number, sliced: boolean) {
  const { base } = indicators[which]!;
  const total = { project: 'studio', filter: base };
  const bad = { project: 'studio', filter: `${base} metric.label."class"="5xx"` };
  return anSlo({
    indicator: { kind: 'ratio', total, bad },
    ...(sliced ? { budgeting: { method: 'RatioTimeslices', minutes: 5 } as const } : {}),
  });
}

function put(source: ReturnType<typeof fakeMonitoring>, end: number): void {
  for (const { base, share } of indicators) {
    source.put(base, { class: '2xx' }, end, 40 * (1 - share));
    source.put(base, { class: '5xx' }, end, 40 * share);
  }
}

const step = fc.record({
  which: fc.nat({ max: 2 }),
  broken: fc.boolean(),
  restart: fc.boolean(),
  minutes: fc.integer({ min: 1, max: 70 }),
});

test.each([false, true])(
  'whatever a catalog declares when, no window sums two indicators (slices: %s)',
  async (sliced) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
        const source = fakeMonitoring();
        const store = fakeStore();
        const create = () =>
          createCollector({ monitoring: source.read, prometheus: noPrometheus }, store, store.cursors);
        for (const end of ends(now - 3 * hourMs, now)) put(source, end);
        let [collector, at] = [create(), now];
        for (const { which, broken, restart, minutes } of steps) {
          for (const end of ends(at, at + minutes * minuteMs)) put(source, end);
          at += minutes * minuteMs;
          if (restart) collector = create();
          source.broken = broken ? new Error('no answer') : null;
          const slo = sloOf(which, sliced);
          await collector.collect({ slos: [slo] }, at, signal);

          const stored = createSeries();
          loadHours(stored, (await store.hours([slo.id], 0)).get(slo.id) ?? []);
          for (const series of [collector.series(slo.id)!, collector.events(slo.id)!, stored]) {
            const period = periodSums(series, at - 30 * 24 * hourMs, at);
            const windows = Object.values(windowMinutes).map((length) => windowSums(series, at / minuteMs, length));
            for (const { bad, total } of [period, ...windows]) expect(bad).toBe(indicators[which]!.share * total);
          }
          // All of its own, and not only what came since it is the one.
          const { total } = periodSums(collector.events(slo.id)!, at - 30 * 24 * hourMs, at);
          if (!broken) expect(total).toBe((40 * (at - now + 3 * hourMs)) / minuteMs);
        }
      }),
      { numRuns: 30 },
    );
  },
);

test('a new process and a new layout of the same filter go on with what is stored', async () => {
  const source = fakeMonitoring();
  const store = fakeStore();
  const create = () => createCollector({ monitoring: source.read, prometheus: noPrometheus }, store, store.cursors);
  for (const end of ends(now - 3 * hourMs, now)) put(source, end);
  await create().collect({ slos: [sloOf(1, false)] }, now, signal);
  source.queries = [];
  const slo = sloOf(1, false);
  const total = { project: 'studio', filter: `  ${indicators[1]!.base}\n` };
  const again = { ...slo, indicator: { ...slo.indicator, total } as typeof slo.indicator };
  await create().collect({ slos: [again] }, now + minuteMs, signal);
  expect(source.queries.map(({ from }) => from > now - hourMs)).not.toContain(false);
});
