import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MinuteCounts, newTable, sumBetween, sumUp } from '#app/domain/slo/minute-counts.ts';
import { createSeries, setMinute, windowSums } from '#app/domain/slo/series.ts';
import { cutSlices, inSlices } from '#app/domain/slo/slices.ts';
import type { Slices } from '#app/domain/slo/slo.ts';

/** Minutes from minute 100 on (a slice of 5 begins there): bad of 10 events; null is unknown, 'quiet' has no events. */
function minutes(...list: (number | null | 'quiet')[]): MinuteCounts {
  const table = newTable(100, list.length);
  for (const [at, bad] of list.entries()) {
    if (bad === null) continue;
    table.known[at] = 1;
    if (bad === 'quiet') continue;
    table.bad[at] = bad;
    table.total[at] = 10;
  }
  return sumUp(table);
}

const five = { method: 'Timeslices', minutes: 5, target: 0.9 } as const;
const sums = (counts: MinuteCounts) => sumBetween(counts, 0, 1000);

describe('slices of time', () => {
  test('715 of 720 good slices are 99.305 %', () => {
    const day = minutes(...Array.from({ length: 720 }, (_, i) => (i % 144 === 0 ? 10 : 0)));
    const { bad, total } = sums(inSlices(day, { method: 'Timeslices', minutes: 1, target: 0.95 }).counts);
    expect([bad, total]).toEqual([5, 720]);
    expect(1 - bad / total).toBeCloseTo(0.993_055_6, 7);
  });

  test('a slice is good when its share of good events reaches the target, and no sooner', () => {
    const at = (bad: number) => sums(inSlices(minutes(0, 0, bad, 0, 0), five).counts);
    expect(at(5)).toEqual({ bad: 0, total: 1, known: 5 });
    expect(at(6)).toEqual({ bad: 1, total: 1, known: 5 });
  });

  test('they lie at whole numbers of their length, whatever minute the data begin at', () => {
    const late = minutes(0, 0, 0, 10, 10, 10, 10, 0, 0, 0);
    expect(sums(inSlices(late, five).counts)).toEqual({ bad: 2, total: 2, known: 10 });
    expect(sums(inSlices({ ...late, first: 103 }, five).counts).total).toBe(2);
  });

  test('one that is not over is not judged: a step says the same however far the counts go on', () => {
    const running = sums(inSlices(minutes(0, 0, 0, 0, 0, 10, 10, 10), five).counts);
    expect(running).toEqual({ bad: 0, total: 1, known: 8 });
    expect(sums(inSlices(minutes(0, 0, 0, 0, 0, 10, 10, 10, 0, 0), five).counts)).toMatchObject({ bad: 1, total: 2 });
  });

  test('one without events is not counted, and what is unknown stays unknown', () => {
    const { counts } = inSlices(minutes('quiet', 'quiet', 'quiet', 'quiet', 'quiet', 10, null, null, null, null), five);
    expect(sums(counts)).toEqual({ bad: 1, total: 1, known: 6 });
    expect(sumBetween(counts, 105, 106)).toEqual({ bad: 1, total: 1, known: 1 });
  });

  test('one with more bad events than there are is said, and not known', () => {
    expect(inSlices(minutes(60, 0, 0, 0, 0, 0, 0, 0, 0, 0), five)).toMatchObject({ faulty: 1 });
    expect(sums(inSlices(minutes(60, 0, 0, 0, 0, 0, 0, 0, 0, 0), five).counts)).toEqual({ bad: 0, total: 1, known: 5 });
  });

  test('RatioTimeslices counts each slice by its share of bad events', () => {
    const { counts } = inSlices(minutes(5, 5, 5, 5, 5, 0, 0, 0, 0, 0), { method: 'RatioTimeslices', minutes: 5 });
    expect(sums(counts)).toEqual({ bad: 0.5, total: 2, known: 10 });
  });
});

describe('cut from stored minutes', () => {
  const anyMinute = fc.option(fc.record({ bad: fc.nat({ max: 8 }), more: fc.nat({ max: 40 }) }), { nil: null });
  const anySlices = fc.constantFrom<Slices>(
    five,
    { method: 'Timeslices', minutes: 1, target: 1 },
    { method: 'Timeslices', minutes: 60, target: 0.99 },
    { method: 'RatioTimeslices', minutes: 10 },
  );
  const cut = (list: readonly ({ bad: number; more: number } | null)[], slices: Slices) => {
    const events = createSeries(2);
    const series = createSeries(2);
    for (const [at, one] of list.entries()) if (one) setMinute(events, 1200 + at, one.bad, one.bad + one.more);
    cutSlices(events, series, slices, { from: 1200, to: 1200 + list.length });
    return series;
  };
  const day = fc.array(anyMinute, { minLength: 130, maxLength: 200 });

  test('splitting a window never changes its sum, and they are those of slo eval once the newest minute is known', () => {
    fc.assert(
      fc.property(day, anySlices, fc.nat({ max: 120 }), (list, slices, at) => {
        const known = [...list, { bad: 0, more: 1 }];
        const series = cut(known, slices);
        const end = 1200 + known.length;
        const [whole, left, right] = [
          windowSums(series, end, known.length),
          windowSums(series, 1200 + at, at),
          windowSums(series, end, known.length - at),
        ];
        expect(left.bad + right.bad).toBeCloseTo(whole.bad, 9);
        expect([left.total + right.total, left.known + right.known]).toEqual([whole.total, whole.known]);
        const table = newTable(1200, known.length);
        for (const [i, one] of known.entries()) {
          if (!one) continue;
          [table.bad[i], table.total[i], table.known[i]] = [one.bad, one.bad + one.more, 1];
        }
        const wanted = sumBetween(inSlices(sumUp(table), slices).counts, 1200, end);
        expect(whole.bad).toBeCloseTo(wanted.bad, 9);
        expect([whole.total, whole.known]).toEqual([wanted.total, wanted.known]);
      }),
    );
  });

  test('more bad events never lower a burn', () => {
    fc.assert(
      fc.property(day, anySlices, fc.nat({ max: 129 }), fc.integer({ min: 1, max: 9 }), (list, slices, at, more) => {
        const worse = list.map((one, i) =>
          one && i === at ? { bad: one.bad + Math.min(more, one.more), more: Math.max(0, one.more - more) } : one,
        );
        const burn = (of: typeof list) => {
          const { bad, total } = windowSums(cut(of, slices), 1200 + of.length, of.length);
          return total === 0 ? 0 : bad / total;
        };
        expect(burn(worse)).toBeGreaterThanOrEqual(burn(list) - 1e-12);
      }),
    );
  });
});
