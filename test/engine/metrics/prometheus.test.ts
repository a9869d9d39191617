import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countMinutes, type OrderedSeries } from '#app/domain/prometheus/count-minutes.ts';
import { parseSelector } from '#app/domain/prometheus/selector.ts';
import { sumBetween, sumUp } from '#app/domain/slo/minute-counts.ts';
import type { PrometheusIndicator } from '#app/domain/slo/prometheus-indicator.ts';
import { hourMs, hourSums, minuteMs, periodSums, windowSums } from '#app/domain/slo/series.ts';
import type { Slo } from '#app/domain/slo/slo.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { planPrometheus } from '#app/engine/metrics/plan-prometheus.ts';
import { OutsideError } from '#app/platform/outside-error.ts';
import { anSlo, monday, seeded } from '../../domain/slo/make.ts';
import { fakeMonitoring, fakeStore } from './fake-monitoring.ts';
import { fakePrometheus } from './fake-prometheus.ts';

const signal = new AbortController().signal;
const now = monday + 10 * hourMs;
const bad = 'code=~"5.."';

function scraped(job: string, over: Partial<Slo> = {}, url = 'http://prometheus:9090'): Slo {
  const total = { selector: `x_total{job="${job}"}` };
  const part = { selector: `x_total{job="${job}",${bad}}` };
  const indicator = { kind: 'prometheus', counted: 'bad', total, part, source: 'shop', url } as const;
  return anSlo({ id: `${job}-answers`, service: job, settle: minuteMs, indicator, ...over });
}

const [shop, pay] = [scraped('shop'), scraped('pay')];

function start(slos: Slo[] = [shop, pay]) {
  const source = fakePrometheus();
  const store = fakeStore();
  const create = () =>
    createCollector({ monitoring: fakeMonitoring().read, prometheus: source.read }, store, store.cursors);
  const collector = create();
  const collect = (at: number, one = collector) => one.collect({ slos }, at, signal);
  const minute = (slo: Slo, end: number, one = collector) => windowSums(one.series(slo.id)!, end / minuteMs, 1);
  const span = (slo: Slo, from: number, to: number, one = collector) => {
    const { bad, total, known } = periodSums(one.series(slo.id)!, from, to);
    return { bad, total, known };
  };
  return { source, store, create, collector, collect, minute, span };
}

/** A counter that grows by `step` each minute, read at each minute's 20th second; returns its last value. */
function run(
  source: ReturnType<typeof fakePrometheus>,
  job: string,
  code: string,
  { from, to, step, value = 1000 }: { from: number; to: number; step: number; value?: number },
): number {
  let last = value;
  for (let at = from + 20_000; at <= to; at += minuteMs) {
    last += step;
    source.put('x_total', { job, code, instance: `${job}:80` }, at, last);
  }
  return last;
}

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

describe('as slo eval counts', () => {
  const minutes = 8 * 60;
  const first = (now - minutes * minuteMs) / minuteMs;

  test('random counters with resets, gaps and births, whatever the cycles are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 4, maxLength: 12 }),
        async (seed, waits) => {
          const { source, collector, collect, create } = start([shop]);
          const series = world(seeded(seed), first, minutes);
          for (const { labels, times, values } of series)
            for (const [i, at] of times.entries()) source.put('x_total', labels, at, values[i]!);
          let one = collector;
          let at = first * minuteMs + hourMs;
          for (const [i, wait] of waits.entries()) {
            await collect(Math.min(at, now), one);
            at += wait * minuteMs;
            if (i === 2) one = create();
          }
          await collect(now, one);
          const whole = sumUp(countMinutes(series, sides(), first, first + minutes));
          for (let minute = first; minute < first + minutes; minute++) {
            const ours = windowSums(one.series(shop.id)!, minute + 1, 1);
            expect([minute - first, ours]).toEqual([minute - first, sumBetween(whole, minute, minute + 1)]);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  function sides() {
    const [total, part] = ['x_total{job="shop"}', `x_total{job="shop",${bad}}`].map((text) => {
      const read = parseSelector(text);
      if ('fault' in read) throw new Error(read.fault.message);
      return read.selector;
    });
    return { total: total!, part: part!, counted: 'bad' as const };
  }
});

/** Two pods with restarts, gaps of up to 20 minutes and bad counters that come late. */
function world(random: () => number, first: number, minutes: number): OrderedSeries[] {
  return ['a', 'b'].flatMap((pod) => {
    const every = [15, 30, 60][Math.floor(random() * 3)]! * 1000;
    const offset = Math.floor(random() * every);
    const late = Math.floor(random() * minutes);
    const gaps = Array.from({ length: 3 }, () => ({
      from: Math.floor(random() * minutes),
      long: Math.floor(random() * 20),
    }));
    const codes = ['200', '500'].map((code) => ({
      code,
      value: code === '200' ? 5_000 : 0,
      times: [] as number[],
      values: [] as number[],
    }));
    for (let at = first * minuteMs + offset; at <= (first + minutes) * minuteMs; at += every) {
      const minute = at / minuteMs - first;
      if (random() < 0.004) for (const one of codes) one.value = 0;
      for (const one of codes) one.value += Math.floor(random() * (one.code === '200' ? 40 : 2));
      if (gaps.some(({ from, long }) => minute > from && minute < from + long)) continue;
      for (const one of codes) {
        if (one.code === '500' && minute < late) continue;
        one.times.push(at);
        one.values.push(one.value);
      }
    }
    return codes.map(({ code, times, values }) => ({
      name: 'x_total',
      labels: { job: 'shop', code, pod },
      created: [],
      times: Float64Array.from(times),
      values: Float64Array.from(values),
    }));
  });
}

describe('bad data', () => {
  test('a counter that was away for hours counts what it grew when it is read again, and the time between is unknown', async () => {
    const { source, collect, minute, span } = start([shop]);
    const from = now - 6 * hourMs;
    run(source, 'shop', '200', { from, to: from + hourMs, step: 10 });
    for (let at = from + hourMs; at < now - hourMs; at += minuteMs) await collect(at);
    source.put('x_total', { job: 'shop', code: '200', instance: 'shop:80' }, now - hourMs + 20_000, 5_000);
    run(source, 'shop', '200', { from: now - hourMs + minuteMs, to: now, step: 10, value: 5_000 });
    await collect(now);
    expect(minute(shop, now - hourMs + minuteMs)).toEqual({ bad: 0, total: 5_000 - 1_600, known: 1 });
    expect(span(shop, from + hourMs + minuteMs, now - hourMs).known).toBe(0);
  });

  test('late readings come in, nothing counts twice, and what was known stays when the server loses it', async () => {
    const { source, create, collect, minute, span } = start([shop]);
    run(source, 'shop', '200', { from: now - 3 * hourMs, to: now, step: 10 });
    await collect(now);
    run(source, 'shop', '503', { from: now - 8 * minuteMs, to: now, step: 3, value: 0 });
    run(source, 'shop', '200', { from: now, to: now + minuteMs, step: 10, value: 2_800 });
    await collect(now + minuteMs);
    // Its first reading is proven to be a birth: another counter of its instance was read at that instant and before.
    expect(minute(shop, now - 7 * minuteMs)).toEqual({ bad: 3, total: 13, known: 1 });
    const before = span(shop, now - 3 * hourMs, now);
    source.lose(now - 30 * minuteMs, now - 5 * minuteMs);
    await collect(now + 2 * minuteMs);
    expect(span(shop, now - 3 * hourMs, now)).toEqual(before);
    const again = create();
    await collect(now + 3 * minuteMs, again);
    expect(span(shop, now - 3 * hourMs, now, again)).toEqual(before);
  });

  test('a target that is gone is silent from its last reading on, one server that fails is stale, and neither tells the other', async () => {
    const elsewhere = scraped('mail', {}, 'http://other:9090');
    const { source, collector, collect } = start([shop, pay, elsewhere]);
    for (const job of ['shop', 'pay', 'mail']) run(source, job, '200', { from: now - 2 * hourMs, to: now, step: 10 });
    run(source, 'pay', '200', { from: now, to: now + 20 * minuteMs, step: 10, value: 5_000 });
    await collect(now);
    const all = source.read.counters;
    source.read.counters = async (query) => {
      if (query.url === 'http://other:9090') throw new OutsideError('Prometheus shop', 'network', 'cannot be reached');
      return all(query);
    };
    await collect(now + 5 * minuteMs);
    expect(collector.source(shop.id).silentFrom).toBeNull();
    await collect(now + 7 * minuteMs);
    expect(collector.source(shop.id)).toEqual({
      readAt: now + 7 * minuteMs,
      error: null,
      errorAt: null,
      silentFrom: now + minuteMs,
    });
    expect(collector.source(pay.id).silentFrom).toBeNull();
    expect(collector.source(elsewhere.id)).toEqual({
      readAt: now,
      error: 'cannot be reached',
      errorAt: now + 5 * minuteMs,
      silentFrom: null,
    });
    source.read.counters = all;
    run(source, 'mail', '200', { from: now, to: now + 30 * minuteMs, step: 10, value: 5_000 });
    await collect(now + 30 * minuteMs);
    expect(collector.source(elsewhere.id)).toMatchObject({ error: null, silentFrom: null });
    expect(windowSums(collector.series(elsewhere.id)!, (now + 30 * minuteMs) / minuteMs, 28)).toEqual({
      bad: 0,
      total: 280,
      known: 28,
    });
  });

  test('a quiet counter that a new pod does not have yet is not silent while its server reads others, until events were due', async () => {
    const { source, collector, collect } = start([shop, pay]);
    run(source, 'pay', '200', { from: now - 2 * hourMs, to: now + 22 * hourMs, step: 10 });
    // Of the shop one request an hour came, and none since its pods are new.
    for (let at = now - 8 * hourMs + 20_000; at <= now; at += minuteMs)
      source.put('x_total', { job: 'shop', code: '200' }, at, Math.ceil((at - now) / hourMs) + 1_000);
    const silentFrom = async (minutes: number) => {
      await collect(now + minutes * minuteMs);
      return collector.source(shop.id).silentFrom;
    };
    await collect(now);
    expect([await silentFrom(7), await silentFrom(11), await silentFrom(60)]).toEqual([null, null, null]);
    expect(await silentFrom(19 * 60)).toBeNull();
    expect(windowSums(collector.series(shop.id)!, now / minuteMs + 60, 55).known).toBe(0);
    expect(await silentFrom(21 * 60)).toBe(now + minuteMs);
  });

  test('a quiet counter is silent at once where its server reads nothing at all', async () => {
    const { source, collector, collect } = start([shop, pay]);
    for (const [job, step] of [
      ['pay', 10],
      ['shop', 0],
    ] as const)
      run(source, job, '200', { from: now - 2 * hourMs, to: now, step });
    await collect(now);
    await collect(now + 7 * minuteMs);
    expect([shop, pay].map(({ id }) => collector.source(id).silentFrom)).toEqual([now + minuteMs, now + minuteMs]);
  });

  test('a pause of the console longer than what is kept by the minute is read by the hour', async () => {
    const { source, create, collect, span } = start([shop]);
    const later = now + 8 * 24 * hourMs;
    for (let at = now - 5 * hourMs; at <= later; at += minuteMs)
      source.put('x_total', { job: 'shop', code: '200' }, at, at / minuteMs);
    const slept = create();
    await collect(now, slept);
    for (const one of [create(), slept]) {
      await collect(later, one);
      expect(span(shop, now, now + 24 * hourMs, one)).toEqual({ bad: 0, total: 1440, known: 1440 });
      expect(span(shop, now - 5 * hourMs, later, one)).toEqual({
        bad: 0,
        total: 8 * 1440 + 300,
        known: 8 * 1440 + 300,
      });
    }
  });

  test('slices are cut of the minutes, of the past as well', async () => {
    const budgeting = { method: 'Timeslices', minutes: 10, target: 0.95 } as const;
    const { source, collector, collect } = start([scraped('shop', { budgeting })]);
    const begin = now - 6 * 24 * hourMs;
    let [good, failed] = [0, 0];
    for (let at = begin; at <= now; at += minuteMs) {
      good += 10;
      failed += at % hourMs === 0 ? 10 : 0;
      source.put('x_total', { job: 'shop', code: '200' }, at, good);
      source.put('x_total', { job: 'shop', code: '500' }, at, failed);
    }
    await collect(now);
    const hour = (now - 5 * 24 * hourMs) / hourMs;
    expect(hourSums(collector.series('shop-answers')!, hour)).toEqual({ bad: 1, total: 6, known: 60 });
    expect(hourSums(collector.events('shop-answers')!, hour)).toEqual({ bad: 10, total: 610, known: 60 });
    expect(windowSums(collector.series('shop-answers')!, now / minuteMs, 60)).toEqual({ bad: 1, total: 6, known: 60 });
  });
});

function tooMuch(): OutsideError {
  const message = 'Prometheus shop answered 422: too many samples';
  return new OutsideError('Prometheus shop', 'refused', message, { answered: 422 });
}
