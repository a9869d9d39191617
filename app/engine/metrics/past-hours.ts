import { createSeries, hourMs, hourSums, loadHour, type MinuteSeries } from '../../domain/slo/series.ts';
import { fillMeasured } from './fill.ts';
import { type DirtyHours, fillCounts, type HeldCounts } from './held-counts.server.ts';
import type { Counts } from './read-minutes.server.ts';

/**
 * Puts minutes of the past as whole hours from `from` to `to` (ms): events, and the slices that end in them. Returns the hours that it
 * wrote. An hour that was known better stays: a server that has forgotten a part of it takes nothing away.
 */
export function fillPast(held: HeldCounts, counts: Counts, { from, to }: { from: number; to: number }): DirtyHours {
  const events = createSeries(4);
  const series = held.slices ? createSeries(4) : events;
  const dirty = fillCounts({ ...held, events, series }, (minutes) => fillMeasured(minutes, counts));
  const put = (into: MinuteSeries, out: MinuteSeries, hours: ReadonlySet<number>) =>
    new Set(
      [...hours].filter((hour) => {
        if (hour < from / hourMs || hour >= to / hourMs) return false;
        const sums = hourSums(out, hour);
        if (sums.known === 0 || sums.known < hourSums(into, hour).known) return false;
        loadHour(into, hour, { ...sums, minutes: null });
        return true;
      }),
    );
  return {
    events: held.slices ? put(held.events, events, dirty.events) : new Set(),
    series: put(held.series, series, dirty.series),
  };
}
