import type { PrometheusRead } from '../../clients/prometheus/port.ts';
import { hourMs, minuteMs, newestKnownMinute } from '../../domain/slo/series.ts';
import type { CursorStore } from '../../stores/cursors.server.ts';
import { fillMeasured } from './fill.ts';
import { type DirtyHours, fillCounts, type HeldCounts } from './held-counts.server.ts';
import { fillPast } from './past-hours.ts';
import type { PrometheusBatch } from './plan-prometheus.ts';
import { createPrometheusReader } from './read-prometheus.server.ts';

/** A cycle waits so long for what is new (wall), and at first, when that is three days, so long. */
const newDeadlineMs = 20_000;
const firstDeadlineMs = 180_000;
/** A cycle goes on with the past for so long (wall), and waits so long for a piece of it. */
const pastSliceMs = 5_000;
const pastDeadlineMs = 20_000;
/** Hours of the past that are read at once: a day of a hundred SLOs. */
const pastHours = 2_400;

/** What is read, ms: minutes from `farthest` on, before that hours from `oldest` on; of what is new the last `tail` each minute, `again` at once. */
export interface Reach {
  now: number;
  farthest: number;
  oldest: number;
  tail: number;
  again: boolean;
}

/** Fills the counts of SLOs from Prometheus-compatible servers. */
export interface CounterCollection {
  /**
   * Reads what is new for every SLO of a batch, then what is left of the past, piece by piece, newest first. Minutes that nothing
   * measured are left as they are. False when no minute has ended since the last time, so that nothing new was asked for. Throws
   * when what is new cannot be read.
   */
  collect(
    batch: PrometheusBatch,
    held: ReadonlyMap<string, HeldCounts>,
    reach: Reach,
    signal: AbortSignal,
  ): Promise<boolean>;
  /** Lets go of what is held of any other batch, and of any other SLO. */
  keep(keys: ReadonlySet<string>, slos: ReadonlySet<string>): void;
}

/** `save` stores what changed, by SLO. Where the past of each is read from is kept in cursors: it is read once. */
export function createCounterCollection(
  prometheus: PrometheusRead,
  cursors: CursorStore,
  save: (dirty: ReadonlyMap<string, DirtyHours>) => Promise<void>,
): CounterCollection {
  const reader = createPrometheusReader(prometheus);
  /** Up to where each SLO is read. */
  const readTo = new Map<string, number>();
  /** SLOs whose past was asked for: one that has none is not asked again each cycle. */
  const asked = new Set<string>();
  /** Back to where each SLO is read; null where that is as far as it goes. */
  const pastFrom = new Map<string, number | null>();

  const cursorOf = (slo: string) => `prometheus-past/${slo}`;

  async function setPast(slo: string, from: number): Promise<void> {
    pastFrom.set(slo, from);
    await cursors.set(cursorOf(slo), from);
  }

  async function readNew(
    batch: PrometheusBatch,
    held: ReadonlyMap<string, HeldCounts>,
    { now, farthest, tail, again }: Reach,
    signal: AbortSignal,
  ): Promise<boolean> {
    const to = Math.floor(now / minuteMs) * minuteMs;
    const ends: number[] = [];
    const fresh: string[] = [];
    for (const [slo, { events, isRecounted }] of held) {
      const newest = newestKnownMinute(events, to / minuteMs);
      const end = newest === null ? null : (newest + 1) * minuteMs;
      const isNew = end === null && !asked.has(slo);
      const isBehind = end !== null && end < farthest && (readTo.get(slo) ?? 0) < farthest;
      if (isRecounted || isNew || isBehind) fresh.push(slo);
      ends.push(readTo.get(slo) ?? end ?? to);
    }
    if (fresh.length === 0 && !again && [...held.keys()].every((slo) => readTo.get(slo) === to)) return false;
    const from = fresh.length > 0 ? farthest : Math.max(farthest, Math.min(to, ...ends) - tail);
    for (const slo of fresh) {
      // Given up half-way, the next cycle goes on from where this one came to.
      readTo.set(slo, from);
      await setPast(slo, farthest);
      asked.add(slo);
    }
    const deadline = AbortSignal.timeout(fresh.length > 0 ? firstDeadlineMs : newDeadlineMs);
    const stretch = { from, to, signal: AbortSignal.any([signal, deadline]) };
    for await (const { to: until, bySlo } of reader.minutes(batch, stretch)) {
      const dirty = new Map<string, DirtyHours>();
      for (const [slo, counts] of bySlo) {
        const one = held.get(slo);
        if (one)
          dirty.set(
            slo,
            fillCounts(one, (events) => fillMeasured(events, counts)),
          );
      }
      await save(dirty);
      for (const slo of held.keys()) readTo.set(slo, Math.max(until, readTo.get(slo) ?? until));
    }
    return true;
  }

  /** One more piece of the past of those SLOs that lack the most; false when nothing is left. */
  async function readPast(
    batch: PrometheusBatch,
    held: ReadonlyMap<string, HeldCounts>,
    oldest: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const behind: { id: string; from: number }[] = [];
    for (const { id } of batch.slos) {
      if (!pastFrom.has(id)) pastFrom.set(id, await cursors.get<number>(cursorOf(id)));
      const from = pastFrom.get(id) ?? null;
      if (from !== null && from > oldest) behind.push({ id, from });
    }
    if (behind.length === 0) return false;
    const to = Math.max(...behind.map(({ from }) => from));
    const slos = batch.slos.filter(({ id }) => behind.some((one) => one.id === id && one.from === to));
    const hours = Math.min(24, Math.max(1, Math.floor(pastHours / slos.length)));
    const others = behind.map(({ from }) => from).filter((from) => from < to);
    const from = Math.max(oldest, to - hours * hourMs, ...others);
    // A slice that reaches over an end of the piece is counted in the hour in which it ends.
    const over = Math.max(0, ...slos.map(({ id }) => held.get(id)?.slices?.minutes ?? 0)) * minuteMs;
    const minutes = new Map(slos.map(({ id }) => [id, new Map<number, { bad: number; total: number }>()]));
    const stretch = { from: from - over, to: to + over, signal };
    for await (const { bySlo } of reader.past({ ...batch, slos }, stretch))
      for (const [id, counts] of bySlo) for (const [end, one] of counts) minutes.get(id)?.set(end, one);
    const dirty = new Map<string, DirtyHours>();
    for (const { id } of slos) {
      const one = held.get(id);
      if (one) dirty.set(id, fillPast(one, minutes.get(id) ?? new Map(), { from, to }));
    }
    await save(dirty);
    for (const { id } of slos) await setPast(id, from);
    return true;
  }

  return {
    async collect(batch, held, reach, signal) {
      const isRead = await readNew(batch, held, reach, signal);
      const slice = AbortSignal.any([signal, AbortSignal.timeout(pastSliceMs)]);
      const last = AbortSignal.any([signal, AbortSignal.timeout(pastSliceMs + pastDeadlineMs)]);
      try {
        while (!slice.aborted && (await readPast(batch, held, reach.oldest, last)));
      } catch {
        // What is new is read, so the SLOs are watched. The failure is counted, and the past asked for again in the next cycle.
      }
      return isRead;
    },
    keep(keys, slos) {
      reader.keep(keys);
      for (const held of [readTo, pastFrom, asked]) for (const slo of held.keys()) if (!slos.has(slo)) held.delete(slo);
    },
  };
}
