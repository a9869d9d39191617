import type { MonitoringRead } from '../../clients/cloud-monitoring/port.ts';
import type { Catalog } from '../../domain/catalog.ts';
import {
  createSeries,
  hourMs,
  hourRow,
  loadHour,
  type MinuteSeries,
  minuteMs,
  newestKnownMinute,
  setMinute,
  windowSums,
} from '../../domain/slo/series.ts';
import type { SloWriter } from '../../stores/slos.server.ts';
import { planReads, type SharedRead } from './plan-reads.ts';
import { readCounts, type SloCounts } from './read-minutes.server.ts';

/** Points may come this late: the tail that every cycle reads again. */
const tailMs = 10 * minuteMs;
const keptMinutesMs = 3 * 24 * hourMs + 2 * hourMs;
const keptHours = 35 * 24;

/** What one cycle learned of an SLO's source. */
export interface SourceState {
  readAt: number | null;
  error: string | null;
  errorAt: number | null;
}

/** Buckets of all SLOs in memory, filled from PostgreSQL once and from the source each cycle. */
export interface Collector {
  /** Reads what is new for every SLO of the catalog; failures are kept per SLO, not thrown. */
  collect(catalog: Catalog, now: number, signal: AbortSignal): Promise<void>;
  series(slo: string): MinuteSeries | null;
  source(slo: string): SourceState;
}

export function createCollector(monitoring: MonitoringRead, store: SloWriter): Collector {
  const all = new Map<string, MinuteSeries>();
  const sources = new Map<string, SourceState>();

  async function load(slo: string, now: number): Promise<MinuteSeries> {
    const found = all.get(slo);
    if (found) return found;
    const series = createSeries();
    for (const row of await store.hours(slo, Math.floor(now / hourMs) - keptHours)) loadHour(series, row.hour, row);
    all.set(slo, series);
    return series;
  }

  async function collectRead(read: SharedRead, now: number, signal: AbortSignal): Promise<void> {
    const slos = [...new Set(read.parts.map(({ slo }) => slo.id))];
    const newest = await Promise.all(
      slos.map(async (slo) => newestKnownMinute(await load(slo, now), Math.ceil(now / minuteMs))),
    );
    const oldest = newest.some((minute) => minute === null) ? null : Math.min(...(newest as number[]));
    const to = floor(now, minuteMs);
    const from = Math.max(oldest === null ? 0 : (oldest + 1) * minuteMs - tailMs, floor(now - keptMinutesMs, hourMs));
    const dirty = new Map<string, Set<number>>();
    if (oldest === null || (oldest + 1) * minuteMs < from) {
      const first = floor(now, hourMs) - keptHours * hourMs;
      const history = await readCounts(monitoring, read, {
        from: first,
        to: floor(from, hourMs),
        periodSeconds: 3600,
        signal,
      });
      for (const part of history) putHours(part, dirty);
    }
    for (const part of await readCounts(monitoring, read, { from, to, periodSeconds: 60, signal })) {
      putMinutes(part, from, dirty);
    }
    for (const [slo, hours] of dirty) {
      const series = all.get(slo);
      if (series)
        await store.saveHours(
          slo,
          [...hours].sort((a, b) => a - b).map((hour) => hourRow(series, hour)),
        );
    }
  }

  function putHours({ slo, counts }: SloCounts, dirty: Map<string, Set<number>>): void {
    const series = all.get(slo);
    if (!series) return;
    for (const [end, { bad, total }] of counts) {
      const hour = Math.floor((end - 1) / hourMs);
      loadHour(series, hour, { bad, total, known: 60, minutes: null });
      mark(dirty, slo, hour);
    }
  }

  /** A minute without a point counts 0 where the shared read has a newer one: the source is alive. */
  function putMinutes({ slo, counts, newest }: SloCounts, from: number, dirty: Map<string, Set<number>>): void {
    const series = all.get(slo);
    if (!series || newest === null) return;
    for (let end = from + minuteMs; end <= newest; end += minuteMs) {
      const { bad, total } = counts.get(end) ?? { bad: 0, total: 0 };
      const minute = end / minuteMs - 1;
      const held = windowSums(series, minute + 1, 1);
      if (held.known === 1 && held.bad === bad && held.total === total) continue;
      if (setMinute(series, minute, bad, total)) mark(dirty, slo, Math.floor(minute / 60));
    }
  }

  return {
    async collect(catalog, now, signal) {
      for (const read of planReads(catalog.slos)) {
        const ids = [...new Set(read.parts.map(({ slo }) => slo.id))];
        try {
          await collectRead(read, now, signal);
          for (const id of ids) sources.set(id, { readAt: now, error: null, errorAt: null });
        } catch (error) {
          for (const id of ids) {
            sources.set(id, { readAt: sources.get(id)?.readAt ?? null, error: (error as Error).message, errorAt: now });
          }
        }
      }
    },
    series: (slo) => all.get(slo) ?? null,
    source: (slo) => sources.get(slo) ?? { readAt: null, error: null, errorAt: null },
  };
}

function mark(dirty: Map<string, Set<number>>, slo: string, hour: number): void {
  const hours = dirty.get(slo) ?? new Set();
  dirty.set(slo, hours.add(hour));
}

function floor(ms: number, unit: number): number {
  return Math.floor(ms / unit) * unit;
}
