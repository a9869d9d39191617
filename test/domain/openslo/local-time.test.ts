import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationMinutes, parseDuration, parseSettle } from '#app/domain/openslo/duration.ts';
import { isTimeZone, localTime } from '#app/domain/openslo/local-time.ts';

test.each([
  ['2026-01-01 00:00:00', 'UTC', '2026-01-01T00:00:00Z'],
  ['2026-01-01 00:00:00', 'Europe/Berlin', '2025-12-31T23:00:00Z'],
  ['2026-07-01T00:00:00', 'Europe/Berlin', '2026-06-30T22:00:00Z'],
  ['2026-01-01 12:30', 'America/New_York', '2026-01-01T17:30:00Z'],
  ['2026-01-01 00:00:00', 'Asia/Kolkata', '2025-12-31T18:30:00Z'],
  // 29 March 2026, 02:30 does not exist in Berlin; 25 October, 02:30 exists twice.
  ['2026-03-29 02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
  ['2026-10-25 02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
])('%s in %s is %s', (text, zone, expected) => {
  expect(new Date(localTime(text, zone)!).toISOString()).toBe(new Date(expected).toISOString());
});

test('what is no time is null', () => {
  for (const text of ['yesterday', '2026-13-01 00:00:00', '2026-02-30 00:00:00', '2026-01-01 24:00:00', '2026-01-01'])
    expect(localTime(text, 'UTC')).toBeNull();
  expect(isTimeZone('Europe/Berlin')).toBe(true);
  expect(isTimeZone('Mars/Olympus')).toBe(false);
});

test('clocks of the zone show the time again', () => {
  const shown = (instant: number, zone: string) => new Date(instant).toLocaleString('sv-SE', { timeZone: zone });
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
      fc.constantFrom('Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'),
      (date, zone) => {
        const text = shown(Math.floor(date.getTime() / 1000) * 1000, zone);
        expect(shown(localTime(text, zone)!, zone)).toBe(text);
      },
    ),
  );
});

test('m is minutes and M is months', () => {
  expect(durationMinutes(parseDuration('90m')!)).toBe(90);
  expect(durationMinutes(parseDuration('4w')!)).toBe(40_320);
  expect(durationMinutes(parseDuration('1M')!)).toBeNull();
  for (const text of ['', 'd', '0d', '-1d', '1.5d', '30 d', '30D']) expect(parseDuration(text)).toBeNull();
  expect([parseSettle('240s'), parseSettle('4m'), parseSettle('1h'), parseSettle('4')]).toEqual([
    240_000,
    240_000,
    3_600_000,
    null,
  ]);
});
