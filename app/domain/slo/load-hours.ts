import { appendBucket } from './prefix-ring.ts';
import { type HourRow, loadHour, type MinuteSeries } from './series.ts';

/**
 * Puts stored hours back, oldest first, as `loadHour` does one by one; into a series that ends before them at the price of an
 * addition a minute, so that a process with thousands of SLOs is up in seconds.
 */
export function loadHours(series: MinuteSeries, rows: readonly HourRow[]): void {
  for (const row of rows) {
    const { minutes, hours } = series;
    const behind = (hours.end ?? row.hour) <= row.hour && (minutes.end ?? row.hour * 60) <= row.hour * 60;
    if (behind) append(series, row);
    else loadHour(series, row.hour, row);
  }
}

function append({ minutes, hours }: MinuteSeries, row: HourRow): void {
  if (!row.minutes) {
    appendBucket(hours, row.hour, row.bad, row.total, row.known);
    return;
  }
  const view = new DataView(row.minutes.buffer, row.minutes.byteOffset, row.minutes.byteLength);
  const sums = { bad: 0, total: 0, known: 0 };
  for (let index = 0; index < 60; index++) {
    const [bad, total] = [view.getFloat64(index * 16, true), view.getFloat64(index * 16 + 8, true)];
    const known = Number.isNaN(total) ? 0 : 1;
    appendBucket(minutes, row.hour * 60 + index, known && bad, known && total, known);
    sums.bad += known && bad;
    sums.total += known && total;
    sums.known += known;
  }
  appendBucket(hours, row.hour, sums.bad, sums.total, sums.known);
}
