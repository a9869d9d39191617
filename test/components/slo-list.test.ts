import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grouped, type ListedSlo, listState, readWish, wishedRows, wishQuery } from '#app/components/slo-list.ts';

function row(id: string, more: Partial<ListedSlo> = {}): ListedSlo {
  return {
    id,
    title: id,
    service: 'voice',
    team: 'media',
    objective: 0.999,
    tier: null,
    condition: 'ok',
    burn5m: 0.1,
    burn1h: 0.1,
    last5m: '0.1×',
    lastHour: '0.1×',
    budget: 0.8,
    goneAt: null,
    dataTo: 1,
    stale: false,
    blindFrom: 0,
    ...more,
  };
}

const rows = [
  row('calm'),
  row('paging', { tier: 'page-slow', burn1h: 9, budget: 0.4, goneAt: 500 }),
  row('ticketing', { tier: 'ticket-slow', burn1h: 2, budget: -0.1, service: 'api', team: 'web' }),
  row('blind', { condition: 'no-data', burn1h: null, budget: null, service: 'api', team: 'web' }),
  row('hurried', { burn5m: 3, burn1h: 1.2, budget: 0.9, goneAt: 900, service: 'queue', team: null }),
];
const ids = (query: string) => wishedRows(rows, readWish(new URLSearchParams(query))).map(({ id }) => id);

test('without a wish all stand by urgency', () => {
  expect(ids('')).toEqual(['paging', 'ticketing', 'blind', 'hurried', 'calm']);
});

test.each([
  ['state=burning', ['paging', 'ticketing']],
  ['state=page', ['paging']],
  ['state=blind', ['blind']],
  ['state=over-pace', ['hurried']],
  ['state=spent', ['ticketing']],
  ['state=calm', ['calm']],
  ['service=api', ['ticketing', 'blind']],
  ['team=media', ['paging', 'calm']],
  ['q=API%20tick', ['ticketing']],
  ['q=web', ['ticketing', 'blind']],
  ['service=api&state=calm', []],
])('%s narrows', (query, found) => {
  expect(ids(query)).toEqual(found);
});

test.each([
  ['budget', ['ticketing', 'paging', 'calm', 'hurried', 'blind']],
  ['burn', ['paging', 'ticketing', 'hurried', 'calm', 'blind']],
  ['gone', ['ticketing', 'paging', 'hurried', 'blind', 'calm']],
  ['name', ['blind', 'calm', 'hurried', 'paging', 'ticketing']],
])('sorted by %s', (sort, order) => {
  expect(ids(`sort=${sort}`)).toEqual(order);
});

test('the rows of a group stand together, the group of the first row first', () => {
  expect(ids('group=service')).toEqual(['paging', 'calm', 'ticketing', 'blind', 'hurried']);
  expect(
    grouped(wishedRows(rows, readWish(new URLSearchParams('group=team'))), 'team').map(({ name }) => name),
  ).toEqual(['media', 'web', 'no team']);
});

test('who has overspent is not within budget, however calm it is', () => {
  expect(listState(row('spent', { budget: -0.2 }))).toBe('overspent');
  expect(listState(row('spent', { budget: 0 }))).toBe('overspent');
  expect(listState(row('spent', { budget: -0.2, burn5m: 3 }))).toBe('over-pace');
});

test('a stale source is blind, whatever its last figures were', () => {
  expect(listState(row('old', { stale: true, burn5m: 3 }))).toBe('blind');
  expect(listState(row('old', { stale: true, tier: 'page-fast' }))).toBe('page');
});

describe('the address', () => {
  test('says only what is not usual, and an unknown word means the usual', () => {
    expect(wishQuery(readWish(new URLSearchParams('sort=budget&group=none&from=50&state=')))).toBe(
      '?sort=budget&from=50',
    );
    expect(wishQuery(readWish(new URLSearchParams('sort=x&state=__proto__&group=toString&from=-3')))).toBe('');
    expect(readWish(new URLSearchParams('from=1e99')).from).toBe(0);
  });

  test('is read back as it was written, whatever it says', () => {
    fc.assert(
      fc.property(
        fc.record({ q: fc.string(), service: fc.string(), state: fc.string(), from: fc.integer() }),
        (said) => {
          const wish = readWish(new URLSearchParams({ ...said, from: String(said.from) }));
          expect(readWish(new URLSearchParams(wishQuery(wish)))).toEqual(wish);
        },
      ),
    );
  });
});
