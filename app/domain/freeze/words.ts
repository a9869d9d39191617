import type { Freeze, FreezeScope, FreezeSpan } from './freeze.ts';

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Name of a day of the week, 1 (Monday) to 7. */
export function dayName(day: number): string {
  return days[day - 1] ?? '';
}

/** An instant (ms) as clocks in `zone` show it: "Mon 23 Nov, 08:00 Europe/Berlin". */
function zonedWords(at: number, zone: string): string {
  const date = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  }).format(at);
  return `${date} ${zone}`;
}

/** A freeze in force, in one line: until when, and why. */
export function freezeWords({ reason, until, timeZone }: { reason: string; until: number; timeZone: string }): string {
  return `changes forward are frozen until ${zonedWords(until, timeZone)}: ${reason}`;
}

/** What a freeze covers, in words that begin a line. */
export function scopeWords({ scope, target }: FreezeScope): string {
  return scope === 'everything' ? 'Everything' : `${scope === 'service' ? 'Service' : 'Environment'} ${target}`;
}

/** When a freeze is in force, in words: "every week from Friday 16:00 to Monday 08:00, Europe/Berlin". */
export function spanWords(span: FreezeSpan, zone: Freeze['timeZone']): string {
  if (span.kind === 'once') return `${zonedWords(span.from, zone)} to ${zonedWords(span.until, zone)}`;
  const { from, until } = span;
  return `every week from ${dayName(from.day)} ${from.time} to ${dayName(until.day)} ${until.time}, ${zone}`;
}
