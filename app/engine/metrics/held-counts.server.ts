import { countedAs, eventsAs } from '../../domain/slo/counted-as.ts';
import { createSeries, hourRow, loadHour, type MinuteSeries, newestKnownMinute } from '../../domain/slo/series.ts';
import { cutSlices, slicesOf } from '../../domain/slo/slices.ts';
import type { Slices, Slo } from '../../domain/slo/slo.ts';
import type { SloHours } from '../../stores/slo-hours.server.ts';

/** What is held of one SLO in memory: its events, and what counts against the budget. Both are one where that is events. */
export interface HeldCounts {
  events: MinuteSeries;
  series: MinuteSeries;
  slices: Slices | null;
  /** How `series` is counted (`countedAs`), and `events` (`eventsAs`). */
  counted: string | null;
  eventsCounted: string | null;
  /** True while what is stored was counted another way, so that all has to be read anew. */
  isRecounted: boolean;
}

/** Hours that changed since they were stored. */
export interface DirtyHours {
  events: Set<number>;
  series: Set<number>;
}

/** Puts back what is stored from `fromHour` on; slices are cut anew where they were cut another way. */
export async function loadCounts(store: SloHours, slo: Slo, fromHour: number): Promise<HeldCounts> {
  const counted = countedAs(slo);
  const slices = slicesOf(slo);
  const series = createSeries();
  const rows = await store.hours(slo.id, fromHour);
  const own = rows.filter((row) => row.counted === counted);
  for (const row of own) loadHour(series, row.hour, row);
  const isRecounted = own.length < rows.length;
  if (isRecounted) await store.blankHours(slo.id, counted);
  const held: HeldCounts = { events: series, series, slices, counted, eventsCounted: eventsAs(slo), isRecounted };
  if (!slices) return held;
  held.events = createSeries();
  for (const row of await store.eventHours(slo.id, fromHour))
    if (row.counted === held.eventsCounted) loadHour(held.events, row.hour, row);
  const { start, end } = held.events.minutes;
  if (isRecounted && start !== null && end !== null) {
    const series = cutSlices(held.events, held.series, slices, { from: start, to: end });
    await saveCounts(store, slo.id, held, { events: new Set(), series });
  }
  return held;
}

/** Fills events by `fill`, which returns the hours it changed, and cuts the slices that this touches. */
export function fillCounts(held: HeldCounts, fill: (events: MinuteSeries) => Set<number>): DirtyHours {
  const { events, series, slices } = held;
  const before = newestKnownMinute(events);
  const changed = fill(events);
  if (!slices) return { events: new Set(), series: changed };
  if (changed.size === 0) return { events: changed, series: changed };
  const first = Math.min(...changed) * 60;
  // The slice that was not over yet may be now, however long ago it began.
  const from = Math.min(first, before ?? first) - slices.minutes;
  const to = (Math.max(...changed) + 1) * 60;
  return { events: changed, series: cutSlices(events, series, slices, { from, to }) };
}

/** Stores the hours that changed. */
export async function saveCounts(store: SloHours, slo: string, held: HeldCounts, dirty: DirtyHours): Promise<void> {
  const rows = (series: MinuteSeries, hours: Set<number>) =>
    [...hours].sort((a, b) => a - b).map((hour) => hourRow(series, hour));
  if (dirty.series.size > 0) await store.saveHours(slo, rows(held.series, dirty.series), held.counted);
  if (held.slices && dirty.events.size > 0)
    await store.saveEventHours(slo, rows(held.events, dirty.events), held.eventsCounted);
}
