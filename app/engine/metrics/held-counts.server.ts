import { countedAs, eventsAs } from '../../domain/slo/counted-as.ts';
import { fingerprintOf } from '../../domain/slo/fingerprint.ts';
import { loadHours } from '../../domain/slo/load-hours.ts';
import { createSeries, hourRow, type MinuteSeries, newestKnownMinute } from '../../domain/slo/series.ts';
import { cutSlices, slicesOf } from '../../domain/slo/slices.ts';
import type { Indicator, Slices, Slo } from '../../domain/slo/slo.ts';
import type { CountedRow, SloHours } from '../../stores/slo/slo-hours.server.ts';

/** What is held of one SLO in memory: its events, and what counts against the budget. Both are one where that is events. */
export interface HeldCounts {
  events: MinuteSeries;
  series: MinuteSeries;
  slices: Slices | null;
  /** What was counted. */
  indicator: Indicator;
  /** How `series` is counted (`countedAs`), and `events` (`eventsAs`). */
  counted: string | null;
  eventsCounted: string | null;
  /** True while what is stored was counted another way or forgotten, so that all has to be read anew. */
  isRecounted: boolean;
}

/** Hours that changed since they were stored. */
export interface DirtyHours {
  events: Set<number>;
  series: Set<number>;
}

/** Whether counts that are held are of what the SLO counts now. They take its indicator over, so that the next look is quick. */
export function stillCounts(held: HeldCounts | undefined, slo: Slo): boolean {
  if (!held || held.counted !== countedAs(slo)) return false;
  if (held.indicator !== slo.indicator && fingerprintOf(held.indicator) !== fingerprintOf(slo.indicator)) return false;
  held.indicator = slo.indicator;
  return true;
}

/**
 * Puts back what is stored of these SLOs from `fromHour` on, by SLO; slices are cut anew where they were cut another way. What was counted by
 * another indicator is forgotten: from `now` (ms) on the SLO has a history of its present one alone.
 */
export async function loadCounts(
  store: SloHours,
  slos: readonly Slo[],
  fromHour: number,
  now: number,
): Promise<Map<string, HeldCounts>> {
  const changed = await noteIndicators(store, slos, now);
  const ids = slos.map(({ id }) => id);
  const inSlices = slos.filter((slo) => slicesOf(slo) !== null).map(({ id }) => id);
  const [stored, events] = await Promise.all([
    store.hours(ids, fromHour),
    inSlices.length > 0 ? store.eventHours(inSlices, fromHour) : new Map<string, CountedRow[]>(),
  ]);
  const all = new Map<string, HeldCounts>();
  for (const slo of slos)
    all.set(slo.id, await putBack(store, slo, stored.get(slo.id) ?? [], events.get(slo.id) ?? [], changed.has(slo.id)));
  return all;
}

/** Notes by what these SLOs are counted, and begins anew those whose indicator is another one now; returns these. */
async function noteIndicators(store: SloHours, slos: readonly Slo[], now: number): Promise<Set<string>> {
  const noted = await store.indicators(slos.map(({ id }) => id));
  const found = slos.map(({ id, indicator }) => ({ slo: id, indicator: fingerprintOf(indicator) }));
  const fresh = found.filter(({ slo }) => !noted.has(slo));
  if (fresh.length > 0) await store.adoptIndicators(fresh);
  const changed = found.filter(({ slo, indicator }) => (noted.get(slo) ?? indicator) !== indicator);
  for (const { slo, indicator } of changed) await store.beginAnew(slo, indicator, now);
  return new Set(changed.map(({ slo }) => slo));
}

async function putBack(
  store: SloHours,
  slo: Slo,
  rows: readonly CountedRow[],
  eventRows: readonly CountedRow[],
  isBegun: boolean,
): Promise<HeldCounts> {
  const counted = countedAs(slo);
  const slices = slicesOf(slo);
  const series = createSeries();
  const own = rows.filter((row) => row.counted === counted);
  loadHours(series, own);
  const isOtherwise = own.length < rows.length;
  if (isOtherwise) await store.blankHours(slo.id, counted);
  const isRecounted = isOtherwise || isBegun;
  const { indicator } = slo;
  const held = { events: series, series, slices, indicator, counted, eventsCounted: eventsAs(slo), isRecounted };
  if (!slices) return held;
  held.events = createSeries();
  loadHours(
    held.events,
    eventRows.filter((row) => row.counted === held.eventsCounted),
  );
  const { start, end } = held.events.minutes;
  if (isRecounted && start !== null && end !== null) {
    const series = cutSlices(held.events, held.series, slices, { from: start, to: end });
    await saveCounts(store, [{ slo: slo.id, held, dirty: { events: new Set(), series } }]);
  }
  return held;
}

/** Fills events by `fill`, which returns the hours it changed, and cuts the slices that this touches. */
export function fillCounts(held: HeldCounts, fill: (events: MinuteSeries) => Set<number>): DirtyHours {
  const { events, series, slices } = held;
  if (!slices) return { events: new Set(), series: fill(events) };
  const before = newestKnownMinute(events);
  const changed = fill(events);
  if (changed.size === 0) return { events: changed, series: changed };
  const first = Math.min(...changed) * 60;
  // The slice that was not over yet may be now, however long ago it began.
  const from = Math.min(first, before ?? first) - slices.minutes;
  const to = (Math.max(...changed) + 1) * 60;
  return { events: changed, series: cutSlices(events, series, slices, { from, to }) };
}

/** Stores the hours that changed. */
export async function saveCounts(
  store: SloHours,
  changed: readonly { slo: string; held: HeldCounts; dirty: DirtyHours }[],
): Promise<void> {
  const rows = (slo: string, series: MinuteSeries, hours: ReadonlySet<number>, counted: string | null) =>
    [...hours].sort((a, b) => a - b).map((hour) => ({ slo, ...hourRow(series, hour), counted }));
  const hours = changed.flatMap(({ slo, held, dirty }) => rows(slo, held.series, dirty.series, held.counted));
  const events = changed.flatMap(({ slo, held, dirty }) =>
    held.slices ? rows(slo, held.events, dirty.events, held.eventsCounted) : [],
  );
  if (hours.length > 0) await store.saveHours(hours);
  if (events.length > 0) await store.saveEventHours(events);
}
