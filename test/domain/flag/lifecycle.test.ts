import { expect, test } from 'vitest';
import { expiredAt, staleReasons } from '#app/domain/flag/lifecycle.ts';

const day = 86_400_000;
const endOfMarch = Date.parse('2027-04-01T00:00:00Z');

test('a flag expires at the end of its day', () => {
  const declared = { expires: '2027-03-31' };
  expect(expiredAt(declared, endOfMarch - 1)).toBeNull();
  expect(expiredAt(declared, endOfMarch)).toBe(endOfMarch);
  expect(expiredAt({ expires: null }, endOfMarch)).toBeNull();
});

test('what is expired, marked stale or asked for by nobody is to be cleaned up', () => {
  const now = endOfMarch;
  const state = { stale: false, createdAt: 0, lastSeenAt: now };
  const release = { expires: null, type: 'release' } as const;
  expect(staleReasons(release, state, now)).toEqual([]);
  expect(staleReasons({ ...release, expires: '2027-03-31' }, { ...state, stale: true }, now)).toEqual([
    'It expired on 2027-03-31.',
    'It is marked stale in Unleash.',
  ]);
  const silent = ['No application has asked for it in 7 days.'];
  expect(staleReasons(release, { ...state, lastSeenAt: now - 8 * day }, now)).toEqual(silent);
  expect(staleReasons(release, { ...state, lastSeenAt: null }, now)).toEqual(silent);
  // A new one is given a week, and a kill switch waits for its day.
  expect(staleReasons(release, { ...state, lastSeenAt: null, createdAt: now - day }, now)).toEqual([]);
  expect(staleReasons({ ...release, type: 'kill-switch' }, { ...state, lastSeenAt: null }, now)).toEqual([]);
  expect(staleReasons(release, null, now)).toEqual([]);
});
