import { extendTo, newRing, type PrefixRing, ringSums, setBucket } from './prefix-ring.ts';

/** Milliseconds of a minute. */
export const minuteMs = 60_000;
/** Milliseconds of an hour. */
export const hourMs = 3_600_000;

/** Counts of a stretch of time: bad and all events, and the minutes of it with known data. */
export interface Sums {
  bad: number;
  total: number;
  known: number;
}

/** What one SLO counted: one-minute buckets (3 days and 3 hours) and hourly ones. Buckets are numbered since the epoch. */
export interface MinuteSeries {
  minutes: PrefixRing;
  hours: PrefixRing;
}

/** One hour as stored. `minutes` packs 60 × (bad, total) as float64 little endian, NaN where unknown. */
export interface HourRow extends Sums {
  hour: number;
  minutes: Uint8Array | null;
}

/** 3 days, two hours that may have been missed, and what the hour that they begin in has before them. */
const minuteCapacity = 3 * 1440 + 180;

/** An empty series that keeps `days` of hours; about 96 KB at the default. */
export function createSeries(days = 36): MinuteSeries {
  return { minutes: newRing(minuteCapacity), hours: newRing(days * 24) };
}

/**
 * Writes one minute (number since the epoch); the last write wins, so late points overwrite and nothing counts twice.
 * Counts are whole events; NaN makes the minute unknown. False when the minute is too old to be kept apart.
 */
export function setMinute(series: MinuteSeries, minute: number, bad: number, total: number): boolean {
  const hour = Math.floor(minute / 60);
  if (isSealed(series, hour)) return false;
  const known = Number.isFinite(bad) && Number.isFinite(total);
  const before = ringSums(series.minutes, minute, minute + 1);
  const next = known ? { bad, total, known: 1 } : { bad: 0, total: 0, known: 0 };
  if (!setBucket(series.minutes, minute, next)) return false;
  const held = ringSums(series.hours, hour, hour + 1);
  setBucket(series.hours, hour, {
    bad: held.bad + next.bad - before.bad,
    total: held.total + next.total - before.total,
    known: held.known + next.known - before.known,
  });
  return true;
}

/** True when the hour was counted as a whole, so that single minutes of it can no longer be replaced. */
function isSealed(series: MinuteSeries, hour: number): boolean {
  const whole = ringSums(series.hours, hour, hour + 1).known;
  return whole > 0 && whole !== ringSums(series.minutes, hour * 60, hour * 60 + 60).known;
}

/** Puts a stored hour back, with its minutes where they were kept; loading twice changes nothing. */
export function loadHour(series: MinuteSeries, hour: number, row: Sums & { minutes: Uint8Array | null }): void {
  if (row.minutes) {
    // Reserving the hour's last minute first keeps all 60 in the ring or refuses all of them.
    const fits = series.minutes.end === null || hour * 60 >= series.minutes.end - minuteCapacity;
    if (fits && !isSealed(series, hour)) {
      extendTo(series.minutes, hour * 60 + 59);
      const packed = unpackMinutes(row.minutes);
      for (let i = 0; i < 60; i++) {
        const { bad, total } = packed[i]!;
        if (!Number.isNaN(total)) setMinute(series, hour * 60 + i, bad, total);
      }
      return;
    }
  }
  setBucket(series.hours, hour, { bad: row.bad, total: row.total, known: row.known });
}

/** The hour as it is to be stored; `minutes` is null when they are no longer kept apart. */
export function hourRow(series: MinuteSeries, hour: number): HourRow {
  const sums = ringSums(series.hours, hour, hour + 1);
  const apart = ringSums(series.minutes, hour * 60, hour * 60 + 60).known === sums.known && sums.known > 0;
  return { hour, ...sums, minutes: apart ? packMinutes(series, hour) : null };
}

function packMinutes(series: MinuteSeries, hour: number): Uint8Array {
  const bytes = new Uint8Array(60 * 16);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 60; i++) {
    const minute = windowSums(series, hour * 60 + i + 1, 1);
    view.setFloat64(i * 16, minute.known ? minute.bad : Number.NaN, true);
    view.setFloat64(i * 16 + 8, minute.known ? minute.total : Number.NaN, true);
  }
  return bytes;
}

/** The 60 minutes of a packed hour; NaN where unknown. Throws RangeError on bytes of another length. */
export function unpackMinutes(bytes: Uint8Array): { bad: number; total: number }[] {
  if (bytes.byteLength !== 960) throw new RangeError(`a packed hour has 960 bytes, not ${bytes.byteLength}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: 60 }, (_, i) => ({
    bad: view.getFloat64(i * 16, true),
    total: view.getFloat64(i * 16 + 8, true),
  }));
}

/** Counts of the `minutes` before `endMinute` (exclusive), in constant time. Minutes not held count as unknown. */
export function windowSums(series: MinuteSeries, endMinute: number, minutes: number): Sums {
  return ringSums(series.minutes, endMinute - minutes, endMinute);
}

/**
 * Counts from `from` to `to` (ms) by whole hours, with single minutes at the two ends where they are still kept; else the
 * stretch begins at the next whole hour, and `from` in the answer says so.
 */
export function periodSums(series: MinuteSeries, from: number, to: number): Sums & { from: number } {
  const [firstMinute, endMinute] = [Math.ceil(from / minuteMs), Math.floor(to / minuteMs)];
  const [firstHour, endHour] = [Math.ceil(firstMinute / 60), Math.floor(endMinute / 60)];
  if (firstHour >= endHour)
    return { ...ringSums(series.minutes, firstMinute, endMinute), from: firstMinute * minuteMs };
  const kept = series.minutes.start !== null && firstMinute >= series.minutes.start;
  const parts = [ringSums(series.hours, firstHour, endHour), ringSums(series.minutes, endHour * 60, endMinute)];
  if (kept) parts.push(ringSums(series.minutes, firstMinute, firstHour * 60));
  const sums = { bad: 0, total: 0, known: 0, from: kept ? firstMinute * minuteMs : firstHour * hourMs };
  for (const part of parts) {
    sums.bad += part.bad;
    sums.total += part.total;
    sums.known += part.known;
  }
  return sums;
}

/** Counts of one hour, number since the epoch. */
export function hourSums(series: MinuteSeries, hour: number): Sums {
  return ringSums(series.hours, hour, hour + 1);
}

/** The newest minute with known data before `endMinute`, looking back over the kept minutes; null when there is none. */
export function newestKnownMinute(series: MinuteSeries, endMinute = Number.POSITIVE_INFINITY): number | null {
  const { start, end } = series.minutes;
  if (start === null || end === null) return null;
  // Known counts are prefix sums, so the last known minute is found by doubling from the end, where it mostly is, and halving.
  let high = Math.min(end, endMinute);
  if (high <= start) return null;
  let low = high - 1;
  for (let step = 1; ringSums(series.minutes, low, high).known === 0; step *= 2) {
    if (low <= start) return null;
    [low, high] = [Math.max(start, low - step), low];
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (ringSums(series.minutes, middle, high).known > 0) low = middle;
    else high = middle;
  }
  return low;
}
