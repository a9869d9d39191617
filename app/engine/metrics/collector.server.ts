import type { MonitoringRead } from '../../clients/cloud-monitoring/port.ts';
import type { PrometheusRead } from '../../clients/prometheus/port.ts';
import type { Catalog } from '../../domain/catalog.ts';
import { countedAs } from '../../domain/slo/counted-as.ts';
import { hourMs, type MinuteSeries, minuteMs, newestKnownMinute } from '../../domain/slo/series.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import type { CursorStore } from '../../stores/cursors.server.ts';
import type { SloHours } from '../../stores/slo-hours.server.ts';
import { readFailureText } from '../given-up.ts';
import { inParallel } from '../in-parallel.ts';
import { createCounterCollection, silentSince } from './collect-prometheus.server.ts';
import { fillGauge, fillMinutes, isSilence } from './fill.ts';
import { type DirtyHours, fillCounts, type HeldCounts, loadCounts, saveCounts } from './held-counts.server.ts';
import { readHistory } from './history.server.ts';
import { type PrometheusBatch, planPrometheus } from './plan-prometheus.ts';
import { planReads, type ReadBatch } from './plan-reads.ts';
import { type BatchAnswer, readBatch } from './read-minutes.server.ts';

/** Points may come this late: the tail that every cycle reads again. */
const tailMs = 10 * minuteMs;
/** Once a day, and after the source was silent, this much is read again for what came later still. */
const rereadMs = 25 * hourMs;
const rereadEveryMs = 24 * hourMs;
const keptMinutesMs = 3 * 24 * hourMs + 2 * hourMs;
const keptHours = 35 * 24;
const readsAtOnce = 4;
/** A cycle waits this long for its reads (wall), so that a stalled source does not hold up the others' evaluation. */
const cycleDeadlineMs = 20_000;
const historyDeadlineMs = 180_000;
/** Within two cycles news is expected; a shorter pause says nothing. */
const pauseMs = 30_000;
const rereadCursor = 'metrics-reread';

/** What is known of an SLO's source. Times data ms. */
export interface SourceState {
  /** Last successful read. */
  readAt: number | null;
  /** What the last failure said; null after a success. */
  error: string | null;
  /** When the present row of failures began. */
  errorAt: number | null;
  /** Since when no point has come although many were due; null while they come. */
  silentFrom: number | null;
}

/** Buckets of all SLOs in memory, filled from PostgreSQL once and from the source each cycle. */
export interface Collector {
  /** Reads what is new for every SLO of the catalog; failures are kept per SLO, not thrown. */
  collect(catalog: Pick<Catalog, 'slos'>, now: number, signal: AbortSignal): Promise<void>;
  /** What counts against the budget: events, or slices. */
  series(slo: string): MinuteSeries | null;
  /** The events themselves. */
  events(slo: string): MinuteSeries | null;
  source(slo: string): SourceState;
}

/** What is remembered of a batch between cycles. */
interface BatchState {
  signature: string | null;
  /** When a point last came or moved. */
  newsAt: number | null;
  rate: number;
  /** Nothing came for so long that, when it ends, more than the tail may have come. */
  wasBlind: boolean;
  /** It has just ended: the last cycle filled what pages need, this one looks further back. */
  looksBack: boolean;
}

const unread: SourceState = { readAt: null, error: null, errorAt: null, silentFrom: null };

/** A silent source's minutes are incomplete from here back by `settle`; by then their last points were due. */
export function isBlind(silentFrom: number | null, settle: number, now: number): boolean {
  return silentFrom !== null && now - silentFrom > settle + minuteMs;
}

export function createCollector(
  { monitoring, prometheus }: { monitoring: MonitoringRead; prometheus: PrometheusRead },
  store: SloHours,
  cursors: CursorStore,
  onDropped: (points: number) => void = () => undefined,
): Collector {
  const all = new Map<string, HeldCounts>();
  const sources = new Map<string, SourceState>();
  const batches = new Map<string, BatchState>();
  /** SLOs whose history was asked for: one that has none is not asked again each cycle. */
  const asked = new Set<string>();
  let rereadAt: number | null = null;
  let planned: { slos: readonly Slo[]; batches: (ReadBatch | PrometheusBatch)[] } | null = null;
  const counters = createCounterCollection(prometheus, cursors, async (slo, dirty) => {
    const held = all.get(slo);
    if (held) await saveCounts(store, slo, held, dirty);
  });

  /** The reads of a catalog, planned once as long as it is the same. */
  function plan(slos: readonly Slo[]): readonly (ReadBatch | PrometheusBatch)[] {
    if (planned?.slos === slos) return planned.batches;
    planned = { slos, batches: [...planReads(slos), ...planPrometheus(slos)] };
    counters.keep(new Set(planned.batches.map(({ key }) => key)));
    return planned.batches;
  }

  async function load(slo: Slo, now: number): Promise<HeldCounts> {
    const found = all.get(slo.id);
    if (found && found.counted === countedAs(slo)) return found;
    const held = await loadCounts(store, slo, Math.floor(now / hourMs) - keptHours);
    all.set(slo.id, held);
    return held;
  }

  async function collectBatch(batch: ReadBatch, now: number, reread: boolean, signal: AbortSignal): Promise<void> {
    const state = batches.get(batch.key) ?? {
      signature: null,
      newsAt: null,
      rate: 0,
      wasBlind: false,
      looksBack: false,
    };
    const to = floor(now, minuteMs);
    const farthest = floor(now - keptMinutesMs, hourMs);
    const held = new Map(await Promise.all(batch.slos.map(async (slo) => [slo.id, await load(slo, now)] as const)));
    const known = [...held].map(([id, { events }]) => ({ id, minute: newestKnownMinute(events, to / minuteMs) }));
    const ends = known.flatMap(({ minute }) => (minute === null ? [] : [(minute + 1) * minuteMs]));
    const isNew = known.some(({ id, minute }) => minute === null && !asked.has(id));
    const isRecounted = [...held.values()].some((one) => one.isRecounted);
    const needsHistory = isNew || isRecounted || ends.some((end) => end < farthest);
    const signals = AbortSignal.any([signal, AbortSignal.timeout(needsHistory ? historyDeadlineMs : cycleDeadlineMs)]);
    const range = { from: floor(now, hourMs) - keptHours * hourMs, to: farthest, signal: signals };
    const dirty: Map<string, DirtyHours> = needsHistory ? await readHistory(monitoring, batch, held, range) : new Map();
    const tail = Math.min(to, ...ends) - tailMs;
    const back = reread || state.looksBack ? Math.min(tail, to - rereadMs) : tail;
    const from = needsHistory ? farthest : Math.max(back, farthest);
    const answer = await readBatch(monitoring, batch, { from, to, periodSeconds: 60, signal: signals });
    if (answer.dropped > 0) onDropped(answer.dropped);

    const silentFrom = listen(state, answer, now);
    const settle = Math.max(...batch.slos.map((slo) => slo.settle));
    state.looksBack = state.wasBlind && silentFrom === null;
    state.wasBlind = isBlind(silentFrom, settle, now) || (state.wasBlind && silentFrom !== null);
    batches.set(batch.key, state);
    for (const slo of batch.slos) {
      const one = held.get(slo.id);
      const counts = answer.bySlo.get(slo.id);
      if (!one || !counts) continue;
      const trustedTo = isBlind(silentFrom, slo.settle, now) ? (silentFrom ?? 0) - slo.settle : Infinity;
      mark(
        dirty,
        slo.id,
        fillCounts(one, (events) =>
          slo.indicator.kind === 'gauge'
            ? fillGauge(events, counts)
            : fillMinutes(events, counts, answer, { from, trustedTo }),
        ),
      );
      asked.add(slo.id);
      sources.set(slo.id, { readAt: now, error: null, errorAt: null, silentFrom });
    }
    for (const [id, hours] of dirty) {
      const one = held.get(id);
      if (!one) continue;
      await saveCounts(store, id, one, hours);
      await forgetOther(id, one);
    }
  }

  async function forgetOther(slo: string, held: HeldCounts): Promise<void> {
    if (!held.isRecounted) return;
    await store.forgetOtherHours(slo, held.counted, held.slices ? held.eventsCounted : undefined);
    held.isRecounted = false;
  }

  async function collectCounters(
    batch: PrometheusBatch,
    now: number,
    reread: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const held = new Map(await Promise.all(batch.slos.map(async (slo) => [slo.id, await load(slo, now)] as const)));
    const reach = {
      now,
      farthest: floor(now - keptMinutesMs, hourMs),
      oldest: floor(now, hourMs) - keptHours * hourMs,
      tail: reread ? rereadMs : tailMs,
      again: reread,
    };
    const isRead = await counters.collect(batch, held, reach, signal);
    for (const { id, settle } of batch.slos) {
      const one = held.get(id);
      if (!one) continue;
      await forgetOther(id, one);
      const readAt = isRead ? now : (sources.get(id)?.readAt ?? now);
      sources.set(id, { readAt, error: null, errorAt: null, silentFrom: silentSince(one.events, settle, now) });
    }
  }

  async function isRereadDue(now: number): Promise<boolean> {
    rereadAt ??= await cursors.get<number>(rereadCursor);
    if (rereadAt !== null && now - rereadAt < rereadEveryMs) return false;
    // A process that has just come up is first right about now.
    const first = sources.size === 0;
    if (rereadAt !== null && first) return false;
    rereadAt = now;
    await cursors.set(rereadCursor, now);
    return !first;
  }

  return {
    async collect(catalog, now, signal) {
      const reread = await isRereadDue(now);
      await inParallel(plan(catalog.slos), readsAtOnce, async (batch) => {
        try {
          if ('sides' in batch) await collectCounters(batch, now, reread, signal);
          else await collectBatch(batch, now, reread, signal);
        } catch (error) {
          for (const { id } of batch.slos) fail(id, readFailureText(error, cycleDeadlineMs), now);
          const state = batches.get(batch.key);
          if (state) state.wasBlind ||= batch.slos.some(({ id }) => now - (sources.get(id)?.errorAt ?? now) >= tailMs);
        }
      });
    },
    series: (slo) => all.get(slo)?.series ?? null,
    events: (slo) => all.get(slo)?.events ?? null,
    source: (slo) => sources.get(slo) ?? unread,
  };

  function fail(slo: string, error: string, now: number): void {
    const before = sources.get(slo) ?? unread;
    sources.set(slo, { ...before, error, errorAt: before.errorAt ?? now });
  }
}

/** Takes an answer for news; returns since when the source has been silent against expectation, null while it is not. */
function listen(state: BatchState, answer: BatchAnswer, now: number): number | null {
  const isFirst = state.signature === null;
  if (isFirst) {
    // Nothing to compare with: the newest point cannot have come sooner than a minute after its end.
    state.newsAt = answer.newest === null ? null : Math.min(now, answer.newest + minuteMs);
  } else if (answer.signature !== state.signature) state.newsAt = now;
  state.signature = answer.signature;
  if (answer.rate > 0) state.rate = answer.rate;
  const pause = state.newsAt === null ? 0 : now - state.newsAt;
  const silent = pause > pauseMs && isSilence(state.rate, pause / minuteMs);
  return silent ? state.newsAt : null;
}

function mark(dirty: Map<string, DirtyHours>, slo: string, { events, series }: DirtyHours): void {
  const marked = dirty.get(slo);
  if (marked) for (const hour of events) marked.events.add(hour);
  if (marked) for (const hour of series) marked.series.add(hour);
  if (!marked) dirty.set(slo, { events, series });
}

function floor(ms: number, unit: number): number {
  return Math.floor(ms / unit) * unit;
}
