import { instantOf } from './calendar.ts';

/** The instant (ms) of a day and time as a form sends them (`2026-11-22T03:10`), read in a time zone; null when there is none. */
export function typedInstant(text: string, timeZone: string): number | null {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(?::00)?$/.exec(text.trim()) ?? [];
  const local = day && time ? Date.parse(`${day}T${time}:00Z`) : Number.NaN;
  // Date.parse moves the 31st of a short month on; such a day is none.
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 10) !== day) return null;
  return instantOf(local, timeZone);
}
