import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createSeries,
  hourMs,
  hourRow,
  loadHour,
  minuteMs,
  newestKnownMinute,
  periodSums,
  setMinute,
  unpackMinutes,
  windowSums,
} from '#app/domain/slo/series.ts';

const base = 30_000_000;
const write = fc.record({
  minute: fc.integer({ min: base, max: base + 600 }),
  bad: fc.integer({ min: 0, max: 1000 }),
  more: fc.integer({ min: 0, max: 100_000 }),
});
const writes = fc.array(write, { maxLength: 60 });

describe('minute series', () => {
  test('every window is the sum of its minutes, whatever was written in whatever order', () => {
    fc.assert(
      fc.property(writes, fc.integer({ min: 0, max: 610 }), fc.integer({ min: 1, max: 700 }), (all, end, length) => {
        const series = createSeries();
        const held = new Map<number, { bad: number; total: number }>();
        for (const { minute, bad, more } of all) {
          setMinute(series, minute, bad, bad + more);
          held.set(minute, { bad, total: bad + more });
        }
        const expected = { bad: 0, total: 0, known: 0 };
        for (const [minute, { bad, total }] of held) {
          if (minute < base + end - length || minute >= base + end) continue;
          expected.bad += bad;
          expected.total += total;
          expected.known += 1;
        }
        expect(windowSums(series, base + end, length)).toEqual(expected);
      }),
    );
  });

  test('splitting a window never changes its sum', () => {
    fc.assert(
      fc.property(writes, fc.integer({ min: 1, max: 600 }), fc.integer({ min: 0, max: 600 }), (all, length, cut) => {
        const series = createSeries();
        for (const { minute, bad, more } of all) setMinute(series, minute, bad, bad + more);
        const [end, late] = [base + 600, Math.min(cut, length)];
        const [a, b] = [windowSums(series, end, late), windowSums(series, end - late, length - late)];
        const sum = { bad: a.bad + b.bad, total: a.total + b.total, known: a.known + b.known };
        expect(windowSums(series, end, length)).toEqual(sum);
      }),
    );
  });

  test('a late point overwrites its minute: it never counts twice', () => {
    const series = createSeries();
    setMinute(series, base, 1, 10);
    setMinute(series, base + 1, 2, 20);
    for (let i = 0; i < 3; i++) setMinute(series, base, 5, 40);
    expect(windowSums(series, base + 2, 2)).toEqual({ bad: 7, total: 60, known: 2 });
    expect(hourRow(series, base / 60)).toMatchObject({ bad: 7, total: 60, known: 2 });
  });

  test('the order of different minutes never matters', () => {
    const unique = fc.uniqueArray(write, { selector: (each) => each.minute, maxLength: 40 });
    fc.assert(
      fc.property(unique, fc.infiniteStream(fc.nat()), (all, order) => {
        const [a, b] = [createSeries(), createSeries()];
        for (const { minute, bad, more } of all) setMinute(a, minute, bad, bad + more);
        const shuffled = all.map((each) => ({ each, key: order.next().value as number }));
        shuffled.sort((x, y) => x.key - y.key);
        for (const { each } of shuffled) setMinute(b, each.minute, each.bad, each.bad + each.more);
        for (const length of [1, 5, 60, 360]) {
          expect(windowSums(a, base + 601, length)).toEqual(windowSums(b, base + 601, length));
        }
        expect(periodSums(a, 0, (base + 601) * minuteMs)).toEqual(periodSums(b, 0, (base + 601) * minuteMs));
      }),
    );
  });

  test('a stored hour comes back as it was, loaded once or twice', () => {
    fc.assert(
      fc.property(writes, fc.integer({ min: 1, max: 2 }), (all, times) => {
        const [kept, loaded] = [createSeries(), createSeries()];
        for (const { minute, bad, more } of all) setMinute(kept, minute, bad, bad + more);
        for (let i = 0; i < times; i++) {
          for (let hour = base / 60; hour <= base / 60 + 10; hour++) {
            const row = hourRow(kept, hour);
            if (row.known) loadHour(loaded, hour, row);
          }
        }
        for (const length of [1, 7, 60, 500]) {
          expect(windowSums(loaded, base + 601, length)).toEqual(windowSums(kept, base + 601, length));
        }
        const range = [(base - 60) * minuteMs, (base + 601) * minuteMs] as const;
        expect(periodSums(loaded, ...range)).toMatchObject({ ...periodSums(kept, ...range), from: expect.any(Number) });
      }),
    );
  });

  test('packs an hour as 60 pairs of little-endian doubles, NaN where unknown', () => {
    const series = createSeries();
    setMinute(series, base + 3, 2, 50);
    const { minutes } = hourRow(series, base / 60);
    expect(minutes).toHaveLength(960);
    const buffer = Buffer.from(minutes!);
    expect([buffer.readDoubleLE(3 * 16), buffer.readDoubleLE(3 * 16 + 8)]).toEqual([2, 50]);
    expect(unpackMinutes(minutes!)[0]).toEqual({ bad: Number.NaN, total: Number.NaN });
    expect(() => unpackMinutes(new Uint8Array(8))).toThrow(RangeError);
    // A slice of a larger buffer, as PostgreSQL's driver hands it over.
    const padded = Buffer.concat([Buffer.from('abc'), buffer]).subarray(3);
    expect(unpackMinutes(padded)[3]).toEqual({ bad: 2, total: 50 });
  });

  test('hours older than the minutes keep their sums and refuse single minutes', () => {
    const series = createSeries();
    const hour = base / 60;
    loadHour(series, hour - 200, { bad: 7, total: 700, known: 60, minutes: null });
    setMinute(series, base, 1, 10);
    expect(setMinute(series, (hour - 200) * 60 + 5, 100, 100)).toBe(false);
    expect(periodSums(series, (hour - 300) * hourMs, (base + 1) * minuteMs)).toMatchObject({
      bad: 8,
      total: 710,
      known: 61,
    });
  });

  test('after five days of minutes, three days stay apart and all five count by the hour', () => {
    const series = createSeries();
    for (let minute = base; minute < base + 5 * 1440; minute++) setMinute(series, minute, 1, 10);
    const end = base + 5 * 1440;
    expect(windowSums(series, end, 4320)).toEqual({ bad: 4320, total: 43_200, known: 4320 });
    expect(periodSums(series, base * minuteMs, end * minuteMs)).toMatchObject({ bad: 7200, known: 7200 });
    expect(hourRow(series, base / 60).minutes).toBeNull();
    expect(setMinute(series, base, 9, 9)).toBe(false);
  });

  test('a leap of a week leaves unknown minutes, not old ones', () => {
    const series = createSeries();
    for (let minute = base; minute < base + 100; minute++) setMinute(series, minute, 1, 10);
    setMinute(series, base + 10_080, 0, 5);
    expect(windowSums(series, base + 10_081, 4320)).toEqual({ bad: 0, total: 5, known: 1 });
  });

  test('names the newest known minute, skipping unknown ones', () => {
    const series = createSeries();
    expect(newestKnownMinute(series)).toBeNull();
    setMinute(series, base, 0, 0);
    setMinute(series, base + 5, 0, 1);
    setMinute(series, base + 9, Number.NaN, Number.NaN);
    expect(newestKnownMinute(series)).toBe(base + 5);
    expect(newestKnownMinute(series, base + 5)).toBe(base);
    expect(newestKnownMinute(series, base)).toBeNull();
  });

  test('the newest known minute is found however far back it lies', () => {
    const minute = fc.integer({ min: base, max: base + 3_000 });
    fc.assert(
      fc.property(
        fc.array(minute, { maxLength: 5 }),
        fc.array(minute, { maxLength: 5 }),
        minute,
        (known, gone, end) => {
          const series = createSeries();
          for (const one of known) setMinute(series, one, 0, 1);
          for (const one of gone) setMinute(series, one, Number.NaN, Number.NaN);
          const kept = known.filter((one) => one < end && !gone.includes(one));
          expect(newestKnownMinute(series, end)).toBe(kept.length > 0 ? Math.max(...kept) : null);
        },
      ),
    );
  });
});
