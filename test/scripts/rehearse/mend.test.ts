import { expect, test } from 'vitest';
import { nextMorning } from '#scripts/rehearse/mend.ts';

test('cases begin at ten on a Monday, Tuesday, Wednesday or Thursday, never before they may', () => {
  const after = (from: string) => new Date(nextMorning(Date.parse(from))).toISOString();
  expect(after('2026-11-23T09:00:00Z')).toBe('2026-11-23T10:00:00.000Z');
  expect(after('2026-11-23T10:00:00Z')).toBe('2026-11-23T10:00:00.000Z');
  expect(after('2026-11-23T10:00:01Z')).toBe('2026-11-24T10:00:00.000Z');
  expect(after('2026-11-26T23:00:00Z')).toBe('2026-11-30T10:00:00.000Z');
});
