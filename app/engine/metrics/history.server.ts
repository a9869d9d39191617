import type { MonitoringRead } from '../../clients/cloud-monitoring/port.ts';
import { hourMs, loadHour, minuteMs, type Sums } from '../../domain/slo/series.ts';
import { judgeSlice } from '../../domain/slo/slices.ts';
import type { Slices } from '../../domain/slo/slo.ts';
import { fillHours } from './fill.ts';
import type { DirtyHours, HeldCounts } from './held-counts.server.ts';
import { piecesOf } from './pieces.ts';
import type { ReadBatch } from './plan-reads.ts';
import { type Counts, readBatch } from './read-minutes.server.ts';

/** Periods of a series in one read. */
const mostPeriods = 2_000;

/**
 * Reads the hours from `from` to `to` (ms, whole hours) of the batch's SLOs: events by the hour, and what is counted in slices by the slice.
 * Returns the hours that it wrote, by SLO.
 */
export async function readHistory(
  monitoring: MonitoringRead,
  batch: ReadBatch,
  held: ReadonlyMap<string, HeldCounts>,
  range: { from: number; to: number; signal: AbortSignal },
): Promise<Map<string, DirtyHours>> {
  const dirty = new Map<string, DirtyHours>();
  const lengths = new Set(batch.slos.map(({ id }) => held.get(id)?.slices?.minutes ?? null));
  for (const minutes of lengths) {
    const own = only(batch, (id) => (held.get(id)?.slices?.minutes ?? null) === minutes);
    if (minutes !== null) await readSlices(monitoring, own, held, { ...range, minutes }, dirty);
    else {
      for (const piece of piecesOf({ ...range, periodSeconds: 3600 }, own)) {
        const answer = await readBatch(monitoring, own, { ...piece, signal: range.signal });
        for (const { id } of own.slos) {
          const one = held.get(id);
          if (!one) continue;
          const hours = fillHours(one.series, answer.bySlo.get(id) ?? new Map());
          dirty.set(id, { events: new Set(), series: new Set([...(dirty.get(id)?.series ?? []), ...hours]) });
        }
      }
    }
  }
  return dirty;
}

/** The part of a batch that some of its SLOs need. */
function only(batch: ReadBatch, wanted: (slo: string) => boolean): ReadBatch {
  const slos = batch.slos.filter(({ id }) => wanted(id));
  if (slos.length === batch.slos.length) return batch;
  const reads = batch.reads
    .map((read) => ({ ...read, parts: read.parts.filter(({ slo }) => wanted(slo.id)) }))
    .filter(({ parts }) => parts.length > 0);
  return { ...batch, slos, reads };
}

async function readSlices(
  monitoring: MonitoringRead,
  batch: ReadBatch,
  held: ReadonlyMap<string, HeldCounts>,
  range: { from: number; to: number; signal: AbortSignal; minutes: number },
  dirty: Map<string, DirtyHours>,
): Promise<void> {
  const slice = range.minutes * minuteMs;
  const [from, to] = [range.from, range.to].map((at) => Math.floor(at / slice) * slice) as [number, number];
  const found = new Map(batch.slos.map(({ id }) => [id, { events: new Map(), series: new Map() }] as const));
  // A gauge is good or bad by the minute; events can be added up by the source.
  const isGauge = batch.slos.some(({ indicator }) => indicator.kind === 'gauge');
  const period = isGauge ? minuteMs : slice;
  const piece = Math.max(1, Math.floor((mostPeriods * period) / slice)) * slice;
  for (let start = from; start < to; start += piece) {
    const stretch = { from: start, to: Math.min(to, start + piece), signal: range.signal };
    const answer = await readBatch(monitoring, batch, { ...stretch, periodSeconds: period / 1000 });
    for (const [id, hours] of found) {
      const slices = held.get(id)?.slices;
      const counts = answer.bySlo.get(id) ?? new Map();
      if (slices && isGauge) addGauge(hours, counts, slices);
      else if (slices) addSlices(hours, counts, slices);
    }
  }
  for (const [id, { events, series }] of found) {
    const one = held.get(id);
    if (!one) continue;
    for (const [hour, sums] of events) loadHour(one.events, hour, { ...sums, minutes: null });
    for (const [hour, sums] of series) loadHour(one.series, hour, { ...sums, minutes: null });
    dirty.set(id, { events: new Set(events.keys()), series: new Set(series.keys()) });
  }
}

/** Adds counts of whole slices to the hours that the slices end in. */
function addSlices(
  hours: { events: Map<number, Sums>; series: Map<number, Sums> },
  counts: Counts,
  slices: Slices,
): void {
  for (const [end, events] of counts) {
    const hour = Math.floor((end - 1) / hourMs);
    const none = { bad: 0, total: 0 };
    for (let before = Math.floor((end - slices.minutes * minuteMs) / hourMs); before < hour; before++) {
      add(hours.events, before, none);
      add(hours.series, before, none);
    }
    const verdict = judgeSlice(events, slices);
    add(hours.events, hour, events);
    add(hours.series, hour, verdict === 'faulty' || verdict === null ? none : verdict);
  }
}

/** The same from the minutes of a gauge, of which only those with a point are known. */
function addGauge(
  hours: { events: Map<number, Sums>; series: Map<number, Sums> },
  counts: Counts,
  slices: Slices,
): void {
  const length = slices.minutes * minuteMs;
  const bySlice = new Map<number, { bad: number; total: number; last: number }>();
  for (const [end, minute] of counts) {
    const hour = Math.floor((end - 1) / hourMs);
    add(hours.events, hour, minute, 1);
    add(hours.series, hour, { bad: 0, total: 0 }, 1);
    const slice = Math.floor((end - 1) / length);
    const sums = bySlice.get(slice) ?? { bad: 0, total: 0, last: end };
    bySlice.set(slice, {
      bad: sums.bad + minute.bad,
      total: sums.total + minute.total,
      last: Math.max(sums.last, end),
    });
  }
  for (const { bad, total, last } of bySlice.values()) {
    const verdict = judgeSlice({ bad, total }, slices);
    if (verdict && verdict !== 'faulty') add(hours.series, Math.floor((last - 1) / hourMs), verdict, 0);
  }
}

/** Adds counts to an hour; without `known` all of its minutes are. */
function add(
  hours: Map<number, Sums>,
  hour: number,
  { bad, total }: { bad: number; total: number },
  known?: number,
): void {
  const sums = hours.get(hour) ?? { bad: 0, total: 0, known: 0 };
  hours.set(hour, {
    bad: sums.bad + bad,
    total: sums.total + total,
    known: known === undefined ? 60 : sums.known + known,
  });
}
