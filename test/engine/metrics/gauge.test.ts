import { describe, expect, test } from 'vitest';
import { evaluateSlo } from '#app/domain/slo/evaluate.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { hourMs, hourSums, minuteMs, periodSums, windowSums } from '#app/domain/slo/series.ts';
import type { GaugeOp, Slices, Slo } from '#app/domain/slo/slo.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { planReads } from '#app/engine/metrics/plan-reads.ts';
import { anSlo, monday } from '../../domain/slo/make.ts';
import { ends, fakeMonitoring, fakeStore } from './fake-monitoring.ts';
import { noPrometheus } from './fake-prometheus.ts';

const base = 'metric.type="custom.googleapis.com/queue/oldest_job_age"';
const signal = new AbortController().signal;
const now = monday + 10 * hourMs;
const byMinute: Slices = { method: 'Timeslices', minutes: 1, target: 1 };

function gaugeSlo(change: { op?: GaugeOp; bound?: number; queue?: string; budgeting?: Slices } = {}): Slo {
  const { op = 'lte', bound = 600, queue = 'render', budgeting = byMinute } = change;
  const source = { project: 'studio', filter: `${base} metric.label.queue="${queue}"` };
  return anSlo({
    id: `${queue}-${op}-${bound}`,
    objective: 0.99,
    indicator: { kind: 'gauge', source, op, bound },
    budgeting,
  });
}

function start(...slos: Slo[]) {
  const source = fakeMonitoring();
  const store = fakeStore();
  const create = () => createCollector({ monitoring: source.read, prometheus: noPrometheus }, store, store.cursors);
  const put = (queue: string, end: number, value: number, worker = 'w1') =>
    source.put(base, { queue, worker }, end, value);
  const collector = create();
  const collect = (at: number, these = slos) => collector.collect({ slos: these }, at, signal);
  return { source, store, create, put, collector, collect };
}

describe('a gauge', () => {
  test('makes a minute good or bad by its worst value over all series, and unknown without a point', async () => {
    const slo = gaugeSlo();
    const { put, collector, collect } = start(slo);
    const [a, b, c, d] = ends(now - 4 * minuteMs, now) as [number, number, number, number];
    put('render', a, 600);
    put('render', b, 10);
    put('render', b, 601, 'w2');
    put('render', d, 0);
    put('other', c, 9_000);
    await collect(now);
    const minute = (end: number) => windowSums(collector.series(slo.id)!, end / minuteMs, 1);
    expect(minute(a)).toEqual({ bad: 0, total: 1, known: 1 });
    expect(minute(b)).toEqual({ bad: 1, total: 1, known: 1 });
    expect(minute(c)).toEqual({ bad: 0, total: 0, known: 0 });
    expect(minute(d)).toEqual({ bad: 0, total: 1, known: 1 });
  });

  test.each([
    ['lte', 5, 'max', [0, 0, 1]],
    ['lt', 5, 'max', [0, 1, 1]],
    ['gte', 5, 'min', [1, 0, 0]],
    ['gt', 5, 'min', [1, 1, 0]],
  ] as const)('held to be %s %d reads the %s, and 4, 5 and 6 are bad %j times', async (op, bound, worst, bad) => {
    const slo = gaugeSlo({ op, bound });
    const { source, put, collector, collect } = start(slo);
    const minutes = ends(now - 3 * minuteMs, now);
    for (const [at, end] of minutes.entries()) put('render', end, 4 + at);
    await collect(now);
    expect(source.queries.every((query) => (query as { worst?: string }).worst === worst)).toBe(true);
    expect(minutes.map((end) => windowSums(collector.series(slo.id)!, end / minuteMs, 1).bad)).toEqual(bad);
  });

  test('shares its read with those of the same metric whose worst value is the same one', () => {
    const slos = [gaugeSlo(), gaugeSlo({ queue: 'voice' }), gaugeSlo({ op: 'lt' }), gaugeSlo({ op: 'gte' })];
    const reads = planReads(slos).flatMap((batch) => batch.reads);
    expect(reads.map(({ kind, parts }) => [kind, parts.length])).toEqual([
      ['max', 3],
      ['min', 1],
    ]);
    expect(reads[0]!.groupBy).toEqual(['metric.label.queue']);
  });

  test('counts its whole period by the minute, and its slices from them', async () => {
    const slo = gaugeSlo({ budgeting: { method: 'Timeslices', minutes: 5, target: 0.8 } });
    const { put, collector, collect } = start(slo);
    const early = now - 6 * 24 * hourMs;
    for (const [at, end] of ends(early, early + 30 * minuteMs).entries())
      put('render', end, at % 5 < (at < 15 ? 1 : 2) ? 900 : 1);
    put('render', now - minuteMs, 1);
    await collect(now);
    // Six slices, of which the last three have two bad minutes of five; the other half of the hour is unknown.
    expect(hourSums(collector.series(slo.id)!, early / hourMs)).toEqual({ bad: 3, total: 6, known: 30 });
    expect(hourSums(collector.events(slo.id)!, early / hourMs)).toEqual({ bad: 9, total: 30, known: 30 });
  });

  test('is evaluated as any SLO: minutes without a point lower the coverage and are neither good nor bad', async () => {
    const slo = gaugeSlo();
    const { put, collector, collect } = start(slo);
    for (const [at, end] of ends(now - 60 * minuteMs, now).entries()) {
      if (at >= 40 && at < 50) continue;
      put('render', end, at >= 50 ? 700 : 20);
    }
    await collect(now);
    const series = collector.series(slo.id)!;
    const evaluation = evaluateSlo({
      slo,
      profile: defaultProfile(slo.period),
      series,
      events: collector.events(slo.id)!,
      at: now,
    });
    expect(evaluation).toMatchObject({ condition: 'ok', tier: 'page-fast' });
    expect(evaluation.windows['1h']).toMatchObject({ bad: 10, total: 50, coverage: 50 / 60 });
    expect(evaluation.period).toMatchObject({ bad: 10, total: 50 });
  });

  test('has every minute of its first read in its slices, from the first hour on', async () => {
    const slo = gaugeSlo();
    const { put, collector, collect } = start(slo);
    const late = now + 59 * minuteMs;
    for (const end of ends(late - 80 * hourMs, late)) put('render', end, 1);
    await collect(late);
    expect(periodSums(collector.series(slo.id)!, now - 79 * hourMs, late)).toMatchObject({ total: 79 * 60 + 59 });
  });

  test('whose bound changes is read anew: nothing stays that was held against the old one', async () => {
    const { store, put, collector, collect, create } = start();
    for (const end of ends(now - 6 * 24 * hourMs, now - 6 * 24 * hourMs + hourMs)) put('render', end, 300);
    for (const end of ends(now - hourMs, now)) put('render', end, 300);
    const slo = gaugeSlo();
    const stricter: Slo = {
      ...slo,
      indicator: { ...(slo.indicator as Extract<Slo['indicator'], { kind: 'gauge' }>), bound: 60 },
    };
    await collect(now, [slo]);
    await collect(now + 15_000, [stricter]);
    const sums = (one = collector) => periodSums(one.series(slo.id)!, now - 7 * 24 * hourMs, now);
    expect(sums()).toMatchObject({ bad: 120, total: 120 });
    const restarted = create();
    await restarted.collect({ slos: [stricter] }, now + 30_000, signal);
    expect(sums(restarted)).toMatchObject({ bad: 120, total: 120, known: 120 });
    expect((await store.eventHours([slo.id], 0)).get(slo.id)!.every(({ counted }) => counted === 'lte 60')).toBe(true);
  });
});
