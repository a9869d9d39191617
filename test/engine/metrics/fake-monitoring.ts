import type { MonitoringRead, Series, SeriesQuery } from '#app/clients/cloud-monitoring/port.ts';
import { minuteMs } from '#app/domain/slo/series.ts';
import type { CursorStore } from '#app/stores/cursors.server.ts';
import type { CountedRow, SloHours } from '#app/stores/slo/slo-hours.server.ts';

/** One series of points that a test moves by hand: labels, and a count per minute's end (ms). */
export interface FakeSeries {
  labels: Record<string, string>;
  counts: Map<number, number>;
}

/** A source of counts in memory; `queries` are what was asked, `broken` is thrown while it is set. */
export function fakeMonitoring() {
  const series = new Map<string, FakeSeries[]>();
  const fake = {
    broken: null as Error | null,
    queries: [] as SeriesQuery[],
    /** Points of a filter's series; every call adds to them. */
    put(filter: string, labels: Record<string, string>, at: number, count: number): void {
      const all = series.get(filter) ?? [];
      series.set(filter, all);
      const known = all.find((each) => JSON.stringify(each.labels) === JSON.stringify(labels));
      const one = known ?? { labels, counts: new Map<number, number>() };
      if (!known) all.push(one);
      one.counts.set(at, count);
    },
    read: {
      async counts(query: SeriesQuery): Promise<Series<number>[]> {
        fake.queries.push(query);
        if (fake.broken) throw fake.broken;
        return (series.get(query.filter) ?? []).map(({ labels, counts }) => ({
          labels,
          points: aligned(counts, query),
        }));
      },
      async distributions(): Promise<never[]> {
        return [];
      },
      async gauges(query): Promise<Series<number>[]> {
        fake.queries.push(query);
        if (fake.broken) throw fake.broken;
        return (series.get(query.filter) ?? []).map(({ labels, counts }) => ({
          labels,
          points: [...counts].map(([end, value]) => ({ end, value })).filter(({ end }) => end > query.from),
        }));
      },
    } satisfies MonitoringRead,
  };
  return fake;
}

function aligned(counts: Map<number, number>, { from, periodSeconds }: SeriesQuery): { end: number; value: number }[] {
  const period = periodSeconds * 1000;
  const sums = new Map<number, number>();
  for (const [end, count] of counts) {
    // This source ignores the end of the interval, as one with a wrong clock would.
    const aligned = Math.ceil(end / period) * period;
    if (aligned > from) sums.set(aligned, (sums.get(aligned) ?? 0) + count);
  }
  return [...sums].map(([end, value]) => ({ end, value })).sort((a, b) => a.end - b.end);
}

/** Stored hours in memory, as PostgreSQL would keep them, and cursors. */
export function fakeStore(): SloHours & { cursors: CursorStore } {
  const rows = new Map<string, CountedRow>();
  const events = new Map<string, CountedRow>();
  const cursors = new Map<string, unknown>();
  const indicators = new Map<string, string>();
  return {
    hours: async (slos, fromHour) => hoursOf(rows, slos, fromHour),
    eventHours: async (slos, fromHour) => hoursOf(events, slos, fromHour),
    async saveHours(hours) {
      for (const { slo, ...row } of hours) rows.set(`${slo} ${row.hour}`, row);
    },
    async saveEventHours(hours) {
      for (const { slo, ...row } of hours) events.set(`${slo} ${row.hour}`, row);
    },
    indicators: async () => new Map(indicators),
    async adoptIndicators(found) {
      for (const { slo, indicator } of found) indicators.set(slo, indicators.get(slo) ?? indicator);
    },
    async beginAnew(slo, indicator) {
      for (const table of [rows, events])
        for (const key of table.keys()) if (key.startsWith(`${slo} `)) table.delete(key);
      indicators.set(slo, indicator);
    },
    async blankHours(slo, counted) {
      for (const [key, row] of rows)
        if (key.startsWith(`${slo} `) && row.counted !== counted)
          rows.set(key, { ...row, bad: 0, total: 0, known: 0, minutes: null });
    },
    async forgetOtherHours(slo, counted, kept) {
      for (const [key, row] of rows) if (key.startsWith(`${slo} `) && row.counted !== counted) rows.delete(key);
      for (const [key, row] of events) if (key.startsWith(`${slo} `) && row.counted !== kept) events.delete(key);
    },
    cursors: {
      async get<T>(name: string) {
        return (cursors.get(name) as T | undefined) ?? null;
      },
      async set(name, value) {
        cursors.set(name, value);
      },
    },
  };
}

function hoursOf(
  rows: ReadonlyMap<string, CountedRow>,
  slos: readonly string[],
  fromHour: number,
): Map<string, CountedRow[]> {
  const of = (slo: string) =>
    [...rows]
      .filter(([key, row]) => key.startsWith(`${slo} `) && row.hour >= fromHour)
      .map(([, row]) => row)
      .sort((a, b) => a.hour - b.hour);
  return new Map(slos.map((slo) => [slo, of(slo)] as const).filter(([, found]) => found.length > 0));
}

/** Ends of the minutes in (from, to]. */
export function ends(from: number, to: number): number[] {
  return Array.from({ length: (to - from) / minuteMs }, (_, i) => from + (i + 1) * minuteMs);
}
