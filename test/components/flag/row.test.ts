import { expect, test } from 'vitest';
import { type FlagSurroundings, flagRow } from '#app/components/flag/row.ts';
import type { FlagState, FlagStrategy } from '#app/domain/flag/flag.ts';
import { declaredFlag, flagInUnleash } from '#test/support/flags.ts';
import { flagState, rollout } from '../../domain/flag/strategies.ts';

const declaration = declaredFlag('f', { title: 'F' });

const state = (flag: string, strategies: FlagStrategy[], over: Partial<FlagState> = {}) =>
  flagInUnleash(flag, { environments: [{ ...flagState(true, strategies), flag }], ...over });

const around: FlagSurroundings = {
  now: 0,
  first: 'production',
  read: true,
  flags: new Map(),
  changes: [],
  followUps: [],
  applications: null,
};

function shown(own: FlagState, ...others: FlagState[]) {
  const flags = new Map([own, ...others].map((each) => [each.flag, each]));
  const row = flagRow({ name: 'f', declared: declaration, state: own }, { ...around, flags });
  const { number, words, dependsOnWhoAsks } = row.environments[0]!;
  return [number, words, dependsOnWhoAsks];
}

const inDenmark = rollout(100, { constraints: [{ contextName: 'country', operator: 'IN', values: ['DK'] }] });

test('the number stands once, in front of whose it is', () => {
  expect(shown(state('f', [rollout(25)]))).toEqual(['25 %', 'of users', false]);
  expect(shown(state('f', []))).toEqual(['100 %', 'everyone', false]);
  expect(shown({ ...state('f', []), environments: [{ ...flagState(false, []), flag: 'f' }] })).toEqual([
    'off',
    '',
    false,
  ]);
});

test('a constraint makes the exposure a range', () => {
  expect(shown(state('f', [rollout(5), inDenmark]))).toEqual([
    '5–100 %',
    '5 % of users, or everyone where country is DK',
    true,
  ]);
});

test('a parent that is off, or has a parent itself, leaves nobody', () => {
  const child = state('f', [rollout(25)], { parents: ['p'] });
  const off = { ...state('p', []), environments: [{ ...flagState(false, []), flag: 'p' }] };
  expect(shown(child, off)).toEqual(['0 %', '25 % of users, but its parent p is off: nobody', false]);
  expect(shown(child, state('p', [], { parents: ['q'] }))[0]).toBe('0 %');
  expect(shown(child)[0]).toBe('0 %');
  expect(shown({ ...child, parentNeeds: { p: 'off' } }, off)[0]).toBe('25 %');
});

test('what only one side has is a row too, and nothing is said of what was not read', () => {
  const undeclared = flagRow({ name: 'f', declared: null, state: state('f', []) }, around);
  expect(undeclared).toMatchObject({ service: null, owners: [], safe: null, missing: false, applications: null });
  const missing = { name: 'f', declared: declaration, state: null };
  expect(flagRow(missing, around)).toMatchObject({ environments: [], missing: true });
  expect(flagRow(missing, { ...around, read: false }).missing).toBe(false);
});

test('a kill that nobody cleared is one of this very flag', () => {
  const own = { name: 'f', declared: declaration, state: state('f', []) };
  const killed = (target: string, clearedAt: number | null) =>
    flagRow(own, { ...around, followUps: [{ target, clearedAt }] }).killed;
  expect(killed('flag/production/f', null)).toBe(true);
  expect(killed('flag/production/f', 1)).toBe(false);
  expect(killed('flag/production/of-f', null)).toBe(false);
  expect(killed('traffic/f', null)).toBe(false);
});
