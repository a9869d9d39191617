import { localDay, localTime } from '../openslo/local-time.ts';

/** A moment of every week on the clocks of a zone: `day` 1 (Monday) to 7, `time` as `16:00`. */
export interface WeekMoment {
  day: number;
  time: string;
}

/** When a freeze is in force: once between two instants (ms), or every week from one moment to the next. */
export type FreezeSpan =
  | { kind: 'once'; from: number; until: number }
  | { kind: 'weekly'; from: WeekMoment; until: WeekMoment };

/** What a freeze covers; `target` is a service or an environment, null for everything. */
export interface FreezeScope {
  scope: 'everything' | 'service' | 'environment';
  target: string | null;
}

/** A time in which changes forward in protected environments are refused. Stops and undos pass. Instants in ms. */
export interface Freeze extends FreezeScope {
  id: string;
  reason: string;
  /** IANA name of the zone in which it was said. */
  timeZone: string;
  span: FreezeSpan;
  by: string;
  byEmail: string;
  madeAt: number;
  /** When somebody ended it before its time, or for good. */
  endedAt: number | null;
  endedBy: string | null;
}

/** One stretch of time, ms; `until` is no part of it. */
export interface Stretch {
  from: number;
  until: number;
}

/** The stretch of a freeze that `at` lies in; null when it is not in force then. */
export function stretchAt(
  freeze: Pick<Freeze, 'span' | 'timeZone' | 'madeAt' | 'endedAt'>,
  at: number,
): Stretch | null {
  if (at < freeze.madeAt || (freeze.endedAt !== null && at >= freeze.endedAt)) return null;
  return stretchesAround(freeze, at).find(({ from, until }) => from <= at && at < until) ?? null;
}

/** The stretch in force at `at`, or the next that begins after it; null when none will come. */
export function nextStretch(freeze: Pick<Freeze, 'span' | 'timeZone' | 'endedAt'>, at: number): Stretch | null {
  if (freeze.endedAt !== null && at >= freeze.endedAt) return null;
  return stretchesAround(freeze, at).find(({ until }) => at < until) ?? null;
}

/** True when a freeze covers a change of this service in this environment. */
export function covers(freeze: FreezeScope, subject: { service: string | null; environment: string }): boolean {
  if (freeze.scope === 'everything') return true;
  return freeze.target !== null && freeze.target === subject[freeze.scope];
}

const day = 86_400_000;

/** Stretches that may hold `at` or come next, in order. A week's are laid out by local days, so that daylight saving moves neither end. */
function stretchesAround({ span, timeZone }: Pick<Freeze, 'span' | 'timeZone'>, at: number): Stretch[] {
  if (span.kind === 'once') return [{ from: span.from, until: span.until }];
  const today = localDay(at, timeZone);
  const found: Stretch[] = [];
  for (let offset = -8; offset <= 8; offset++) {
    const begins = today + offset * day;
    if (weekday(begins) !== span.from.day) continue;
    const from = instant(begins, span.from.time, timeZone);
    const until = instant(begins + daysBetween(span.from, span.until) * day, span.until.time, timeZone);
    if (from < until) found.push({ from, until });
  }
  return found;
}

/** 1 (Monday) to 7 of a local day, which is given as midnight UTC of its date. */
function weekday(date: number): number {
  return new Date(date).getUTCDay() || 7;
}

/** Days from one moment of the week to the next time the other comes: 1 to 7, or 0 later on the same day. */
function daysBetween(from: WeekMoment, until: WeekMoment): number {
  const days = (until.day - from.day + 7) % 7;
  return days === 0 && until.time <= from.time ? 7 : days;
}

function instant(date: number, time: string, zone: string): number {
  return localTime(`${new Date(date).toISOString().slice(0, 10)} ${time}`, zone)!;
}
