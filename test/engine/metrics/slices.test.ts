import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newTable, sumBetween, sumUp } from '#app/domain/slo/minute-counts.ts';
import { hourMs, hourSums, minuteMs, periodSums, windowSums } from '#app/domain/slo/series.ts';
import { inSlices } from '#app/domain/slo/slices.ts';
import type { Slices, Slo } from '#app/domain/slo/slo.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { anSlo, monday } from '../../domain/slo/make.ts';
import { ends, fakeMonitoring, fakeStore } from './fake-monitoring.ts';
import { noPrometheus } from './fake-prometheus.ts';

const base = 'metric.type="run.googleapis.com/request_count" resource.type="cloud_run_revision"';
const signal = new AbortController().signal;
const now = monday + 10 * hourMs;
const strict: Slices = { method: 'Timeslices', minutes: 5, target: 0.9 };
const shares: Slices = { method: 'RatioTimeslices', minutes: 10 };

function inSlicesOf(budgeting: Slo['budgeting']): Slo {
  const total = { project: 'studio', filter: base };
  const bad = { project: 'studio', filter: `${base} metric.label."response_code_class"="5xx"` };
  return anSlo({ indicator: { kind: 'ratio', total, bad }, budgeting });
}

function start() {
  const source = fakeMonitoring();
  const store = fakeStore();
  const create = () => createCollector({ monitoring: source.read, prometheus: noPrometheus }, store, store.cursors);
  const put = (end: number, bad: number, total: number) => {
    if (total > bad) source.put(base, { response_code_class: '2xx' }, end, total - bad);
    if (bad > 0) source.put(base, { response_code_class: '5xx' }, end, bad);
  };
  return { source, store, create, put };
}

/** What `slo eval` counts of the same minutes, which began at `first`. */
function evaluated(minutes: readonly { bad: number; total: number }[], first: number, slices: Slices) {
  const table = newTable(first / minuteMs, minutes.length);
  for (const [at, { bad, total }] of minutes.entries()) {
    table.bad[at] = bad;
    table.total[at] = total;
    table.known[at] = 1;
  }
  return inSlices(sumUp(table), slices).counts;
}

describe('an SLO in slices of time', () => {
  test.each([strict, shares])('counts what slo eval counts, cycle by cycle: $method', async (slices) => {
    const oneMinute = fc.record({ bad: fc.nat({ max: 12 }), more: fc.integer({ min: 40, max: 90 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(oneMinute, { minLength: 95, maxLength: 95 }),
        fc.nat({ max: 60 }),
        async (drawn, cut) => {
          const minutes = drawn.map(({ bad, more }) => ({ bad, total: bad + more }));
          const { create, put } = start();
          const slo = inSlicesOf(slices);
          const first = now - 90 * minuteMs;
          let collector = create();
          for (const [at, { bad, total }] of minutes.entries()) {
            const end = first + (at + 1) * minuteMs;
            put(end, bad, total);
            if (at < 60 && at !== cut) continue;
            // A restart in the middle of a slice changes nothing.
            if (at === cut || at === 77) collector = create();
            await collector.collect({ slos: [slo] }, end, signal);
          }
          const counts = evaluated(minutes, first, slices);
          const series = collector.series(slo.id)!;
          for (let end = first / minuteMs; end <= first / minuteMs + 95; end++) {
            const { bad, total, known } = windowSums(series, end, 30);
            const wanted = sumBetween(counts, end - 30, end);
            expect({ total, known }).toEqual({ total: wanted.total, known: wanted.known });
            expect(bad).toBeCloseTo(wanted.bad, 9);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  test('its history is read by the slice, so that the whole period is in slices', async () => {
    const { source, create, put } = start();
    const early = now - 6 * 24 * hourMs;
    for (const end of ends(early, early + hourMs)) put(end, end <= early + 20 * minuteMs ? 30 : 0, 100);
    for (const end of ends(now - 30 * minuteMs, now)) put(end, 0, 100);
    const collector = create();
    const slo = inSlicesOf(strict);
    await collector.collect({ slos: [slo] }, now, signal);
    expect(source.queries.map(({ periodSeconds }) => periodSeconds)).toContain(300);
    expect(source.queries.map(({ periodSeconds }) => periodSeconds)).not.toContain(3600);
    expect(hourSums(collector.series(slo.id)!, early / hourMs)).toEqual({ bad: 4, total: 12, known: 60 });
    expect(hourSums(collector.events(slo.id)!, early / hourMs)).toMatchObject({ bad: 600, total: 6_000 });
  });

  test('a target that changes counts all anew, and nothing stays that was counted by the old one', async () => {
    const { store, create, put } = start();
    const early = now - 6 * 24 * hourMs;
    for (const end of ends(early, early + hourMs)) put(end, 5, 100);
    for (const end of ends(now - 60 * minuteMs, now)) put(end, 5, 100);
    const [lax, exact] = [inSlicesOf(strict), inSlicesOf({ ...strict, target: 0.99 })];
    const collector = create();
    const sums = () => periodSums(collector.series(lax.id)!, early, now);
    await collector.collect({ slos: [lax] }, now, signal);
    expect(sums()).toMatchObject({ bad: 0, total: 24 });
    await collector.collect({ slos: [exact] }, now, signal);
    expect(sums()).toMatchObject({ bad: 24, total: 24 });
    expect((await store.hours([lax.id], 0)).get(lax.id)!.every(({ counted }) => counted === 'Timeslices 5m 0.99')).toBe(
      true,
    );
    const byEvents = inSlicesOf({ method: 'Occurrences' });
    await collector.collect({ slos: [byEvents] }, now, signal);
    expect(sums()).toMatchObject({ bad: 600, total: 12_000 });
    expect((await store.eventHours([lax.id], 0)).size).toBe(0);
  });

  test('while the source is silent on a changed target, the kept minutes are cut anew and older hours are unknown', async () => {
    const { source, store, create, put } = start();
    const early = now - 6 * 24 * hourMs;
    for (const end of ends(early, early + hourMs)) put(end, 5, 100);
    for (const end of ends(now - 60 * minuteMs, now)) put(end, 5, 100);
    const collector = create();
    await collector.collect({ slos: [inSlicesOf(strict)] }, now, signal);
    source.broken = new Error('UNAVAILABLE');
    const exact = inSlicesOf({ ...strict, target: 0.99 });
    await collector.collect({ slos: [exact] }, now + 15_000, signal);
    expect(windowSums(collector.series(exact.id)!, now / minuteMs, 60)).toEqual({ bad: 12, total: 12, known: 60 });
    expect((await store.hours([exact.id], 0)).get(exact.id)!.reduce((sum, row) => sum + row.total, 0)).toBe(12);
    source.broken = null;
    await collector.collect({ slos: [exact] }, now + 30_000, signal);
    expect(periodSums(collector.series(exact.id)!, early, now)).toMatchObject({ bad: 24, total: 24 });
  });

  test('a late point moves its slice, and one slice never counts twice', async () => {
    const { create, put } = start();
    for (const end of ends(now - 60 * minuteMs, now)) put(end, 0, 100);
    const collector = create();
    const slo = inSlicesOf(strict);
    await collector.collect({ slos: [slo] }, now, signal);
    put(now - 4 * minuteMs, 90, 190);
    await collector.collect({ slos: [slo] }, now + 15_000, signal);
    await collector.collect({ slos: [slo] }, now + 30_000, signal);
    expect(windowSums(collector.series(slo.id)!, now / minuteMs, 60)).toEqual({ bad: 1, total: 12, known: 60 });
  });
});
