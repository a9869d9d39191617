import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateSlo } from '#app/domain/slo/evaluate.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { hourMs, loadHour, type MinuteSeries, minuteMs } from '#app/domain/slo/series.ts';
import { anSlo, filled, monday } from './make.ts';

/**
 * What the rows of honest answers leave open in the tests of `evaluate` (a row each), the collector (late, future and silent
 * data) and the counters of Prometheus (resets): the bounds, and that nothing on a page is ever no number.
 */
const slo = anSlo();
const profile = defaultProfile(slo.period);
const day = 24 * hourMs;
const evaluate = (series: MinuteSeries, at = monday, of = slo) => evaluateSlo({ slo: of, profile, series, at });

test('whatever the counts, no figure is NaN or infinite, and nothing burns where there is no traffic', () => {
  const minute = fc.oneof(
    { weight: 4, arbitrary: fc.record({ bad: fc.nat(50), total: fc.nat(1_000) }) },
    { weight: 1, arbitrary: fc.constant({ bad: 0, total: 0 }) },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ bad: fc.integer({ min: -20, max: 2_000 }), total: fc.nat(10) }) },
  );
  fc.assert(
    fc.property(
      fc.array(minute, { maxLength: 200 }),
      fc.constantFrom(0, 0.5, 0.9, 0.999, 0.999_99),
      fc.integer({ min: -30, max: 30 }),
      (counts, objective, shift) => {
        const series = filled(monday - counts.length * minuteMs, monday, (at) => {
          return counts[(at - monday) / minuteMs + counts.length] ?? null;
        });
        const evaluation = evaluate(series, monday + shift * minuteMs, anSlo({ objective }));
        const numbers: number[] = [];
        JSON.stringify(evaluation, (_, value: unknown) => {
          if (typeof value === 'number') numbers.push(value);
          return value;
        });
        expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([]);
        for (const { total, burn, coverage } of Object.values(evaluation.windows)) {
          if (total === 0) expect(burn).toBeNull();
          expect(coverage).toBeGreaterThanOrEqual(0);
          expect(coverage).toBeLessThanOrEqual(1);
        }
      },
    ),
    { numRuns: 300 },
  );
});

describe('traffic that vanished', () => {
  /** A hundred requests a minute at every hour of four weeks, then `rate` for `minutes`. */
  function now(rate: number, minutes: number): MinuteSeries {
    const series = filled(monday - 3 * day, monday + minutes * minuteMs, (at) => ({
      bad: 0,
      total: at < monday ? 1_000 : rate,
    }));
    for (let week = 1; week <= 4; week++) {
      for (let hour = -30; hour <= 1; hour++) {
        loadHour(series, monday / hourMs + hour - 168 * week, { bad: 0, total: 60_000, known: 60, minutes: null });
      }
    }
    return series;
  }
  const condition = (rate: number, minutes: number) =>
    evaluate(now(rate, minutes), monday + minutes * minuteMs).condition;

  test('is under 10 % of the same hour of past weeks: at 9.9 % it pages, at 10 % it does not', () => {
    expect([condition(99, 5), condition(100, 5)]).toEqual(['traffic-vanished', 'ok']);
  });

  test('for 5 minutes, not for 4', () => {
    expect([condition(0, 4), condition(0, 5)]).toEqual(['ok', 'traffic-vanished']);
  });
});

describe('less history than the window', () => {
  test('a long window under half of its minutes neither pages nor tickets, at any tier', () => {
    for (const { tier, long, share } of [
      { tier: 'page-fast', long: 60, share: 0.02 },
      { tier: 'page-slow', long: 360, share: 0.007 },
      { tier: 'ticket-fast', long: 1_440, share: 0.003_5 },
      { tier: 'ticket-slow', long: 4_320, share: 0.001_5 },
    ]) {
      const known = (minutes: number) =>
        evaluate(filled(monday - minutes * minuteMs, monday, () => ({ bad: share * 1_000_000, total: 1_000_000 })))
          .tier;
      expect([tier, known(long / 2)]).toEqual([tier, tier]);
      expect([tier, known(long / 2 - 1)]).not.toEqual([tier, tier]);
    }
  });
});

test('a gap: an outage of the measurement is no uptime, its minutes stand neither among the good nor among all', () => {
  const whole = filled(monday - 2 * hourMs, monday, () => ({ bad: 1, total: 100 }));
  const holed = filled(monday - 2 * hourMs, monday, (at) =>
    at >= monday - 90 * minuteMs && at < monday - 30 * minuteMs ? null : { bad: 1, total: 100 },
  );
  const [all, part] = [evaluate(whole).period, evaluate(holed).period];
  expect(part.sli).toBe(all.sli);
  expect([all.total, part.total]).toEqual([12_000, 6_000]);
  expect(part.coverage).toBeCloseTo(all.coverage / 2, 9);
});
