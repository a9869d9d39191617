import { expect, test } from 'vitest';
import { readWhatIf, whatIfSetting } from '#app/components/slo-what-if/wish.ts';
import { defaultTiers } from '#app/domain/slo/profiles.ts';

const profiles = new Map([['default', defaultTiers]]);
const today = { objective: '99.9', days: '', profile: 'default' };
const read = (query: string) =>
  whatIfSetting(readWhatIf(new URLSearchParams(query), today), { kind: 'rolling', days: 30 }, profiles);

test('an empty address is what is set today, to the last digit', () => {
  expect(read('').setting).toMatchObject({ objective: 0.999, period: { kind: 'rolling', days: 30 } });
  expect(read('').setting!.profile.tiers[0]!.factor).toBeCloseTo(14.4, 9);
});

test('a shorter period has smaller factors', () => {
  const { setting } = read('objective=99,95+%25&days=7');
  expect(setting!.objective).toBe(0.9995);
  expect(setting!.profile.tiers[0]!.factor).toBeCloseTo(3.36, 9);
});

test.each([
  ['objective=100', 'objective'],
  ['objective=0', 'objective'],
  ['objective=abc', 'objective'],
  ['objective=99.99999999', 'objective'],
  ['days=31', 'days'],
  ['profile=__proto__', 'profile'],
])('%s is refused at its field', (query, field) => {
  expect(Object.keys(read(query).wrong!)).toEqual([field]);
});
