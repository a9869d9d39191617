import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { periodBudget } from '#app/domain/slo/budget.ts';
import { budgetEvents, eventsLeftText } from '#app/domain/slo/budget-events.ts';
import { burnDown, burnDownStep } from '#app/domain/slo/burn-down.ts';
import { budgetLedger } from '#app/domain/slo/ledger.ts';
import { hourMs, minuteMs } from '#app/domain/slo/series.ts';
import type { SloPeriod } from '#app/domain/slo/slo.ts';
import { storedSums } from '#app/domain/slo/stored-counts.ts';
import { anSlo, filled, monday, seeded } from './make.ts';
import { stored } from './stored.ts';

const day = 24 * hourMs;
const rolling: SloPeriod = { kind: 'rolling', days: 30 };
const berlinMonth: SloPeriod = {
  kind: 'calendar',
  unit: 'month',
  timeZone: 'Europe/Berlin',
  start: Date.UTC(2025, 11, 31, 23),
};

/** Thirty-five days up to `at` with random failures, minutes known for the last three days only; some minutes are missing. */
function history(at: number, seed: number) {
  const random = seeded(seed);
  return filled(Math.floor(at / hourMs) * hourMs - 35 * day, at, () =>
    random() < 0.02 ? null : { bad: random() < 0.1 ? Math.floor(random() * 20) : 0, total: 100 },
  );
}

describe.each([
  ['30 rolling days', rolling],
  ['7 rolling days', { kind: 'rolling', days: 7 }],
  ['a day that began within kept minutes', { kind: 'rolling', days: 1 }],
  ['a month in Berlin', berlinMonth],
] as [string, SloPeriod][])('over %s', (_, period) => {
  const at = monday + 7 * hourMs + 23 * minuteMs;
  const slo = anSlo({ period });
  const series = history(at, 7);
  const counts = stored(series, at);
  const budget = periodBudget(series, slo.objective, period, at);

  test('the burn-down ends at the budget left of the evaluation', () => {
    const points = burnDown(slo, counts, { from: budget.start, at });
    expect(points[0]).toEqual({ at: budget.start, left: 1, bad: 0, coverage: 1 });
    expect(points.at(-1)!.at).toBe(at);
    expect(points.at(-1)!.left).toBeCloseTo(budget.budgetRemaining!, 9);
    expect(points.length).toBeLessThanOrEqual(182);
    for (const [i, point] of points.slice(1).entries()) expect(point.left).toBeLessThanOrEqual(points[i]!.left);
  });

  test('the budget in events is what is allowed less what was bad', () => {
    const { allowed, left } = budgetEvents(slo, budget, at)!;
    expect(left).toBeCloseTo(allowed - budget.bad, 6);
  });

  test('the ledger adds up to what was spent, however its incidents lie', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(31 * 1440), fc.nat(600)), { maxLength: 6 }), (stretches) => {
        const spells = stretches.map(([ago, length], i) => {
          const from = at - ago * minuteMs;
          return { id: `i${i}`, title: `incident ${i}`, from, to: from + length * minuteMs };
        });
        const lines = budgetLedger(slo, counts, { from: budget.start, at }, spells);
        const spent = lines.reduce((sum, line) => sum + line.share, 0);
        expect(spent).toBeCloseTo(1 - budget.budgetRemaining!, 9);
        expect(lines.reduce((sum, line) => sum + line.bad, 0)).toBe(budget.bad);
        for (const line of lines) expect(line.bad).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 40 },
    );
  });
});

test('an incident of the last days costs its minutes, an older one its hours, and says so', () => {
  const at = monday + 10 * day;
  const slo = anSlo();
  const failing = (from: number, minutes: number, when: number) => when >= from && when < from + minutes * minuteMs;
  const [old, young] = [monday + 90 * minuteMs, at - 5 * hourMs - 20 * minuteMs];
  const series = filled(monday, at, (when) => ({
    bad: failing(old, 20, when) || failing(young, 20, when) ? 50 : 1,
    total: 1000,
  }));
  const spells = [
    { id: 'young', title: 'Young', from: young, to: young + 20 * minuteMs },
    { id: 'old', title: 'Old', from: old, to: old + 20 * minuteMs },
  ];
  const lines = budgetLedger(slo, stored(series, at, [young, young + 20 * minuteMs]), { from: monday, at }, spells);
  expect(lines.map(({ id, bad, wholeHours }) => [id, bad, wholeHours])).toEqual([
    ['old', 20 * 50 + 40, true],
    ['young', 20 * 50, false],
    [null, 10 * 1440 - 60 - 20, false],
  ]);
});

test('what two incidents share is counted in the one that began first', () => {
  const at = monday + 6 * hourMs;
  const series = filled(monday, at, () => ({ bad: 1, total: 1000 }));
  const spells = [
    { id: 'b', title: 'B', from: monday + 90 * minuteMs, to: null },
    { id: 'a', title: 'A', from: monday + 60 * minuteMs, to: monday + 120 * minuteMs },
    { id: 'c', title: 'C', from: monday + 70 * minuteMs, to: monday + 80 * minuteMs },
  ];
  const lines = budgetLedger(anSlo(), stored(series, at), { from: monday, at }, spells);
  expect(lines.map(({ id, bad, open }) => [id, bad, open])).toEqual([
    ['a', 60, false],
    ['b', 240, true],
    [null, 60, false],
  ]);
});

test('stretches side by side never count an hour twice, held by the minute or not', () => {
  const series = filled(monday, monday + 12 * hourMs, (at) => ({ bad: (at / minuteMs) % 7, total: 10 }));
  fc.assert(
    fc.property(fc.nat(720), fc.array(fc.nat(11)), (cut, minutesOf) => {
      const counts = stored(
        series,
        monday + 12 * hourMs,
        minutesOf.map((hour) => monday + hour * hourMs),
      );
      const [middle, end] = [monday + cut * minuteMs, monday + 12 * hourMs];
      const parts = [storedSums(counts, monday, middle), storedSums(counts, middle, end)];
      expect(parts[0]!.bad + parts[1]!.bad).toBe(storedSums(counts, monday, end).bad);
    }),
  );
});

test('a point stands for so many hours that a period has 180 of them', () => {
  expect([1, 7, 30, 90, 365].map((days) => burnDownStep(0, days * day))).toEqual([1, 1, 4, 12, 72]);
});

describe('what is left in events', () => {
  const slo = anSlo();
  const said = (left: number) => eventsLeftText(slo, { allowed: 100, left });
  test('is rounded down to what is really left', () => {
    expect([7.9, 1, 0.4, 0, -0.2, -12.3].map(said)).toEqual([
      '7 failures left',
      '1 failure left',
      'no failure left',
      'no failure left',
      'no failure left',
      'overspent by 12 failures',
    ]);
    expect(
      eventsLeftText(
        { indicator: { kind: 'latency', source: { project: 'p', filter: 'f', min: null, max: 500 } } },
        { allowed: 9, left: 2 },
      ),
    ).toBe('2 slow requests left');
  });
});
