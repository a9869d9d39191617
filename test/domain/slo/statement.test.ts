import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { periodBudget } from '#app/domain/slo/budget.ts';
import { hourMs, minuteMs } from '#app/domain/slo/series.ts';
import type { SloPeriod } from '#app/domain/slo/slo.ts';
import { statementLine, stretchSums, wholeHours } from '#app/domain/slo/statement.ts';
import { monthOf, monthText, namedMonth } from '#app/domain/slo/statement-month.ts';
import { type StoredCounts, storedSums } from '#app/domain/slo/stored-counts.ts';
import { filled, monday, seeded } from './make.ts';
import { stored } from './stored.ts';

const berlin = 'Europe/Berlin';
const hours = ({ from, to }: { from: number; to: number }) => (to - from) / hourMs;

/** What the store reads of a stretch. */
function stretch(counts: StoredCounts, from: number, to: number) {
  const { first, end } = wholeHours(from, to);
  return { whole: storedSums(counts, first * hourMs, end * hourMs), edges: counts };
}

describe('a month', () => {
  test('begins and ends at midnight of its zone, over both changes of the clock', () => {
    expect(hours(namedMonth('2026-03', berlin)!)).toBe(31 * 24 - 1);
    expect(hours(namedMonth('2026-10', berlin)!)).toBe(31 * 24 + 1);
    expect(hours(namedMonth('2026-10', 'UTC')!)).toBe(31 * 24);
    expect(new Date(namedMonth('2026-11', 'Asia/Kolkata')!.from).toISOString()).toBe('2026-10-31T18:30:00.000Z');
    expect(new Date(namedMonth('2026-01', berlin)!.from).toISOString()).toBe('2025-12-31T23:00:00.000Z');
  });

  test('follows the one before without a gap, in any zone and year', () => {
    const zones = ['UTC', berlin, 'America/St_Johns', 'Pacific/Auckland', 'Asia/Kolkata', 'America/Sao_Paulo'];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 2020, max: 2040 }), fc.nat(11), (zone, year, month) => {
        const name = `${year}-${String(month + 1).padStart(2, '0')}`;
        const one = namedMonth(name, zone)!;
        expect(monthOf(one.from, zone).name).toBe(name);
        expect(monthOf(one.to - 1, zone).name).toBe(name);
        expect(monthOf(one.to, zone).from).toBe(one.to);
        expect(monthOf(one.to, zone, 1).name).toBe(name);
      }),
    );
  });

  test.each(['2026-13', '2026-00', '26-01', '2026-1', 'x', ''])('is not %j', (name) => {
    expect(namedMonth(name, 'UTC')).toBeNull();
  });

  test('has a name for people', () => {
    expect(monthText({ name: '2026-10' })).toBe('October 2026');
  });
});

describe('a line', () => {
  const month = namedMonth('2026-10', berlin)!;
  const minutes = (month.to - month.from) / minuteMs;

  test.each([
    [0, 'kept', 1],
    [1_000, 'kept', 0],
    [1_001, 'missed', -0.001],
    [2_000, 'missed', -1],
  ])('with %d bad of a million at 99.9 %% is %s', (bad, state, left) => {
    const line = statementLine(0.999, month, month.to, { bad, total: 1_000_000, known: minutes });
    expect(line.state).toBe(state);
    expect(line.budgetRemaining).toBeCloseTo(left, 9);
    expect(line.allowed).toBeCloseTo(1_000, 6);
    expect([line.coverage, line.unknownMinutes]).toEqual([1, 0]);
  });

  test('without events says so, and unknown minutes are told, never counted as good', () => {
    const line = statementLine(0.999, month, month.to, { bad: 0, total: 0, known: minutes - 90 });
    expect(line).toMatchObject({ state: 'no-events', sli: null, budgetRemaining: null, unknownMinutes: 90 });
    expect(line.coverage).toBeLessThan(1);
  });

  test('of a month that goes on is held against the whole month', () => {
    const half = month.from + (month.to - month.from) / 2;
    const line = statementLine(0.999, month, half, { bad: 1_000, total: 1_000_000, known: minutes / 2 });
    expect(line).toMatchObject({ state: 'goes-on', to: half });
    expect(line.budgetRemaining).toBeCloseTo(0.5, 9);
    expect(line.budgetSoFar).toBeCloseTo(0, 9);
    expect(line.allowed).toBeCloseTo(2_000, 6);
  });

  test('of an SLO that nobody evaluated in that month has no figures', () => {
    const line = statementLine(0.999, month, month.from - hourMs, { bad: 0, total: 0, known: 0 });
    expect(line).toMatchObject({ to: month.from, state: 'goes-on', sli: null, allowed: null, coverage: 0 });
  });
});

test.each(['UTC', berlin, 'Asia/Kolkata'])(
  "of a calendar month in %s its budget is the SLO's own: that of list and page",
  (timeZone) => {
    const at = monday + 7 * hourMs + 23 * minuteMs;
    const month = monthOf(at, timeZone);
    const random = seeded(3);
    const series = filled(monday - 25 * 24 * hourMs, at, () =>
      random() < 0.01 ? null : { bad: random() < 0.05 ? 3 : 0, total: 50 },
    );
    const period: SloPeriod = {
      kind: 'calendar',
      unit: 'month',
      timeZone,
      start: namedMonth('2026-01', timeZone)!.from,
    };
    const counts = stored(series, at);
    const line = statementLine(0.999, month, at, stretchSums(stretch(counts, month.from, at), month.from, at));
    const own = periodBudget(series, 0.999, period, at);
    expect([line.bad, line.total]).toEqual([own.bad, own.total]);
    expect(line.budgetRemaining).toBeCloseTo(own.budgetRemaining!, 12);
    expect(line.sli).toBe(own.sli);
  },
);

test('sums made of whole hours and two ends are the sums of the stretch, wherever it begins and ends', () => {
  const end = monday + 6 * hourMs;
  const series = filled(monday, end, (at) =>
    (at / minuteMs) % 5 === 0 ? null : { bad: (at / minuteMs) % 3, total: 7 },
  );
  fc.assert(
    fc.property(fc.nat(360), fc.nat(360), fc.array(fc.nat(5)), (a, b, byMinute) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)].map((minute) => monday + minute * minuteMs) as [
        number,
        number,
      ];
      const counts = stored(
        series,
        end,
        byMinute.map((hour) => monday + hour * hourMs),
      );
      expect(stretchSums(stretch(counts, from, to), from, to)).toEqual(storedSums(counts, from, to));
    }),
  );
});
