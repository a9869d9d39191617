import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReplay } from '#app/domain/alert/replay.ts';
import { budgetLeft, elapsedShare, periodBudget } from '#app/domain/slo/budget.ts';
import { newTable, sumUp } from '#app/domain/slo/minute-counts.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { createSeries, hourMs, minuteMs, setMinute } from '#app/domain/slo/series.ts';
import type { SloPeriod } from '#app/domain/slo/slo.ts';
import { namedMonth } from '#app/domain/slo/statement-month.ts';
import { anSlo } from './make.ts';

const october = namedMonth('2026-10', 'Europe/Berlin')!;
const calendar: SloPeriod = { kind: 'calendar', unit: 'month', timeZone: 'Europe/Berlin', start: october.from };

describe('the budget left', () => {
  test('is measured against the events so far, or against the whole period of which a part is over', () => {
    expect(budgetLeft(0.999, { bad: 60, total: 100_000 })).toBeCloseTo(0.4, 9);
    expect(budgetLeft(0.999, { bad: 60, total: 100_000 }, 0.5)).toBeCloseTo(0.7, 9);
    expect(budgetLeft(0.999, { bad: 0, total: 0 })).toBeNull();
  });

  test('knows how much of a calendar month is over, also over a change of the clock', () => {
    expect(elapsedShare({ kind: 'rolling', days: 30 }, october.from)).toBe(1);
    expect(elapsedShare(calendar, october.from)).toBe(0);
    expect(elapsedShare(calendar, october.from + 745 * 0.25 * hourMs)).toBeCloseTo(0.25, 12);
  });

  test('that `slo eval` prints of a calendar month is what pages call "so far", wherever the month stands', () => {
    const slo = anSlo({ period: calendar });
    const counts = fc.array(fc.record({ bad: fc.nat(9), total: fc.integer({ min: 10, max: 90 }) }), { minLength: 1 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 0, max: 40_000 }), (minutes, later) => {
        const first = october.from / minuteMs + later;
        const series = createSeries();
        const table = newTable(first, minutes.length);
        for (const [i, { bad, total }] of minutes.entries()) {
          setMinute(series, first + i, bad, total);
          [table.known[i], table.bad[i], table.total[i]] = [1, bad, total];
        }
        const at = (first + minutes.length) * minuteMs;
        const page = periodBudget(series, slo.objective, calendar, at);
        const printed = createReplay(slo, defaultProfile(calendar), sumUp(table))(at).period.budgetRemaining;
        expect(printed).toBe(budgetLeft(slo.objective, page));
        expect(1 - page.budgetRemaining!).toBeCloseTo((1 - printed!) * elapsedShare(calendar, at), 9);
      }),
    );
  });
});
