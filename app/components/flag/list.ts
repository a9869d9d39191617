import type { FlagRow } from './row.ts';

/** What a list of flags may be narrowed to; a flag may be in several. On, part and off are of the console's environment. */
export const listStates = {
  on: 'On for everyone',
  part: 'On for some',
  off: 'Off',
  killed: 'Killed',
  stale: 'Stale or expired',
  unseen: 'Nobody evaluates it',
  missing: 'Not in Unleash',
  undeclared: 'Not declared',
  drifted: 'Differs from its file',
} as const;
export type ListState = keyof typeof listStates;

export const listSorts = {
  name: 'By name',
  changed: 'Last changed first',
  exposure: 'Highest exposure first',
} as const;

/** How a list of flags is wanted: everything of it stands in the address. `from` is the first row's place. */
export interface ListWish {
  q: string;
  service: string;
  owner: string;
  state: ListState | '';
  sort: keyof typeof listSorts;
  from: number;
}

/** Reads the wish from an address; what it does not know falls back to all flags by name. */
export function readWish(params: URLSearchParams): ListWish {
  const text = (name: string) => (params.get(name) ?? '').slice(0, 100);
  const from = Math.floor(Number(params.get('from')));
  return {
    q: text('q').trim(),
    service: text('service'),
    owner: text('owner'),
    state: oneOf(listStates, text('state')) ?? '',
    sort: oneOf(listSorts, text('sort')) ?? 'name',
    from: Number.isSafeInteger(from) && from > 0 ? from : 0,
  };
}

/** The wish as an address's query, without what is usual; empty for all flags by name. */
export function wishQuery(wish: ListWish): string {
  const usual = readWish(new URLSearchParams());
  const said = Object.entries(wish).filter(([name, value]) => value !== usual[name as keyof ListWish]);
  const query = new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString();
  return query && `?${query}`;
}

/** What a row is in; `first` is the console's environment. */
export function statesOf(row: FlagRow, first: string): ListState[] {
  const share = row.environments.find(({ name }) => name === first);
  const exposed = !share ? null : share.number === 'off' ? 'off' : share.number === '100 %' ? 'on' : 'part';
  const all: [ListState | null, boolean][] = [
    [exposed, true],
    ['killed', row.killed],
    ['stale', row.stale.length > 0],
    ['unseen', row.applications?.length === 0],
    ['missing', row.missing],
    ['undeclared', row.safe === null],
    ['drifted', row.drift.length > 0],
  ];
  return all.flatMap(([state, is]) => (state !== null && is ? [state] : []));
}

/** The rows that a wish asks for, in its order. */
export function wishedRows(rows: readonly FlagRow[], wish: ListWish, first: string): FlagRow[] {
  const words = wish.q.toLowerCase().split(/\s+/);
  const found = rows.filter((row) => {
    const text = [row.name, row.title, row.type, row.service ?? '', ...row.owners].join(' ').toLowerCase();
    return (
      (wish.service === '' || row.service === wish.service) &&
      (wish.owner === '' || row.owners.includes(wish.owner)) &&
      (wish.state === '' || statesOf(row, first).includes(wish.state)) &&
      words.every((word) => text.includes(word))
    );
  });
  const byName = found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const highest = (of: (row: FlagRow) => number) => byName.sort((a, b) => of(b) - of(a));
  if (wish.sort === 'changed') return highest((row) => row.lastChange?.at ?? 0);
  if (wish.sort === 'exposure')
    return highest((row) => row.environments.find((each) => each.name === first)?.most ?? 0);
  return byName;
}

function oneOf<Name extends string>(table: Record<Name, string>, name: string): Name | undefined {
  return Object.hasOwn(table, name) ? (name as Name) : undefined;
}
