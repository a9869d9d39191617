import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, longestDuration, parseDuration, parseInterval } from '#app/domain/runbook/durations.ts';

describe('durations', () => {
  it.each([
    ['30s', 30_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['1h30m', 5_400_000],
    ['7d', 604_800_000],
    ['1w', 604_800_000],
    ['366d', longestDuration],
  ])('reads %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '15', 'm', '15 m', '-5m', '1.5h', '0s', '367d', '999999999d', '5M', '15min', ' 5m', '5m '])(
    'refuses %j',
    (text) => expect(parseDuration(text)).toBeNull(),
  );

  it('writes what it reads back, for any whole number of seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: longestDuration / 1_000 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds * 1_000))).toBe(seconds * 1_000);
      }),
    );
  });

  it('writes the shortest form', () => {
    expect(formatDuration(900_000)).toBe('15m');
    expect(formatDuration(90_000)).toBe('1m30s');
    expect(formatDuration(0)).toBe('0s');
  });

  it.each([
    ['3 months', 91],
    ['1 month', 30],
    ['6 weeks', 42],
    ['90 days', 90],
    ['1 year', 365],
    ['1 quarter', 91],
    ['90d', 90],
    ['2w', 14],
  ])('reads the interval %s as %d days', (text, days) => expect(parseInterval(text)).toBe(days));

  it.each(['soon', '3', '0 days', 'months', '-1 month'])('refuses the interval %j', (text) =>
    expect(parseInterval(text)).toBeNull(),
  );
});
