import type { MonitoringRead } from '../../clients/cloud-monitoring/port.ts';
import type { PrometheusRead } from '../../clients/prometheus/port.ts';
import type { Catalog } from '../../domain/catalog.ts';
import { hourMs, type MinuteSeries, minuteMs, newestKnownMinute } from '../../domain/slo/series.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { isBlind, type SourceState, unread } from '../../domain/slo/source-state.ts';
import type { CursorStore } from '../../stores/cursors.server.ts';
import type { SloHours } from '../../stores/slo/slo-hours.server.ts';
import { readFailureText } from '../given-up.ts';
import { inParallel } from '../in-parallel.ts';
import { type BatchState, isReadOf, listen, newBatchState } from './batch-state.ts';
import { createCounterCollection } from './collect-prometheus.server.ts';
import { fillGauge, fillMinutes } from './fill.ts';
import {
  type DirtyHours,
  fillCounts,
  type HeldCounts,
  loadCounts,
  saveCounts,
  stillCounts,
} from './held-counts.server.ts';
import { readHistory } from './history.server.ts';
import { piecesOf } from './pieces.ts';
import { type PrometheusBatch, planPrometheus } from './plan-prometheus.ts';
import { planReads, type ReadBatch } from './plan-reads.ts';
import { type BatchAnswer, readBatch } from './read-minutes.server.ts';
import { createRereads } from './rereads.server.ts';
import { silentCounters } from './silent-counters.ts';

/** Points may come this late: the tail that every read asks for again. */
const tailMs = 10 * minuteMs;
/** Once a day, and after the source was silent, this much is read again for what came later still. */
const rereadMs = 25 * hourMs;
const keptMinutesMs = 3 * 24 * hourMs + 2 * hourMs;
const keptHours = 35 * 24;
const readsAtOnce = 4;
/** SLOs whose stored hours one query loads, about 18 MB of text, and queries at once. */
const loadedAtOnce = 100;
const loadsAtOnce = 3;
/** A cycle waits this long for its reads (wall), so that a stalled source does not hold up the others' evaluation. */
const cycleDeadlineMs = 20_000;
const historyDeadlineMs = 180_000;

/** Buckets of the SLOs in memory, filled from PostgreSQL once and from the source whenever new points are due. */
export interface Collector {
  /**
   * Reads what is new for every SLO of the catalog whose batch (by its key) is ours, and forgets all others; failures are
   * kept per SLO, not thrown.
   */
  collect(
    catalog: Pick<Catalog, 'slos'>,
    now: number,
    signal: AbortSignal,
    isOurs?: (batch: string) => boolean,
  ): Promise<void>;
  /** What counts against the budget: events, or slices. Null where the SLO is not ours, or what is stored of it could not be read. */
  series(slo: string): MinuteSeries | null;
  /** The events themselves. */
  events(slo: string): MinuteSeries | null;
  source(slo: string): SourceState;
  /** Takes up what another process found of a source that this one could not read yet: an outage goes on where that one left it. */
  recall(slo: string, found: SourceState): void;
  /** Keys of those batches of ours whose stored counts could not be loaded. */
  unloaded(): string[];
}

type AnyBatch = ReadBatch | PrometheusBatch;

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
  const rereads = createRereads(cursors);
  let ours: readonly AnyBatch[] = [];
  const counters = createCounterCollection(prometheus, cursors, async (dirty) => {
    await saveCounts(store, heldOf(all, dirty));
  });
  /** The plan of a catalog stays the same until another is in force. */
  let plan: { slos: readonly Slo[]; batches: AnyBatch[] } | null = null;

  /** What is held of a batch's SLOs; what this process does not have yet comes from PostgreSQL. */
  async function load(batch: AnyBatch, now: number): Promise<Map<string, HeldCounts>> {
    const fromHour = Math.floor(now / hourMs) - keptHours;
    const missing = batch.slos.filter((slo) => !stillCounts(all.get(slo.id), slo));
    const parts = Array.from({ length: Math.ceil(missing.length / loadedAtOnce) }, (_, part) =>
      missing.slice(part * loadedAtOnce, (part + 1) * loadedAtOnce),
    );
    await inParallel(parts, loadsAtOnce, async (slos) => {
      for (const [id, held] of await loadCounts(store, slos, fromHour, now)) all.set(id, held);
    });
    return new Map(batch.slos.map(({ id }) => [id, all.get(id)!]));
  }

  /** What became another process's, or was taken out of the catalog: others write it, and what we hold grows old. */
  function forget(): void {
    const slos = new Set(ours.flatMap((batch) => batch.slos.map(({ id }) => id)));
    const keys = new Set(ours.map(({ key }) => key));
    for (const id of [...all.keys(), ...sources.keys(), ...asked]) {
      if (slos.has(id)) continue;
      all.delete(id);
      sources.delete(id);
      asked.delete(id);
    }
    for (const key of batches.keys()) if (!keys.has(key)) batches.delete(key);
    rereads.keep(keys);
    counters.keep(keys, slos);
  }

  async function collectBatch(batch: ReadBatch, now: number, reread: boolean, signal: AbortSignal): Promise<void> {
    const state = batches.get(batch.key) ?? newBatchState();
    batches.set(batch.key, state);
    if (!reread && isReadOf(batch, state, now)) return;
    state.read = null;
    const to = floor(now, minuteMs);
    const farthest = floor(now - keptMinutesMs, hourMs);
    const held = await load(batch, now);
    const known = [...held].map(([id, { events }]) => ({ id, minute: newestKnownMinute(events, to / minuteMs) }));
    const ends = known.flatMap(({ minute }) => (minute === null ? [] : [(minute + 1) * minuteMs]));
    const isNew = known.some(({ id, minute }) => minute === null && !asked.has(id));
    const isRecounted = [...held.values()].some((one) => one.isRecounted);
    const needsHistory = isNew || isRecounted || ends.some((end) => end < farthest);
    const signals = AbortSignal.any([signal, AbortSignal.timeout(needsHistory ? historyDeadlineMs : cycleDeadlineMs)]);
    const range = { from: floor(now, hourMs) - keptHours * hourMs, to: farthest, signal: signals };
    if (needsHistory)
      for (const [id, hours] of await readHistory(monitoring, batch, held, range)) mark(state.dirty, id, hours);
    const tail = Math.min(to, ...ends) - tailMs;
    const back = reread || state.looksBack ? Math.min(tail, to - rereadMs) : tail;
    let from = needsHistory ? farthest : Math.max(back, farthest);
    for (const piece of piecesOf({ from, to, periodSeconds: 60 }, batch)) {
      const answer = await readBatch(monitoring, batch, { ...piece, from, signal: signals });
      take(batch, held, state, answer, { now, from, isLast: piece.to === to });
      // What is empty at the end of a piece is judged with what comes after it.
      from = Math.min(piece.to, answer.newest ?? from);
    }
    await save(held, state);
    if (!state.isSilent && !state.looksBack) state.read = { at: now, batch };
  }

  /** Puts an answer about minutes into the counts; the last of a cycle says how the source is. */
  function take(
    batch: ReadBatch,
    held: ReadonlyMap<string, HeldCounts>,
    state: BatchState,
    answer: BatchAnswer,
    { now, from, isLast }: { now: number; from: number; isLast: boolean },
  ): void {
    if (answer.dropped > 0) onDropped(answer.dropped);
    const silentFrom = isLast ? listen(state, answer, now) : null;
    if (isLast) {
      const settle = Math.max(...batch.slos.map((slo) => slo.settle));
      state.isSilent = silentFrom !== null;
      state.looksBack = state.wasBlind && silentFrom === null;
      state.wasBlind = isBlind(silentFrom, settle, now) || (state.wasBlind && silentFrom !== null);
    }
    for (const slo of batch.slos) {
      const one = held.get(slo.id);
      const counts = answer.bySlo.get(slo.id);
      if (!one || !counts) continue;
      const trustedTo = isBlind(silentFrom, slo.settle, now) ? (silentFrom ?? 0) - slo.settle : Infinity;
      mark(
        state.dirty,
        slo.id,
        fillCounts(one, (events) =>
          slo.indicator.kind === 'gauge'
            ? fillGauge(events, counts)
            : fillMinutes(events, counts, answer, { from, trustedTo }),
        ),
      );
      if (!isLast) continue;
      asked.add(slo.id);
      sources.set(slo.id, { readAt: now, error: null, errorAt: null, silentFrom });
    }
  }

  /** Stores what changed; what could not be stored is tried again with the next change. */
  async function save(held: ReadonlyMap<string, HeldCounts>, { dirty }: BatchState): Promise<void> {
    const changed = heldOf(held, dirty);
    await saveCounts(store, changed);
    for (const { slo, held: one } of changed) await forgetOther(slo, one);
    dirty.clear();
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
    const held = await load(batch, now);
    const reach = {
      now,
      farthest: floor(now - keptMinutesMs, hourMs),
      oldest: floor(now, hourMs) - keptHours * hourMs,
      tail: reread ? rereadMs : tailMs,
      again: reread,
    };
    const isRead = await counters.collect(batch, held, reach, signal);
    for (const { id } of batch.slos) {
      const one = held.get(id);
      if (!one) continue;
      await forgetOther(id, one);
      const { readAt, silentFrom } = sources.get(id) ?? unread;
      sources.set(id, { readAt: isRead ? now : (readAt ?? now), error: null, errorAt: null, silentFrom });
    }
  }

  /** Says of counters how they are once those of all batches are read: what a server does not read is judged by what it does. */
  function listenToCounters(now: number): void {
    const counted = ours.filter((batch) => 'sides' in batch);
    for (const [id, silentFrom] of silentCounters(counted, (slo) => all.get(slo)?.events ?? null, now)) {
      const source = sources.get(id);
      if (source?.error === null) sources.set(id, { ...source, silentFrom });
    }
  }

  return {
    async collect({ slos }, now, signal, isOurs = () => true) {
      if (plan?.slos !== slos) plan = { slos, batches: [...planReads(slos), ...planPrometheus(slos)] };
      ours = plan.batches.filter(({ key }) => isOurs(key));
      forget();
      await rereads.plan(ours, now, sources.size === 0);
      await inParallel(ours, readsAtOnce, async (batch) => {
        const isDue = rereads.isDue(batch.key, now);
        try {
          if ('sides' in batch) await collectCounters(batch, now, isDue, signal);
          else await collectBatch(batch, now, isDue, signal);
          if (isDue) await rereads.succeeded(batch.key);
        } catch (error) {
          if (isDue) rereads.failed(batch.key, now);
          for (const { id } of batch.slos) fail(id, readFailureText(error, cycleDeadlineMs), now);
          const state = batches.get(batch.key);
          if (state) state.wasBlind ||= batch.slos.some(({ id }) => now - (sources.get(id)?.errorAt ?? now) >= tailMs);
        }
      });
      listenToCounters(now);
    },
    series: (slo) => all.get(slo)?.series ?? null,
    events: (slo) => all.get(slo)?.events ?? null,
    source: (slo) => sources.get(slo) ?? unread,
    recall(slo, found) {
      const own = sources.get(slo);
      if (!own?.error || own.readAt !== null || (found.error === null && found.silentFrom === null)) return;
      sources.set(slo, { ...found, error: own.error, errorAt: found.errorAt ?? own.errorAt });
    },
    unloaded: () => ours.filter(({ slos }) => slos.some(({ id }) => !all.has(id))).map(({ key }) => key),
  };

  function fail(slo: string, error: string, now: number): void {
    const before = sources.get(slo) ?? unread;
    sources.set(slo, { ...before, error, errorAt: before.errorAt ?? now });
  }
}

/** Changed hours with the counts that they are of; an SLO that is not held any more is left out. */
function heldOf(all: ReadonlyMap<string, HeldCounts>, dirty: ReadonlyMap<string, DirtyHours>) {
  return [...dirty].flatMap(([slo, hours]) => {
    const held = all.get(slo);
    return held ? [{ slo, held, dirty: hours }] : [];
  });
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
