import { hourSums, type MinuteSeries, minuteMs, windowSums } from './series.ts';

/** Traffic under this share of the usual has vanished. */
const vanishedShare = 0.1;
/** Requests that must be usual in 5 minutes before their absence says anything. */
const leastUsual = 20;

/** Usual requests per minute at this hour of the week: the median of up to five past weeks. Null without a baseline. */
function usualTraffic(series: MinuteSeries, minute: number): number | null {
  const hour = Math.floor(minute / 60);
  const rates: number[] = [];
  for (let week = 1; week <= 5; week++) {
    const { total, known } = hourSums(series, hour - 168 * week);
    if (known >= 30) rates.push(total / known);
  }
  rates.sort((a, b) => a - b);
  return rates[(rates.length - 1) >> 1] ?? null;
}

/**
 * Events that would usually come in the minutes [from, end): as many as at these hours of past weeks, without a baseline as in
 * the hour before; in the first hour no fewer than in that one.
 */
export function usualEvents(series: MinuteSeries, from: number, end: number): number {
  const before = windowSums(series, from, 60);
  const lately = before.known > 0 ? before.total / before.known : 0;
  let events = 0;
  for (let minute = from; minute < end; ) {
    const next = Math.min(end, (Math.floor(minute / 60) + 1) * 60);
    const usual = usualTraffic(series, minute) ?? lately;
    events += (next - minute) * (minute < from + 60 ? Math.max(usual, lately) : usual);
    minute = next;
  }
  return events;
}

/**
 * The known ones of the 5 minutes before `endMinute` where traffic vanished: what came, what is usual in as many minutes,
 * and how many are known (fewer than 5 prove nothing); null when it did not vanish. Traffic that is as low at this minute
 * on every day that is kept (a nightly job's pause) has not vanished.
 */
export function vanishedTraffic(
  series: MinuteSeries,
  endMinute: number,
): { total: number; usual: number; known: number } | null {
  const now = windowSums(series, endMinute, 5);
  const perMinute = usualTraffic(series, endMinute - 3);
  if (perMinute === null) return null;
  const usual = perMinute * now.known;
  if (usual < leastUsual || now.total >= usual * vanishedShare) return null;
  const days = [1, 2, 3].map((day) => windowSums(series, endMinute - day * 1440, 5)).filter((day) => day.known === 5);
  const pause = days.length > 0 && days.every((day) => day.total < perMinute * 5 * vanishedShare);
  return pause ? null : { total: now.total, usual, known: now.known };
}

/** Start (ms) of the first minute of the vanished traffic that goes on at `endMinute`; looks back over the kept minutes. */
export function vanishedFrom(series: MinuteSeries, endMinute: number): number {
  const usual = usualTraffic(series, endMinute - 3) ?? 0;
  let minute = endMinute - 1;
  while (windowSums(series, minute, 1).known === 1 && windowSums(series, minute, 1).total < usual * vanishedShare) {
    minute -= 1;
  }
  return minute * minuteMs;
}
