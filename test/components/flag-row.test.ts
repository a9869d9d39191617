import { expect, test } from 'vitest';
import { flagRow } from '#app/components/flag-row.ts';
import type { FlagDeclaration, FlagState, FlagStrategy } from '#app/domain/flag/flag.ts';
import { flagState, rollout } from '../domain/flag/strategies.ts';

const declaration: FlagDeclaration = {
  name: 'f',
  title: 'F',
  description: '',
  type: 'release',
  owners: ['web'],
  service: 'shop',
  slos: [],
  safe: { state: 'off' },
  environments: [{ name: 'production', protected: true }],
  expires: null,
  cohort: null,
};

function state(flag: string, strategies: FlagStrategy[], over: Partial<FlagState> = {}): FlagState {
  return {
    flag,
    description: '',
    type: 'release',
    stale: false,
    archived: false,
    createdAt: 0,
    children: [],
    parents: [],
    environments: [{ ...flagState(true, strategies), flag }],
    lastSeenAt: null,
    ...over,
  };
}

function shown(own: FlagState, ...others: FlagState[]) {
  const all = new Map([own, ...others].map((each) => [each.flag, each]));
  const { text, share } = flagRow(declaration, own, [], [], 'production', all).environments[0]!;
  return [text, share && `${share.number}${share.dependsOnWhoAsks ? ' depending on who asks' : ''}`];
}

const inDenmark = rollout(100, { constraints: [{ contextName: 'country', operator: 'IN', values: ['DK'] }] });

test('the words that begin with the number are enough', () => {
  expect(shown(state('f', [rollout(25)]))).toEqual(['on · 25 % of users', null]);
  expect(shown(state('f', []))).toEqual(['on · everyone', null]);
});

test('a constraint makes the exposure a range', () => {
  expect(shown(state('f', [rollout(5), inDenmark]))).toEqual([
    'on · 5 % of users, or everyone where country is DK',
    '5–100 % depending on who asks',
  ]);
});

test('a parent that is off, or has a parent itself, leaves nobody', () => {
  const child = state('f', [rollout(25)], { parents: ['p'] });
  const off = { ...state('p', []), environments: [{ ...flagState(false, []), flag: 'p' }] };
  expect(shown(child, off)).toEqual(['on · 25 % of users, but its parent p is off: nobody', '0 %']);
  expect(shown(child, state('p', [], { parents: ['q'] }))[1]).toBe('0 %');
  expect(shown(child)[1]).toBe('0 %');
  expect(shown({ ...child, parentNeeds: { p: 'off' } }, off)[1]).toBe(null);
});
