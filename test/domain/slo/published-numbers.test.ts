import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heldTier } from '#app/domain/alert/held-tier.ts';
import { evaluateSlo } from '#app/domain/slo/evaluate.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { hourMs, type MinuteSeries, minuteMs } from '#app/domain/slo/series.ts';
import type { Tier } from '#app/domain/slo/slo.ts';
import { reaches } from '#app/domain/slo/windows.ts';
import { anSlo, filled, monday } from './make.ts';

/** Facts of public sources that no other test says exactly; the rest stand in `evaluate`, `profiles`, `slices` and `words`. */
const slo = anSlo();
const profile = defaultProfile(slo.period);
const evaluate = (series: MinuteSeries, at: number) => evaluateSlo({ slo, profile, series, at });

describe('SRE Workbook, "Alerting on SLOs"', () => {
  test('a total outage at 99.9 % is seen by the fast page in 0.864 min of the hour, and not in 0.863', () => {
    const outage = (minutes: number) =>
      filled(monday - hourMs, monday, (at) => ({
        bad: at === monday - minuteMs ? minutes * 1_000_000 : 0,
        total: 1_000_000,
      }));
    expect(evaluate(outage(0.864), monday).tier).toBe('page-fast');
    expect(evaluate(outage(0.863), monday).tier).not.toBe('page-fast');
  });

  test('1 failure in 10 requests an hour at 99.9 % burns 100×', () => {
    const series = filled(monday - hourMs, monday, (at) => {
      const minute = (at - monday) / minuteMs + 60;
      return { bad: minute === 54 ? 1 : 0, total: minute % 6 === 0 ? 1 : 0 };
    });
    const { bad, total, burn } = evaluate(series, monday).windows['1h'];
    expect([bad, total]).toEqual([1, 10]);
    expect(burn).toBeCloseTo(100, 9);
  });

  test('at a constant error ratio the fast page comes after B·L·f/e and goes short·(1 − B·f/e) after the errors stop', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 1_000 }), fc.integer({ min: 8, max: 20 }), (perMille, lasts) => {
        const ratio = perMille / 1_000;
        const series = filled(monday - 3 * 24 * hourMs, monday + hourMs, (at) => {
          const minute = (at - monday) / minuteMs;
          return { bad: minute >= 0 && minute < lasts ? ratio * 1_000_000 : 0, total: 1_000_000 };
        });
        const begins = (0.001 * 60 * 14.4) / ratio;
        fc.pre(begins < lasts);
        let open: Tier | null = null;
        let [came, went]: (number | null)[] = [null, null];
        for (let minute = 1; minute <= lasts + 6; minute++) {
          const next = heldTier(open, evaluate(series, monday + minute * minuteMs), profile);
          if (next === 'page-fast') came ??= minute;
          if (open === 'page-fast' && next !== 'page-fast') went ??= minute;
          open = next ?? open;
        }
        const fullShort = Math.min(5, lasts) * (1 - (0.001 * 14.4) / ratio);
        expect(came).toBe(Math.ceil(begins - 1e-9));
        // Seen at whole minutes: the first at which the short window is under its factor.
        expect(went).toBe(lasts + Math.floor(fullShort + 1e-9) + 1);
      }),
      { numRuns: 60 },
    );
  });
});

describe('at the bound', () => {
  test('a burn that misses its factor by rounding reaches it, one that misses it by a millionth does not', () => {
    expect(reaches(0.000_999_999_999_999_943_2 / 0.001, 1)).toBe(true);
    expect(reaches(14.4 * (1 - 5e-10), 14.4)).toBe(true);
    expect(reaches(14.4 * (1 - 1e-6), 14.4)).toBe(false);
  });
});

test('a period number is event-weighted: the mean of ratios would be wrong by thousands of per cent', () => {
  // A night of one request a minute that fails now and then, and a day of thousands that succeed.
  const series = filled(monday - 24 * hourMs, monday, (at) => {
    const hour = Math.floor((at % (24 * hourMs)) / hourMs);
    const minute = (at / minuteMs) % 60;
    return hour < 8 ? { bad: minute % 10 === 0 ? 1 : 0, total: 1 } : { bad: 0, total: 5_000 };
  });
  const { sli, bad, total } = evaluate(series, monday).period;
  expect([bad, total]).toEqual([48, 8 * 60 + 16 * 60 * 5_000]);
  expect(sli).toBeCloseTo(1 - 48 / 4_800_480, 12);
  const meanOfRatios = 48 / 1_440;
  expect(meanOfRatios / (1 - sli!)).toBeGreaterThan(3_000);
});
