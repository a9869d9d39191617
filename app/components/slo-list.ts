import { byUrgency, type SloRow } from './overview.ts';

/** A row of the list of SLOs with the team that owns its service; null where the catalog lacks the service. */
export interface ListedSlo extends SloRow {
  team: string | null;
}

/** What an SLO is in, one each: what a list is narrowed and grouped by. */
export const listStates = {
  page: 'Pages',
  ticket: 'Tickets',
  blind: 'Blind or wrong data',
  'over-pace': 'Over pace, no alert yet',
  'no-traffic': 'No traffic',
  overspent: 'Budget gone, calm now',
  calm: 'Within budget',
} as const;
export type ListState = keyof typeof listStates;

/** Narrowings that are not a state of their own. */
export const wideStates = { burning: 'Pages or tickets', spent: 'Budget gone' } as const;

export const listSorts = {
  urgency: 'Most urgent first',
  budget: 'Least budget first',
  burn: 'Highest burn of the last hour first',
  gone: 'Soonest out of budget first',
  name: 'By name',
} as const;

export const listGroups = { none: 'Not grouped', service: 'By service', team: 'By team', state: 'By state' } as const;

/** How a list of SLOs is wanted: everything of it stands in the address. `from` is the first row's place. */
export interface ListWish {
  q: string;
  service: string;
  team: string;
  state: ListState | keyof typeof wideStates | '';
  sort: keyof typeof listSorts;
  group: keyof typeof listGroups;
  from: number;
}

/** Reads the wish from an address; what it does not know falls back to all SLOs by urgency. */
export function readWish(params: URLSearchParams): ListWish {
  const text = (name: string) => (params.get(name) ?? '').slice(0, 100);
  const from = Math.floor(Number(params.get('from')));
  return {
    q: text('q').trim(),
    service: text('service'),
    team: text('team'),
    state: oneOf({ ...listStates, ...wideStates }, text('state')) ?? '',
    sort: oneOf(listSorts, text('sort')) ?? 'urgency',
    group: oneOf(listGroups, text('group')) ?? 'none',
    from: Number.isSafeInteger(from) && from > 0 ? from : 0,
  };
}

/** The wish as an address's query, without what is usual; empty for all SLOs by urgency. */
export function wishQuery(wish: ListWish): string {
  const usual: ListWish = readWish(new URLSearchParams());
  const said = Object.entries(wish).filter(([name, value]) => value !== usual[name as keyof ListWish]);
  const query = new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString();
  return query && `?${query}`;
}

/** The one state of a row. */
export function listState(row: SloRow): ListState {
  if (row.tier) return row.tier.startsWith('page') ? 'page' : 'ticket';
  if (row.stale || !['ok', 'no-traffic'].includes(row.condition)) return 'blind';
  if ((row.burn5m ?? 0) > 1) return 'over-pace';
  if (row.condition === 'no-traffic') return 'no-traffic';
  return isGone(row) ? 'overspent' : 'calm';
}

/** The rows that a wish asks for, in its order; the rows of a group stand together, the group of the first row first. */
export function wishedRows<Row extends ListedSlo>(rows: readonly Row[], wish: ListWish): Row[] {
  const words = wish.q.toLowerCase().split(/\s+/);
  const found = rows.filter(
    (row) =>
      (wish.service === '' || row.service === wish.service) &&
      (wish.team === '' || row.team === wish.team) &&
      isIn(row, wish.state) &&
      words.every((word) => `${row.id} ${row.title} ${row.service} ${row.team ?? ''}`.toLowerCase().includes(word)),
  );
  return grouped(sorted(found, wish.sort), wish.group).flatMap(({ rows: together }) => together);
}

/** Rows by what they are grouped by, in the order of their first rows. */
export function grouped<Row extends ListedSlo>(
  rows: readonly Row[],
  group: ListWish['group'],
): { name: string; rows: Row[] }[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = groupName(row, group);
    const found = groups.get(name);
    if (found) found.push(row);
    else groups.set(name, [row]);
  }
  return [...groups].map(([name, together]) => ({ name, rows: together }));
}

/** The name of the group that a row stands in; empty when nothing is grouped. */
export function groupName(row: ListedSlo, group: ListWish['group']): string {
  if (group === 'service') return row.service;
  if (group === 'team') return row.team ?? 'no team';
  return group === 'state' ? listStates[listState(row)] : '';
}

/** True when the budget of the period is gone, or overspent. */
export function isGone({ budget }: Pick<SloRow, 'budget'>): boolean {
  return budget !== null && budget <= 0;
}

function isIn(row: SloRow, state: ListWish['state']): boolean {
  if (state === '') return true;
  if (state === 'burning') return row.tier !== null;
  return state === 'spent' ? isGone(row) : listState(row) === state;
}

function sorted<Row extends ListedSlo>(rows: Row[], sort: ListWish['sort']): Row[] {
  // Equals stay by urgency.
  const urgent = byUrgency(rows);
  const lowest = (of: (row: Row) => number | null) =>
    urgent.sort((a, b) => (of(a) ?? Number.MAX_VALUE) - (of(b) ?? Number.MAX_VALUE));
  if (sort === 'budget') return lowest((row) => row.budget);
  if (sort === 'burn') return lowest((row) => (row.burn1h === null ? null : -row.burn1h));
  if (sort === 'gone') return lowest((row) => ((row.budget ?? 1) <= 0 ? 0 : row.goneAt));
  return sort === 'name' ? urgent.sort((a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : 0)) : urgent;
}

function oneOf<Name extends string>(table: Record<Name, string>, name: string): Name | undefined {
  return Object.hasOwn(table, name) ? (name as Name) : undefined;
}
