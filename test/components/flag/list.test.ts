import { expect, test } from 'vitest';
import { type ListWish, readWish, statesOf, wishedRows, wishQuery } from '#app/components/flag/list.ts';
import type { FlagRow, FlagShare } from '#app/components/flag/row.ts';

const share = (number: string, most = 0, name = 'production'): FlagShare => ({
  name,
  number,
  most,
  words: '',
  dependsOnWhoAsks: false,
  safe: false,
});

function row(name: string, over: Partial<FlagRow> = {}): FlagRow {
  return {
    name,
    title: name,
    type: 'release',
    service: 'shop',
    owners: ['web'],
    safe: 'off',
    environments: [share('off')],
    missing: false,
    applications: ['shop'],
    lastChange: null,
    killed: false,
    stale: [],
    drift: [],
    ...over,
  };
}

const usual = readWish(new URLSearchParams());
const found = (rows: FlagRow[], wish: Partial<ListWish>) =>
  wishedRows(rows, { ...usual, ...wish }, 'production').map(({ name }) => name);

test('a wish stands in the address as it was read, and what is usual is left out', () => {
  const wish = readWish(new URLSearchParams('q= new &service=shop&state=killed&sort=changed&from=50'));
  expect(wish).toEqual({ q: 'new', service: 'shop', owner: '', state: 'killed', sort: 'changed', from: 50 });
  expect(readWish(new URLSearchParams(wishQuery(wish)))).toEqual(wish);
  expect(wishQuery(usual)).toBe('');
});

test('nonsense in the address is all flags by name', () => {
  expect(readWish(new URLSearchParams('state=toString&sort=constructor&from=-3'))).toEqual(usual);
});

test('a row is in every state that fits, by the environment of this console', () => {
  const states = (over: Partial<FlagRow>) => statesOf(row('a', over), 'production');
  expect(states({})).toEqual(['off']);
  expect(states({ environments: [share('100 %')] })).toEqual(['on']);
  expect(states({ environments: [share('5–100 %')], killed: true, stale: ['x'] })).toEqual(['part', 'killed', 'stale']);
  expect(states({ environments: [share('100 %', 100, 'development')] })).toEqual([]);
  expect(states({ applications: [], missing: true, safe: null, environments: [] })).toEqual([
    'unseen',
    'missing',
    'undeclared',
  ]);
  expect(states({ applications: null })).not.toContain('unseen');
  expect(states({ drift: ['The file says release, Unleash says experiment.'] })).toEqual(['off', 'drifted']);
});

test('rows are found by words, service, owner and state, in the order wished for', () => {
  const rows = [
    row('b', { lastChange: { at: 1, title: '', actor: null }, environments: [share('100 %', 100)] }),
    row('c', { service: 'films', owners: ['linus@studio.example'], environments: [share('5 %', 5)] }),
    row('a', { title: 'New timeline', lastChange: { at: 2, title: '', actor: null } }),
  ];
  expect(found(rows, {})).toEqual(['a', 'b', 'c']);
  expect(found(rows, { q: 'time new' })).toEqual(['a']);
  expect(found(rows, { q: 'linus' })).toEqual(['c']);
  expect(found(rows, { service: 'shop', owner: 'web' })).toEqual(['a', 'b']);
  expect(found(rows, { owner: 'nobody' })).toEqual([]);
  expect(found(rows, { state: 'on' })).toEqual(['b']);
  expect(found(rows, { sort: 'changed' })).toEqual(['a', 'b', 'c']);
  expect(found(rows, { sort: 'exposure' })).toEqual(['b', 'c', 'a']);
});
