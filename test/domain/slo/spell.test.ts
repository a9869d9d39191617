import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BurnPoint, PeriodBudget } from '#app/domain/slo/evaluation.ts';
import type { SloPeriod } from '#app/domain/slo/slo.ts';
import { spellOf } from '#app/domain/slo/spell.ts';

const minute = 60_000;
const day = 1_440 * minute;
const start = Date.UTC(2026, 10, 22, 2);
const at = start + 120 * minute;
const rolling: SloPeriod = { kind: 'rolling', days: 30 };
const slo = { objective: 0.999, period: rolling };
const period: PeriodBudget = {
  start: at - 30 * day,
  end: at,
  bad: 500,
  total: 1_000_000,
  sli: 0.9995,
  budgetRemaining: 0.5,
  coverage: 1,
};

/** Minutes from `start`, each of 1,000 requests of which so many fail. */
const points = (bad: number[]): BurnPoint[] =>
  bad.map((each, index) => ({ at: start + index * minute, bad: each, total: 1_000, burn: each, settled: true }));
const spell = (bad: number[], from = 0, to = bad.length, more: Partial<Parameters<typeof spellOf>[2]> = {}) =>
  spellOf(slo, points(bad), { from: start + from * minute, to: start + to * minute, at, period, ...more });

describe('what an incident cost', () => {
  test('is its bad requests against all that the period allows', () => {
    const { bad, total, cost } = spell([0, 0, 20, 30, 50, 0, 0], 2, 5);
    expect([bad, total]).toEqual([100, 3_000]);
    expect(cost).toBeCloseTo(0.1, 9);
  });

  test('adds up: two halves cost what the whole does', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 2, maxLength: 90 }), fc.nat(), (bad, seed) => {
        const half = 1 + (seed % (bad.length - 1));
        const sum = spell(bad, 0, half).cost! + spell(bad, half, bad.length).cost!;
        expect(sum).toBeCloseTo(spell(bad).cost!, 9);
      }),
    );
  });

  test('is not known once the period no longer reaches back to it', () => {
    const later = at + 40 * day;
    expect(spell([9, 9, 9], 0, 3, { at: later, period: { ...period, end: later } }).cost).toBeNull();
    expect(spell([9, 9, 9], 0, 3, { period: { ...period, total: 0 } }).cost).toBeNull();
  });

  test('in a calendar month is counted against the whole month', () => {
    const calendar: SloPeriod = { kind: 'calendar', unit: 'month', timeZone: 'UTC', start: Date.UTC(2026, 0, 1) };
    const mid = Date.UTC(2026, 10, 16);
    const moved = points([100]).map((point) => ({ ...point, at: mid - minute }));
    const found = spellOf({ objective: 0.999, period: calendar }, moved, {
      from: mid - minute,
      to: mid,
      at: mid,
      period,
    });
    expect(found.cost).toBeCloseTo(0.05, 9);
  });
});

describe('the worst five minutes', () => {
  test('are five in a row, named by their end', () => {
    expect(spell([0, 0, 0, 10, 20, 30, 20, 10, 0, 0]).worst).toEqual({
      at: start + 8 * minute,
      burn: expect.closeTo(18, 9),
    });
  });

  test('are never taken from less than five minutes', () => {
    expect(spell([1_000, 0, 0, 0]).worst).toBeNull();
    expect(spell([1_000, 0, 0, 0, 0]).worst!.burn).toBeCloseTo(200, 9);
  });

  test('need traffic', () => {
    const silent = points([0, 0, 0, 0, 0, 0]).map((point) => ({ ...point, total: 0 }));
    const found = spellOf(slo, silent, { from: start, to: start + 6 * minute, at, period });
    expect([found.worst, found.cost, found.total]).toEqual([null, null, 0]);
  });
});
