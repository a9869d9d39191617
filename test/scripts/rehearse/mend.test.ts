import { expect, test } from 'vitest';
import { nextStart } from '#scripts/rehearse/mend.ts';

test('cases begin at ten, one, four or seven on a Monday to Thursday, never before they may', () => {
  const after = (from: string) => new Date(nextStart(Date.parse(from))).toISOString();
  expect(after('2026-11-23T09:00:00Z')).toBe('2026-11-23T10:00:00.000Z');
  expect(after('2026-11-23T10:00:00Z')).toBe('2026-11-23T10:00:00.000Z');
  expect(after('2026-11-23T10:00:01Z')).toBe('2026-11-23T13:00:00.000Z');
  expect(after('2026-11-23T19:00:01Z')).toBe('2026-11-24T10:00:00.000Z');
  expect(after('2026-11-26T23:00:00Z')).toBe('2026-11-30T10:00:00.000Z');
});
