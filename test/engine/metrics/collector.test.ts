import { describe, expect, test } from 'vitest';
import { hourMs, minuteMs, windowSums } from '#app/domain/slo/series.ts';
import type { Slo } from '#app/domain/slo/slo.ts';
import { isBlind } from '#app/domain/slo/source-state.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { anSlo, monday } from '../../domain/slo/make.ts';
import { ends, fakeMonitoring, fakeStore } from './fake-monitoring.ts';
import { noPrometheus } from './fake-prometheus.ts';

const base = 'metric.type="run.googleapis.com/request_count" resource.type="cloud_run_revision"';
const name = 'resource.label."service_name"';
const ofService = (service: string) => `${base} ${name}="${service}"`;

function countSlo(service: string): Slo {
  const total = { project: 'studio', filter: ofService(service) };
  const bad = { project: 'studio', filter: `${ofService(service)} metric.label."response_code_class"="5xx"` };
  return anSlo({ id: `${service}-availability`, service, indicator: { kind: 'ratio', total, bad } });
}

const voiceover = countSlo('voiceover');
const api = countSlo('studio-api');
const signal = new AbortController().signal;
const now = monday + 10 * hourMs;

function start(slos: Slo[] = [voiceover, api]) {
  const source = fakeMonitoring();
  const filter = base;
  const put = (service: string, code: string, at: number, count: number) =>
    source.put(filter, { service_name: service, response_code_class: code }, at, count);
  const store = fakeStore();
  const dropped: number[] = [];
  const create = () =>
    createCollector({ monitoring: source.read, prometheus: noPrometheus }, store, store.cursors, (points) =>
      dropped.push(points),
    );
  const collector = create();
  const collect = (at: number, one = collector) => one.collect({ slos }, at, signal);
  const minute = (slo: Slo, end: number, one = collector) => windowSums(one.series(slo.id)!, end / minuteMs, 1);
  return { source, put, store, dropped, create, collector, collect, minute };
}

/** Both services busy up to `to`. */
function busy(put: ReturnType<typeof start>['put'], from: number, to: number): void {
  for (const at of ends(from, to)) {
    put('voiceover', '2xx', at, 500);
    put('studio-api', '2xx', at, 900);
  }
}

describe('what is read', () => {
  test('two services of one metric cost one read, history once and then only the tail', async () => {
    const { source, put, collect, minute } = start();
    busy(put, now - 5 * hourMs, now - 2 * minuteMs);
    put('voiceover', '5xx', now - 3 * minuteMs, 7);
    await collect(now);
    expect(source.queries.map(({ periodSeconds }) => periodSeconds)).toEqual([3600, 60]);
    expect(source.queries[1]?.groupBy).toEqual(['metric.label.response_code_class', 'resource.label.service_name']);
    expect(minute(voiceover, now - 3 * minuteMs)).toEqual({ bad: 7, total: 507, known: 1 });
    expect(minute(api, now - 3 * minuteMs)).toEqual({ bad: 0, total: 900, known: 1 });

    await collect(now + 30_000);
    expect(source.queries).toHaveLength(3);
    expect(now - source.queries[2]!.from).toBeLessThanOrEqual(13 * minuteMs);
  });

  test('an SLO without any point is not asked for its history again each cycle', async () => {
    const { source, collect, collector } = start();
    await collect(now);
    await collect(now + 30_000);
    expect(source.queries.map(({ periodSeconds }) => periodSeconds)).toEqual([3600, 60, 60]);
    expect(collector.source(voiceover.id)).toMatchObject({ error: null, silentFrom: null });
  });

  test('late points overwrite their minute, and nothing counts twice', async () => {
    const { put, collect, minute, collector } = start();
    busy(put, now - hourMs, now - minuteMs);
    await collect(now);
    put('voiceover', '5xx', now - 5 * minuteMs, 40);
    for (const seconds of [15, 30, 45, 60]) await collect(now + seconds * 1_000);
    expect(minute(voiceover, now - 5 * minuteMs)).toEqual({ bad: 40, total: 540, known: 1 });
    expect(windowSums(collector.series(voiceover.id)!, now / minuteMs, 30).bad).toBe(40);
  });

  test('what came later than the tail is found by the daily look over 25 hours', async () => {
    const { put, collect, minute, source } = start();
    busy(put, now - 3 * hourMs, now + 24 * hourMs);
    await collect(now);
    await collect(now + 23 * hourMs);
    put('voiceover', '5xx', now + 2 * hourMs, 11);
    await collect(now + 23 * hourMs + minuteMs);
    expect(minute(voiceover, now + 2 * hourMs).bad).toBe(0);
    await collect(now + 24 * hourMs);
    expect(minute(voiceover, now + 2 * hourMs)).toEqual({ bad: 11, total: 511, known: 1 });
    await collect(now + 24 * hourMs + minuteMs);
    const looksBack = source.queries.filter(({ from, to }) => to - from >= 25 * hourMs && to - from < 26 * hourMs);
    expect(looksBack).toHaveLength(1);
  });

  test('a daily look back that failed is due again: a quarter of an hour later, and at once in a process that comes after', async () => {
    const { put, collect, create, minute, source } = start();
    busy(put, now - 3 * hourMs, now + 25 * hourMs);
    await collect(now);
    await collect(now + 23 * hourMs);
    put('voiceover', '5xx', now + 2 * hourMs, 11);
    source.broken = new Error('Cloud Monitoring answered UNAVAILABLE');
    await collect(now + 24 * hourMs);
    source.broken = null;
    await collect(now + 24 * hourMs + minuteMs);
    expect(minute(voiceover, now + 2 * hourMs).bad).toBe(0);
    const next = create();
    for (const minutes of [2, 3]) await collect(now + 24 * hourMs + minutes * minuteMs, next);
    expect(minute(voiceover, now + 2 * hourMs, next).bad).toBe(11);
    await collect(now + 24 * hourMs + 15 * minuteMs);
    expect(minute(voiceover, now + 2 * hourMs).bad).toBe(11);
  });

  test('points over 5 min in the future are dropped and counted; those of the next minutes wait for their time', async () => {
    const { put, collect, minute, dropped } = start();
    busy(put, now - hourMs, now - minuteMs);
    put('voiceover', '5xx', now + 30 * minuteMs, 9);
    put('voiceover', '2xx', now + 2 * minuteMs, 300);
    await collect(now);
    expect(dropped.reduce((sum, points) => sum + points, 0)).toBeGreaterThan(0);
    expect(minute(voiceover, now + 2 * minuteMs).known).toBe(0);
    expect(minute(voiceover, now + 30 * minuteMs).known).toBe(0);
    await collect(now + 3 * minuteMs);
    expect(minute(voiceover, now + 2 * minuteMs)).toMatchObject({ total: 300, known: 1 });
  });

  test('an SLO whose good and total come from two metrics is put together from both', async () => {
    const total = { project: 'studio', filter: 'metric.type="a" resource.type="x"' };
    const good = { project: 'studio', filter: 'metric.type="b" resource.type="x"' };
    const slo = anSlo({ id: 'two', indicator: { kind: 'good-ratio', total, good } });
    const { source, collect, minute } = start([slo]);
    for (const at of ends(now - hourMs, now - minuteMs)) {
      source.put(total.filter, {}, at, 100);
      source.put(good.filter, {}, at, 97);
    }
    await collect(now);
    expect(minute(slo, now - 5 * minuteMs)).toEqual({ bad: 3, total: 100, known: 1 });
  });
});

describe('when it is read', () => {
  /** Seconds after `now`, of 0, 15, 30, … up to `to`, at which the source was asked. */
  async function asked({ source, collect }: Pick<ReturnType<typeof start>, 'source' | 'collect'>, to: number) {
    const seconds: number[] = [];
    for (let at = 0; at <= to; at += 15) {
      const before = source.queries.length;
      await collect(now + at * 1_000);
      if (source.queries.length > before) seconds.push(at);
    }
    return seconds;
  }

  test('in the cycle in which a minute is due and once in between, and late points still land', async () => {
    const world = start();
    busy(world.put, now - hourMs, now + 4 * minuteMs);
    expect(await asked(world, 120)).toEqual([0, 30, 60, 90, 120]);
    world.put('voiceover', '5xx', now - 7 * minuteMs, 40);
    await world.collect(now + 150_000);
    expect(world.minute(voiceover, now - 7 * minuteMs)).toEqual({ bad: 40, total: 540, known: 1 });
  });

  test('whatever the data delay, the points of a minute are read right when it is due, not up to half a minute before', async () => {
    const world = start([
      { ...voiceover, settle: 285_000 },
      { ...api, settle: 240_000 },
    ]);
    busy(world.put, now - hourMs, now + 4 * minuteMs);
    expect(await asked(world, 120)).toEqual([0, 30, 45, 60, 90, 105, 120]);
  });

  test('each cycle while it is silent or fails, and when another catalog is in force', async () => {
    const world = start();
    const { source, put, collector } = world;
    busy(put, now - hourMs, now);
    expect(await asked(world, 30)).toEqual([0, 30]);
    for (const seconds of [60, 75, 90, 105]) {
      const before = source.queries.length;
      await world.collect(now + seconds * 1_000);
      expect(collector.source(voiceover.id).silentFrom).not.toBeNull();
      expect(source.queries).toHaveLength(before + 1);
    }
    put('voiceover', '2xx', now + minuteMs, 500);
    await world.collect(now + 120_000);
    expect(collector.source(voiceover.id).silentFrom).toBeNull();

    const before = source.queries.length;
    await world.collect(now + 135_000);
    expect(source.queries).toHaveLength(before);
    await collector.collect({ slos: [voiceover, api] }, now + 136_000, signal);
    expect(source.queries).toHaveLength(before + 1);
    source.broken = new Error('down');
    for (const seconds of [165, 180, 195]) await world.collect(now + seconds * 1_000);
    expect(source.queries).toHaveLength(before + 4);
  });
});

describe('a source in trouble', () => {
  test('a failing read keeps the numbers, says since when, and recovers', async () => {
    const { source, put, collect, collector, minute } = start();
    busy(put, now - hourMs, now - minuteMs);
    await collect(now);
    source.broken = new Error('Cloud Monitoring answered UNAVAILABLE');
    await collect(now + 30_000);
    await collect(now + 5 * minuteMs);
    expect(collector.source(voiceover.id)).toEqual({
      readAt: now,
      error: 'Cloud Monitoring answered UNAVAILABLE',
      errorAt: now + 30_000,
      silentFrom: null,
    });
    expect(minute(voiceover, now - 2 * minuteMs).total).toBe(500);
    source.broken = null;
    busy(put, now - minuteMs, now + 5 * minuteMs);
    await collect(now + 6 * minuteMs);
    expect(collector.source(voiceover.id)).toMatchObject({ error: null, errorAt: null });
    expect(minute(voiceover, now + 3 * minuteMs).total).toBe(500);
  });

  test('when no point comes although many are due, the minutes whose points cannot all have come are unknown until they have', async () => {
    const { put, collect, collector, minute } = start();
    busy(put, now - hourMs, now - 2 * minuteMs);
    await collect(now);
    // Of the last minutes only the failures came before the silence.
    put('voiceover', '5xx', now - minuteMs, 15);
    await collect(now + 30_000);
    await collect(now + 2 * minuteMs);
    const { silentFrom } = collector.source(voiceover.id);
    expect(silentFrom).toBe(now + 30_000);
    expect(isBlind(silentFrom, voiceover.settle, now + 2 * minuteMs)).toBe(false);
    await collect(now + 6 * minuteMs);
    expect(isBlind(silentFrom, voiceover.settle, now + 6 * minuteMs)).toBe(true);
    expect(minute(voiceover, now - minuteMs).known).toBe(0);
    expect(minute(voiceover, now - 4 * minuteMs).total).toBe(500);

    busy(put, now - 2 * minuteMs, now + 8 * minuteMs);
    await collect(now + 9 * minuteMs);
    expect(collector.source(voiceover.id).silentFrom).toBeNull();
    expect(minute(voiceover, now - minuteMs)).toEqual({ bad: 15, total: 515, known: 1 });
  });

  test('after it was blind, 25 hours are read again, once', async () => {
    const { source, put, collect } = start();
    busy(put, now - hourMs, now - minuteMs);
    await collect(now);
    await collect(now + 20 * minuteMs);
    busy(put, now - minuteMs, now + 20 * minuteMs);
    source.queries.length = 0;
    await collect(now + 21 * minuteMs);
    put('voiceover', '2xx', now + 21 * minuteMs, 500);
    await collect(now + 22 * minuteMs);
    put('voiceover', '2xx', now + 22 * minuteMs, 500);
    await collect(now + 23 * minuteMs);
    const long = source.queries.map(({ from, to }) => to - from >= 25 * hourMs);
    expect(long).toEqual([false, true, false]);
  });

  test('a hole in which the whole source was silent stays unknown: it is not an hour without requests', async () => {
    const { put, collect, minute } = start();
    busy(put, now - hourMs, now - 20 * minuteMs);
    busy(put, now - 10 * minuteMs, now - minuteMs);
    await collect(now);
    expect(minute(voiceover, now - 15 * minuteMs).known).toBe(0);
  });

  test('a minute without requests is known and empty, while others of the same read have theirs', async () => {
    const { put, collect, minute } = start();
    for (const at of ends(now - hourMs, now - minuteMs)) put('studio-api', '2xx', at, 900);
    for (const at of ends(now - hourMs, now - 20 * minuteMs)) put('voiceover', '2xx', at, 500);
    await collect(now);
    expect(minute(voiceover, now - 10 * minuteMs)).toEqual({ bad: 0, total: 0, known: 1 });
  });

  test('a few requests an hour leave no holes', async () => {
    const { put, collect, minute } = start([voiceover]);
    for (const at of ends(now - 3 * hourMs, now - minuteMs).filter((_, i) => i % 11 === 0))
      put('voiceover', '2xx', at, 1);
    await collect(now);
    expect(minute(voiceover, now - 2 * hourMs)).toMatchObject({ known: 1 });
    expect(minute(voiceover, now - 2 * hourMs + minuteMs)).toMatchObject({ known: 1 });
  });
});

test('a new process is right at once from what is stored, and asks for the tail only', async () => {
  const { source, put, collect, create, minute } = start();
  busy(put, now - 5 * hourMs, now - minuteMs);
  await collect(now);
  source.queries.length = 0;
  source.broken = new Error('down');
  const second = create();
  await collect(now + minuteMs, second);
  expect(minute(voiceover, now - hourMs, second)).toEqual({ bad: 0, total: 500, known: 1 });
  source.broken = null;
  source.queries.length = 0;
  await collect(now + 2 * minuteMs, second);
  expect(source.queries.map(({ periodSeconds }) => periodSeconds)).toEqual([60]);
});

test('what became the work of another process is forgotten, and comes from what that one stored when it is ours again', async () => {
  const { put, collector, create, minute } = start();
  busy(put, now - 5 * hourMs, now - minuteMs);
  const slos = [voiceover, api];
  await collector.collect({ slos }, now, signal);
  await collector.collect({ slos }, now + minuteMs, signal, () => false);
  expect(collector.series(voiceover.id)).toBeNull();
  // The other one hears of a late point, further back than any cycle reads.
  const other = create();
  put('voiceover', '5xx', now - 30 * minuteMs, 40);
  await other.collect({ slos }, now + 2 * minuteMs, signal);
  await other.collect({ slos }, now + 24 * hourMs, signal);
  await collector.collect({ slos }, now + 24 * hourMs, signal);
  expect(minute(voiceover, now - 30 * minuteMs)).toEqual({ bad: 40, total: 540, known: 1 });
});
