import { describe, expect, test } from 'vitest';
import type { PrometheusIndicator } from '#app/domain/slo/prometheus-indicator.ts';
import { hourMs, minuteMs, windowSums } from '#app/domain/slo/series.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { planPrometheus } from '#app/engine/metrics/plan-prometheus.ts';
import { OutsideError } from '#app/platform/outside-error.ts';
import { anSlo } from '../../domain/slo/make.ts';
import { fakeMonitoring } from './fake-monitoring.ts';
import { now, pay, run, scraped, shop, signal, start } from './scraped-shop.ts';

describe('what is read', () => {
  test('two SLOs of one metric are one read, split by their matchers', async () => {
    const { source, collect, minute } = start();
    for (const job of ['shop', 'pay', 'other']) run(source, job, '200', { from: now - hourMs, to: now, step: 100 });
    run(source, 'pay', '503', { from: now - hourMs, to: now, step: 7 });
    await collect(now);
    expect(new Set(source.queries.map(({ selector }) => selector))).toEqual(new Set(['x_total{job=~"pay|shop"}']));
    expect(minute(shop, now - 3 * minuteMs)).toEqual({ bad: 0, total: 100, known: 1 });
    expect(minute(pay, now - 3 * minuteMs)).toEqual({ bad: 7, total: 107, known: 1 });
  });

  test('an SLO whose selector was edited counts by the new one alone, before as from then on', async () => {
    const { source, store } = start();
    for (const code of ['200', '404', '503'])
      run(source, 'shop', code, { from: now - hourMs, to: now + hourMs, step: 10 });
    const collector = createCollector(
      { monitoring: fakeMonitoring().read, prometheus: source.read },
      store,
      store.cursors,
    );
    const part = { selector: 'x_total{job="shop",code=~"4..|5.."}' };
    const edited = { ...shop, indicator: { ...(shop.indicator as PrometheusIndicator), part } };
    await collector.collect({ slos: [shop] }, now, signal);
    await collector.collect({ slos: [edited] }, now + 2 * minuteMs, signal);
    const newest = windowSums(collector.series(shop.id)!, now / minuteMs + 2, 1);
    expect(newest).toEqual({ bad: 20, total: 30, known: 1 });
    const before = windowSums(collector.series(shop.id)!, now / minuteMs, 50);
    expect(before).toEqual({ bad: 50 * 20, total: 50 * 30, known: 50 });
  });

  test('an SLO that was out of the catalog for a while is read from where it was left', async () => {
    const { source, collector } = start();
    const twin = scraped('shop', { id: 'twin' });
    for (const job of ['shop', 'pay']) run(source, job, '200', { from: now - hourMs, to: now + 5 * hourMs, step: 10 });
    await collector.collect({ slos: [shop, pay, twin] }, now, signal);
    for (const minutes of [60, 120, 180])
      await collector.collect({ slos: [shop, pay] }, now + minutes * minuteMs, signal);
    await collector.collect({ slos: [shop, pay, twin] }, now + 4 * hourMs, signal);
    for (const slo of [shop, pay, twin])
      expect(windowSums(collector.series(slo.id)!, (now + 4 * hourMs) / minuteMs, 240)).toEqual({
        bad: 0,
        total: 2400,
        known: 240,
      });
  });

  test('of one server each; a metric of its own is read for itself, and an SLO of two metrics reads both', () => {
    const two = scraped('shop', { id: 'two' });
    const other = scraped('shop', { id: 'elsewhere' }, 'http://other:9090');
    if (two.indicator.kind !== 'prometheus') throw new Error();
    const good = { selector: 'y_total{job="shop"}' };
    two.indicator = { ...two.indicator, counted: 'good', part: good };
    const batches = planPrometheus([shop, two, other, anSlo({ id: 'cloud' })]);
    expect(batches.map(({ url, slos, selectors }) => [url, slos.map(({ id }) => id), selectors])).toEqual([
      ['http://prometheus:9090', ['shop-answers', 'two'], ['x_total{job="shop"}', 'y_total{job="shop"}']],
      ['http://other:9090', ['elsewhere'], ['x_total{job="shop"}']],
    ]);
  });

  test('35 days once, then only the tail; after a restart nothing of it again', async () => {
    const { source, store, create, collector, collect, minute, span } = start([shop]);
    const begin = now - 40 * 24 * hourMs;
    for (let at = begin; at <= now + hourMs; at += 5 * minuteMs)
      source.put('x_total', { job: 'shop', code: '200' }, at, (at - begin) / minuteMs);
    await collect(now);
    const past = span(shop, now - 35 * 24 * hourMs, now - 4 * 24 * hourMs);
    expect(past).toEqual({ bad: 0, total: 31 * 1440, known: 31 * 1440 });
    expect(minute(shop, now - 70 * hourMs)).toEqual({ bad: 0, total: 5, known: 1 });
    expect(Math.min(...source.queries.map(({ from }) => from))).toBeGreaterThan(now - 36 * 24 * hourMs);
    for (const { from, to } of source.queries) expect(to - from).toBeLessThanOrEqual(24 * hourMs + hourMs);

    source.queries.length = 0;
    await collect(now + minuteMs);
    expect(source.queries).toHaveLength(1);
    expect(now - source.queries[0]!.from).toBeLessThanOrEqual(10 * minuteMs);

    await collect(now + minuteMs + 15_000);
    // No minute has ended since.
    expect(source.queries).toHaveLength(1);
    expect(collector.source(shop.id).readAt).toBe(now + minuteMs);

    source.queries.length = 0;
    const again = create();
    await collect(now + 2 * minuteMs, again);
    // An hour before the tail, to see what was there already.
    expect(now - Math.min(...source.queries.map(({ from }) => from))).toBeLessThanOrEqual(76 * minuteMs);
    expect(span(shop, now - 35 * 24 * hourMs, now, again)).toEqual(span(shop, now - 35 * 24 * hourMs, now, collector));
    expect((await store.hours(['shop-answers'], 0)).get('shop-answers')).toHaveLength(35 * 24);
  });

  test('answers that are too large are asked for in smaller pieces, and given up when the smallest is', async () => {
    const { source, collector, collect, minute } = start([shop]);
    run(source, 'shop', '200', { from: now - 5 * hourMs, to: now, step: 100 });
    const all = source.read.counters;
    let most = 20;
    source.read.counters = async (query) => {
      if ((query.to - query.from) / minuteMs > most) throw tooMuch();
      return all(query);
    };
    await collect(now);
    expect(collector.source(shop.id).error).toBeNull();
    expect(minute(shop, now - 4 * hourMs)).toEqual({ bad: 0, total: 100, known: 1 });
    most = 1;
    await collect(now + minuteMs);
    expect(collector.source(shop.id).error).toBe('Prometheus shop answered 422: too many samples');
  });

  test('what is new is read and watched although the past cannot be read, which is asked for again', async () => {
    const { source, collector, collect, minute, span } = start([shop]);
    for (let at = now - 20 * 24 * hourMs; at <= now; at += 5 * minuteMs)
      source.put('x_total', { job: 'shop', code: '200' }, at, at / minuteMs);
    const all = source.read.counters;
    let broken = true;
    source.read.counters = async (query) => {
      if (broken && query.from < now - 5 * 24 * hourMs) throw new OutsideError('Prometheus shop', 'server', 'no');
      return all(query);
    };
    await collect(now);
    expect(collector.source(shop.id).error).toBeNull();
    expect(minute(shop, now - 70 * hourMs).known).toBe(1);
    expect(span(shop, now - 10 * 24 * hourMs, now - 6 * 24 * hourMs).known).toBe(0);
    broken = false;
    await collect(now + 15_000);
    expect(span(shop, now - 10 * 24 * hourMs, now - 6 * 24 * hourMs).known).toBe(4 * 1440);
  });
});

function tooMuch(): OutsideError {
  const message = 'Prometheus shop answered 422: too many samples';
  return new OutsideError('Prometheus shop', 'refused', message, { answered: 422 });
}
