import { expect, test } from 'vitest';
import { clockText, dayText, utcText, zoneText } from '#app/components/ui/clock-text.ts';
import { countdown, duration } from '#app/components/ui/duration.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const winter = Date.UTC(2026, 10, 22, 3, 24, 10);

test.each([
  [0, '0 s'],
  [59_999, '59 s'],
  [42 * 60_000, '42 min'],
  [3 * 3_600_000 + 10 * 60_000, '3 h 10 min'],
  [48 * 3_600_000, '2 d'],
  [-5, '0 s'],
])('%i ms is %s', (ms, text) => {
  expect(plain(duration(ms))).toBe(text);
});

test('a countdown has seconds under an hour', () => {
  expect(plain(countdown(4 * 60_000 + 12_000))).toBe('4 min 12 s');
  expect(plain(countdown(2 * 3_600_000))).toBe('2 h');
});

test('times are those of the zone, UTC stays on hover', () => {
  expect(clockText(winter, 'UTC')).toBe('03:24');
  expect(clockText(winter, 'Europe/Copenhagen')).toBe('04:24');
  expect(dayText(winter, 'Europe/Copenhagen')).toBe('Sun 22 Nov');
  expect(utcText(winter)).toBe('2026-11-22 03:24:10 UTC');
  expect(zoneText(winter, 'UTC')).toBe('UTC');
});

test('midnight is 00:00', () => {
  expect(clockText(Date.UTC(2026, 10, 22), 'UTC')).toBe('00:00');
});
