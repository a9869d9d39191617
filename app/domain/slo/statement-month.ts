import { instantOf } from './calendar.ts';

/** A calendar month in a time zone: `2026-10`, from its first midnight to the next month's (ms). */
export interface StatementMonth {
  name: string;
  timeZone: string;
  from: number;
  to: number;
}

/** The month of this name (`2026-10`); null when it is no such name. */
export function namedMonth(name: string, timeZone: string): StatementMonth | null {
  const [, year, month] = /^(20\d\d)-(0[1-9]|1[0-2])$/.exec(name) ?? [];
  if (!year || !month) return null;
  const begin = (place: number) => instantOf(Date.UTC(Number(year), place, 1), timeZone);
  return { name, timeZone, from: begin(Number(month) - 1), to: begin(Number(month)) };
}

/** The month that holds `at` (ms), or the `back`-th before it. */
export function monthOf(at: number, timeZone: string, back = 0): StatementMonth {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: 'numeric' }).formatToParts(at);
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const first = new Date(Date.UTC(value('year'), value('month') - 1 - back, 1));
  return namedMonth(first.toISOString().slice(0, 7), timeZone)!;
}

/** "October 2026". */
export function monthText({ name }: Pick<StatementMonth, 'name'>): string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' });
  return format.format(Date.parse(`${name}-01T00:00:00Z`));
}
