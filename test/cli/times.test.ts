import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '#cli/command.ts';
import { parseStep, parseTime } from '#cli/times.ts';

describe('times', () => {
  test.each([
    ['2026-11-22T03:00:00Z', Date.UTC(2026, 10, 22, 3)],
    ['2026-11-22t03:00:00z', Date.UTC(2026, 10, 22, 3)],
    ['2026-11-22 03:00:00.25Z', Date.UTC(2026, 10, 22, 3, 0, 0, 250)],
    ['2026-11-22T04:30:00+01:30', Date.UTC(2026, 10, 22, 3)],
    ['2026-11-21T22:00:00-05:00', Date.UTC(2026, 10, 22, 3)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
    ['1763769600', 1_763_769_600_000],
    ['1763769600.1234', 1_763_769_600_123],
    ['0', 0],
  ])('%s', (text, at) => {
    expect(parseTime('from', text)).toBe(at);
  });

  test.each([
    undefined,
    '',
    'now',
    '2026-11-22',
    '2026-11-22T03:00Z',
    '2026-11-22T03:00:00',
    '2026-02-29T03:00:00Z',
    '2026-13-01T03:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T03:00:00+24:00',
    '1763769600000',
    '1e9',
    '0x10',
  ])('%s is none', (text) => {
    expect(() => parseTime('from', text)).toThrow(UsageError);
  });

  test('any instant comes back from its text in any offset', () => {
    const instant = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(instant, fc.integer({ min: -1439, max: 1439 }), (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((n) =>
          `${n}`.padStart(2, '0'),
        );
        expect(parseTime('at', `${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`)).toBe(date.getTime());
        expect(parseTime('at', `${date.getTime() / 1000}`)).toBe(date.getTime());
      }),
    );
  });

  test('steps are lengths of time over 0', () => {
    expect(['60s', '60', '1.5m', '1h', '1d', '500ms'].map((text) => parseStep('every', text))).toEqual([
      60_000, 60_000, 90_000, 3_600_000, 86_400_000, 500,
    ]);
    for (const text of ['', '0', '0s', '-1s', '1w', 's', '1 s'])
      expect(() => parseStep('every', text)).toThrow(UsageError);
  });
});
