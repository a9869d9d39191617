import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findOnset } from '#app/domain/slo/onset.ts';
import { createSeries, hourMs, minuteMs } from '#app/domain/slo/series.ts';
import { filled, monday, poisson, seeded } from './make.ts';

const start = monday - 6 * hourMs;

describe('the onset', () => {
  test('is the first minute over budget pace, within a minute, whatever the rate, traffic and noise', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat(),
          ago: fc.integer({ min: 3, max: 180 }),
          burn: fc.double({ min: 12, max: 300, noNaN: true }),
          traffic: fc.integer({ min: 2000, max: 50_000 }),
        }),
        ({ seed, ago, burn, traffic }) => {
          const random = seeded(seed);
          const onset = monday - ago * minuteMs;
          const series = filled(start, monday, (at) => ({
            bad: poisson(traffic * (at < onset ? 0.0003 : 0.001 * burn), random),
            total: traffic,
          }));
          expect(Math.abs((findOnset(series, 0.999, monday) ?? 0) - onset)).toBeLessThanOrEqual(minuteMs);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a slow rise begins where it leaves the budget pace', () => {
    const series = filled(start, monday, (at) => {
      const since = (at - (monday - 40 * minuteMs)) / minuteMs;
      return { bad: since < 0 ? 3 : Math.round(Math.min(260, 30 * (since + 1))), total: 10_000 };
    });
    expect(findOnset(series, 0.999, monday)).toBe(monday - 40 * minuteMs);
  });

  test('an earlier burn that ended is another one', () => {
    const series = filled(start, monday, (at) => {
      const ago = (monday - at) / minuteMs;
      return { bad: ago <= 10 || (ago > 60 && ago <= 300) ? 500 : 0, total: 10_000 };
    });
    expect(findOnset(series, 0.999, monday)).toBe(monday - 10 * minuteMs);
  });

  test('there is none where nothing burns, and none without data', () => {
    expect(
      findOnset(
        filled(start, monday, () => ({ bad: 3, total: 10_000 })),
        0.999,
        monday,
      ),
    ).toBeNull();
    expect(findOnset(createSeries(), 0.999, monday)).toBeNull();
  });

  test('a cure in the last minutes does not lose it', () => {
    const series = filled(start, monday, (at) => {
      const ago = (monday - at) / minuteMs;
      return { bad: ago > 6 && ago <= 40 ? 260 : 3, total: 10_000 };
    });
    expect(findOnset(series, 0.999, monday)).toBe(monday - 40 * minuteMs);
  });
});
