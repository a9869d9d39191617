import { isTimeZone, localTime } from '../openslo/local-time.ts';
import type { FreezeScope, FreezeSpan } from './freeze.ts';

/** A freeze as it was typed. */
export interface FreezeForm {
  /** `everything`, `service/voiceover` or `environment/production`. */
  what: string;
  kind: string;
  /** IANA name. */
  zone: string;
  /** Clock times in the zone: `2026-12-24T16:00`. Read when `kind` is `once`. */
  from: string;
  until: string;
  /** Days 1 to 7 and times `16:00`. Read when `kind` is `weekly`. */
  fromDay: string;
  fromTime: string;
  untilDay: string;
  untilTime: string;
  reason: string;
}

/** A freeze that may be made. */
export type FreezeRequest = FreezeScope & { reason: string; timeZone: string; span: FreezeSpan };

export type WrongFreeze = { field: 'what' | 'zone' | 'from' | 'until' | 'reason'; message: string };

/** A freeze once is over after this long at most, ms: who wants a longer one makes it weekly, or says so again. */
const longestOnce = 92 * 86_400_000;

/** Reads a freeze; else says which field is wrong and how to mend it. `now` is data time, ms. */
export function readFreeze(form: FreezeForm, now: number): FreezeRequest | WrongFreeze {
  const [, scope, target] = /^(everything|service|environment)(?:\/(.+))?$/.exec(form.what) ?? [];
  if (!scope || (scope === 'everything') !== (target === undefined)) {
    return { field: 'what', message: 'Choose what is frozen.' };
  }
  const timeZone = form.zone.trim();
  if (!timeZone || !isTimeZone(timeZone)) {
    return { field: 'zone', message: 'Name a time zone as Europe/Berlin or UTC.' };
  }
  const span = form.kind === 'weekly' ? readWeekly(form) : readOnce(form, timeZone, now);
  if ('field' in span) return span;
  const reason = form.reason.trim();
  if (reason.length < 3) return { field: 'reason', message: 'Say in a sentence why: whoever is refused reads it.' };
  if (reason.length > 500) return { field: 'reason', message: 'At most 500 letters.' };
  return { scope: scope as FreezeScope['scope'], target: target ?? null, reason, timeZone, span };
}

function readOnce(form: FreezeForm, zone: string, now: number): FreezeSpan | WrongFreeze {
  const shape = 'A day and a time, such as 2026-12-24 16:00.';
  const from = localTime(form.from, zone);
  if (from === null) return { field: 'from', message: shape };
  const until = localTime(form.until, zone);
  if (until === null) return { field: 'until', message: shape };
  if (until <= from) return { field: 'until', message: 'It ends before it begins.' };
  if (until <= now) return { field: 'until', message: 'This end has passed already.' };
  if (until - from > longestOnce) return { field: 'until', message: 'At most 92 days: a longer one is said again.' };
  return { kind: 'once', from, until };
}

function readWeekly(form: FreezeForm): FreezeSpan | WrongFreeze {
  const moment = (day: string, time: string) =>
    /^[1-7]$/.test(day) && /^([01]\d|2[0-3]):[0-5]\d$/.test(time) ? { day: Number(day), time } : null;
  const shape = 'A day of the week and a time, such as Friday 16:00.';
  const from = moment(form.fromDay, form.fromTime);
  if (!from) return { field: 'from', message: shape };
  const until = moment(form.untilDay, form.untilTime);
  if (!until) return { field: 'until', message: shape };
  if (from.day === until.day && from.time === until.time) {
    return { field: 'until', message: 'It would never end: choose another moment.' };
  }
  return { kind: 'weekly', from, until };
}
