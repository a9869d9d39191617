import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarBounds } from '#app/domain/slo/calendar.ts';

const vienna = 'Europe/Vienna';
const iso = ({ start, end }: { start: number; end: number }) => [start, end].map((at) => new Date(at).toISOString());

describe('calendar periods', () => {
  test('a month in Vienna keeps its midnights over the change to summer time', () => {
    const period = { kind: 'calendar', unit: 'month', timeZone: vienna, start: Date.UTC(2025, 11, 31, 23) } as const;
    expect(iso(calendarBounds(period, Date.UTC(2026, 2, 15)))).toEqual([
      '2026-02-28T23:00:00.000Z',
      '2026-03-31T22:00:00.000Z',
    ]);
  });

  test('a week begins on the weekday of its start, in its zone', () => {
    const period = {
      kind: 'calendar',
      unit: 'week',
      timeZone: 'Asia/Kolkata',
      start: Date.UTC(2026, 0, 4, 18, 30),
    } as const;
    expect(iso(calendarBounds(period, Date.UTC(2026, 10, 18)))).toEqual([
      '2026-11-15T18:30:00.000Z',
      '2026-11-22T18:30:00.000Z',
    ]);
  });

  test('a month that began on the 31st turns on the last day of shorter ones', () => {
    const period = { kind: 'calendar', unit: 'month', timeZone: 'UTC', start: Date.UTC(2026, 0, 31) } as const;
    expect(iso(calendarBounds(period, Date.UTC(2026, 2, 1)))).toEqual([
      '2026-02-28T00:00:00.000Z',
      '2026-03-31T00:00:00.000Z',
    ]);
  });

  test('every instant lies in exactly one period, before the start and after, in any zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('day', 'week', 'month', 'quarter', 'year'),
        fc.constantFrom('UTC', vienna, 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'),
        fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) }),
        (unit, timeZone, at) => {
          const period = { kind: 'calendar', unit, timeZone, start: Date.UTC(2026, 0, 1) } as const;
          const { start, end } = calendarBounds(period, at);
          expect(start <= at && at < end).toBe(true);
          expect(calendarBounds(period, end).start).toBe(end);
          expect(calendarBounds(period, start - 1).end).toBe(start);
        },
      ),
      { numRuns: 200 },
    );
  });
});
