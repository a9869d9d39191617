import { describe, expect, test } from 'vitest';
import { hourMs, hourSums, minuteMs, windowSums } from '#app/domain/slo/series.ts';
import { OutsideError } from '#app/platform/outside-error.ts';
import { now, pay, run, scraped, shop, start } from './scraped-shop.ts';

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
