import type { SloPeriod } from './slo.ts';

type Calendar = Extract<SloPeriod, { kind: 'calendar' }>;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Wall-clock reading of an instant in a time zone, as if it were UTC (ms). */
function localReading(at: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
  return Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
}

/** The instant at which a time zone's clocks read `local`; in the hour that a spring change skips, the one after it. */
export function instantOf(local: number, timeZone: string): number {
  let at = local - (localReading(local, timeZone) - local);
  // The offset may differ at the first guess: correct once.
  at += local - localReading(at, timeZone);
  return at;
}

const monthsOf = { month: 1, quarter: 3, year: 12 };

/** The anchor's local reading moved on by `n` units; a day that a month lacks becomes the month's last. */
function moved(anchor: number, unit: Calendar['unit'], n: number): number {
  if (unit === 'day' || unit === 'week') return anchor + n * (unit === 'day' ? 1 : 7) * 86_400_000;
  const date = new Date(anchor);
  const month = date.getUTCMonth() + n * monthsOf[unit];
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const day = Math.min(date.getUTCDate(), lastDay);
  return Date.UTC(date.getUTCFullYear(), month, day) + (anchor % 86_400_000);
}

const usualDays = { day: 1, week: 7, month: 30.4369, quarter: 91.3106, year: 365.2425 };

/** Start and end (ms) of the calendar period that holds `at`, counted in whole units from the SLO's start in its time zone. */
export function calendarBounds(period: Calendar, at: number): { start: number; end: number } {
  const anchor = localReading(period.start, period.timeZone);
  const boundary = (n: number) => instantOf(moved(anchor, period.unit, n), period.timeZone);
  let n = Math.floor((at - period.start) / (usualDays[period.unit] * 86_400_000));
  while (boundary(n) > at) n--;
  while (boundary(n + 1) <= at) n++;
  return { start: boundary(n), end: boundary(n + 1) };
}
