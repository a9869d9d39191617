import { monthOf, namedMonth, type StatementMonth } from '../../domain/slo/statement-month.ts';

/** Which month's statement is wanted, and of which SLOs: everything of it stands in the address. */
export interface StatementWish {
  month: string;
  team: string;
  service: string;
  slo: string;
  /** Place of the first line. */
  from: number;
}

/** Months before this one whose hours are still there as a whole, or in part. */
export const monthsBack = 2;

/** Reads the wish; a month that is none, or to come, is this one. `now` ms. */
export function readStatement(
  params: URLSearchParams,
  now: number,
  timeZone: string,
): { wish: StatementWish; month: StatementMonth } {
  const field = (name: string) => (params.get(name) ?? '').slice(0, 100);
  const named = namedMonth(field('month'), timeZone);
  const month = named && named.from <= now ? named : monthOf(now, timeZone);
  const from = Math.floor(Number(params.get('from')));
  return {
    wish: {
      month: month.name,
      team: field('team'),
      service: field('service'),
      slo: field('slo'),
      from: Number.isSafeInteger(from) && from > 0 ? from : 0,
    },
    month,
  };
}

/** The wish as an address's query. */
export function statementQuery({ from, ...wish }: StatementWish): string {
  const said = Object.entries(wish).filter(([, value]) => value !== '');
  if (from > 0) said.push(['from', String(from)]);
  return `?${new URLSearchParams(said)}`;
}
