import { hourMs, hourRow, type MinuteSeries, minuteMs, windowSums } from '#app/domain/slo/series.ts';
import type { StoredCounts } from '#app/domain/slo/stored-counts.ts';

/** What the stores would give of a series up to `at`: all hours, and the minutes of the hours that hold one of `moments` (all kept ones unless said). */
export function stored(series: MinuteSeries, at: number, moments?: number[]): StoredCounts {
  const { start, end } = series.hours;
  const hours = new Map();
  const minutes = new Map();
  for (let hour = start!; hour < end!; hour++) {
    const { bad, total, known, minutes: packed } = hourRow(series, hour);
    if (known > 0) hours.set(hour, { bad, total, known });
    const wanted = moments === undefined || [...moments, at].some((moment) => Math.floor(moment / hourMs) === hour);
    if (packed && wanted) minutes.set(hour, minutesOf(series, hour));
  }
  return { hours, minutes };
}

function minutesOf(series: MinuteSeries, hour: number) {
  return Array.from({ length: 60 }, (_, i) => {
    const { bad, total, known } = windowSums(series, (hour * hourMs) / minuteMs + i + 1, 1);
    return known ? { bad, total } : null;
  });
}
