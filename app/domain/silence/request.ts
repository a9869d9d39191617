import { instantOf } from '../slo/calendar.ts';
import { hourMs } from '../slo/series.ts';
import { typedInstant } from '../slo/typed-instant.ts';
import type { SilenceScope } from './silence.ts';

/** Ends that a form offers; `at` is a day and time of one's own. */
const silenceEnds = ['1h', '4h', 'tomorrow', 'at'] as const;
export type SilenceEnd = (typeof silenceEnds)[number];

/** A silence is over by itself after this long, ms: who goes on wanting it says so again. */
export const longestSilence = 7 * 24 * hourMs;

/** A silence as it was typed. */
export interface SilenceForm {
  /** Scope and target: `slo/voice`. */
  what: string;
  end: string;
  /** Clock time in `zone`: `2026-11-22T09:00`. Read when `end` is `at`. */
  at: string;
  /** IANA time zone of whoever sends the form. */
  zone: string;
  reason: string;
}

/** A silence that may be made. `until` is ms. */
export interface SilenceRequest {
  scope: SilenceScope;
  target: string;
  until: number;
  reason: string;
}

export type WrongSilence = { field: 'what' | 'at' | 'reason'; message: string };

/** Reads a silence; else says which field is wrong and how to mend it. `now` is data time; `fallbackZone` is taken where the form names none. */
export function readSilence(form: SilenceForm, fallbackZone: string, now: number): SilenceRequest | WrongSilence {
  const [, scope, target] = /^(slo|service|source)\/(.+)$/.exec(form.what) ?? [];
  if (!scope || !target) return { field: 'what', message: 'Choose what is to be silent.' };
  const until = readEnd(form, fallbackZone, now);
  if (typeof until !== 'number') return until;
  const reason = form.reason.trim();
  if (reason.length < 3)
    return { field: 'reason', message: 'Say in a sentence why: whoever looks for a page reads it.' };
  if (reason.length > 500) return { field: 'reason', message: 'At most 500 letters.' };
  return { scope: scope as SilenceScope, target, until, reason };
}

/**
 * The end (ms) that a form asks for, at most seven days from `now`; else what is wrong with it. Hours are counted from
 * `from`: now, or the end that is to be extended.
 */
export function readEnd(
  { end, at, zone }: Pick<SilenceForm, 'end' | 'at' | 'zone'>,
  fallbackZone: string,
  now: number,
  from = now,
): number | WrongSilence {
  const timeZone = knownZone(zone) ? zone : fallbackZone;
  const wrong = (message: string) => ({ field: 'at' as const, message });
  const ends: Record<string, () => number | null> = {
    '1h': () => from + hourMs,
    '4h': () => from + 4 * hourMs,
    tomorrow: () => tomorrowAtNine(timeZone, now),
    at: () => typedInstant(at, timeZone),
  };
  const until = Object.hasOwn(ends, end) ? ends[end]!() : null;
  if (until === null) return wrong('A day and a time, such as 2026-11-22 09:00.');
  if (until <= now) return wrong('This end has passed already.');
  if (until > now + longestSilence) return wrong('At most 7 days from now: it can be extended again then.');
  return until;
}

/** Nine in the morning of the next day in a time zone, ms. */
export function tomorrowAtNine(timeZone: string, now: number): number {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(now);
  return instantOf(Date.parse(`${today}T00:00:00Z`) + 33 * hourMs, timeZone);
}

function knownZone(zone: string): boolean {
  try {
    return Boolean(zone && new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}
