import {
  hourMs,
  loadHour,
  type MinuteSeries,
  minuteMs,
  newestKnownMinute,
  setMinute,
  windowSums,
} from '../../domain/slo/series.ts';
import type { BatchAnswer, Counts } from './read-minutes.server.ts';

/** So many events that should have come, and none came: that is no chance, the source was silent. */
const surprising = 20;

/** True when silence of this many minutes is no chance at this rate (events a minute). */
export function isSilence(rate: number, minutes: number): boolean {
  return rate * minutes >= surprising;
}

/** Puts counts of whole hours; returns the hours that it wrote. */
export function fillHours(series: MinuteSeries, counts: Counts): number[] {
  return [...counts].map(([end, { bad, total }]) => {
    const hour = Math.floor((end - 1) / hourMs);
    loadHour(series, hour, { bad, total, known: 60, minutes: null });
    return hour;
  });
}

/**
 * Puts the minutes that ended in (from, newest]; returns the hours that changed. A minute without a point counts 0
 * where the source has a newer point, but a hole in which the whole source is silent against all expectation stays
 * unknown, and so does what is from before its first point. Minutes that ended after `trustedTo` become unknown: the source fell silent
 * before all of their points can have come.
 */
export function fillMinutes(
  series: MinuteSeries,
  counts: Counts,
  { present, newest }: Pick<BatchAnswer, 'present' | 'newest'>,
  { from, trustedTo }: { from: number; trustedTo: number },
): Set<number> {
  const changed = new Set<number>();
  if (newest === null) return changed;
  const put = (end: number, bad: number, total: number) => {
    const minute = end / minuteMs - 1;
    const held = windowSums(series, minute + 1, 1);
    const same = held.known === 1 ? held.bad === bad && held.total === total : Number.isNaN(total);
    if (!same && setMinute(series, minute, bad, total)) changed.add(Math.floor(minute / 60));
  };
  const isNew = newestKnownMinute(series, from / minuteMs) === null;
  const first = isNew ? Math.min(...present) : from + minuteMs;
  for (let end = first; end <= newest; end += minuteMs) {
    if (end > trustedTo) put(end, Number.NaN, Number.NaN);
    else if (present.has(end)) put(end, counts.get(end)?.bad ?? 0, counts.get(end)?.total ?? 0);
    else {
      let until = end;
      while (!present.has(until + minuteMs)) until += minuteMs;
      if (!isSilence(rateBefore(series, end), (until - end) / minuteMs + 1)) {
        for (let quiet = end; quiet <= until; quiet += minuteMs) put(quiet, 0, 0);
      }
      end = until;
    }
  }
  return changed;
}

/** Puts what a gauge read in each minute that has a point; a minute without one stays as it is. Returns the hours that changed. */
export function fillGauge(series: MinuteSeries, counts: Counts): Set<number> {
  const changed = new Set<number>();
  for (const [end, { bad, total }] of counts) {
    const minute = end / minuteMs - 1;
    const held = windowSums(series, minute + 1, 1);
    if (held.known === 1 && held.bad === bad && held.total === total) continue;
    if (setMinute(series, minute, bad, total)) changed.add(Math.floor(minute / 60));
  }
  return changed;
}

/**
 * Puts minutes that were measured, by their ends (ms), and leaves all others as they are; returns the hours that changed. Where the source
 * has lost minutes that were known, the next one says again what grew in them: it stays as it is known, too.
 */
export function fillMeasured(series: MinuteSeries, counts: Counts): Set<number> {
  const changed = new Set<number>();
  for (const [end, { bad, total }] of counts) {
    const minute = end / minuteMs - 1;
    const held = windowSums(series, minute + 1, 1);
    if (held.known === 1 && held.bad === bad && held.total === total) continue;
    const isLost = !counts.has(end - minuteMs) && windowSums(series, minute, 1).known === 1;
    if (held.known === 1 && isLost) continue;
    if (setMinute(series, minute, bad, total)) changed.add(Math.floor(minute / 60));
  }
  return changed;
}

/** Events a minute in the hour before. */
function rateBefore(series: MinuteSeries, end: number): number {
  const { total, known } = windowSums(series, end / minuteMs - 1, 60);
  return known > 0 ? total / known : 0;
}
