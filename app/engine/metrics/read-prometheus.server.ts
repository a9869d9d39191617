import { setImmediate } from 'node:timers/promises';
import type { PrometheusRead, ReadCounter } from '../../clients/prometheus/port.ts';
import { isTooMuch } from '../../clients/prometheus/read.server.ts';
import { countPicked, type OrderedSeries } from '../../domain/prometheus/count-minutes.ts';
import { newPicker, type Picker } from '../../domain/prometheus/picker.ts';
import { type CounterTape, newTape, record, trim } from '../../domain/prometheus/tape.ts';
import { sumBetween, sumUp } from '../../domain/slo/minute-counts.ts';
import { hourMs, minuteMs } from '../../domain/slo/series.ts';
import type { PrometheusBatch } from './plan-prometheus.ts';
import type { Counts } from './read-minutes.server.ts';

/** This much of every counter is held: what a usual distance between readings is shows in it. */
const tapeMs = hourMs;
/** Minutes before a piece that its first readings may still complete. */
const overlapMs = 10 * minuteMs;
/** A counter that had no reading for so long begins anew with the next one. */
const forgottenMs = 25 * hourMs;
/** Readings that one answer is to hold, about 5 MB. */
const goodPiece = 200_000;
/** Minutes that are counted at once, of all SLOs together. */
const mostMinutes = 300_000;
const firstPieceMs = hourMs;
const leastPieceMs = 5 * minuteMs;
const mostPieceMs = 24 * hourMs;
const readsAtOnce = 8;
/** SLOs that are counted, and counters that are picked, before others get their turn: the word that this process lives must not wait for thousands. */
const doneAtOnce = 200;

/** Minutes of every SLO up to `to` (ms); those that nothing measured are left out. */
export interface CountedPiece {
  to: number;
  bySlo: Map<string, Counts>;
}

interface Stretch {
  from: number;
  to: number;
  signal?: AbortSignal;
}

/** What is held of a batch between cycles. */
interface Held {
  tape: CounterTape;
  /** From here on (ms), and up to here, every reading was seen. */
  since: number;
  to: number;
  /** What the selectors of a plan found on the tape. */
  picked: { of: PrometheusBatch['slos']; picker: Picker } | null;
}

/** Reads counters piece by piece and counts them by the rules of `countMinutes`, whatever the pieces are. */
export interface PrometheusReader {
  /** The minutes of (from, to], oldest first; what a later cycle goes on from is held. */
  minutes(batch: PrometheusBatch, stretch: Stretch): AsyncGenerator<CountedPiece>;
  /** The same of a stretch of the past, of which nothing is held. */
  past(batch: PrometheusBatch, stretch: Stretch): AsyncGenerator<CountedPiece>;
  /** Lets go of what is held of any other batch. */
  keep(keys: ReadonlySet<string>): void;
}

/** A reader that holds the last hour of counters in memory. */
export function createPrometheusReader(prometheus: PrometheusRead): PrometheusReader {
  const held = new Map<string, Held>();
  const paces = new Map<string, number>();

  async function readAll({ selectors, source, url }: PrometheusBatch, stretch: Stretch): Promise<ReadCounter[]> {
    const found: ReadCounter[] = [];
    for (let i = 0; i < selectors.length; i += readsAtOnce) {
      const part = selectors.slice(i, i + readsAtOnce);
      const answers = await Promise.all(
        part.map((selector) => prometheus.counters({ source, url, selector, ...stretch })),
      );
      for (const answer of answers) found.push(...answer);
    }
    return found;
  }

  /** Reads on from `start`, in pieces as long as answers stay small, and counts those that end after `from`. */
  async function* walk(batch: PrometheusBatch, own: Held, start: number, { from, to, signal }: Stretch) {
    for (let at = start; at < to; ) {
      const most = Math.max(leastPieceMs, floor((mostMinutes / batch.slos.length) * minuteMs, minuteMs));
      const pace = Math.min(most, paces.get(batch.key) ?? firstPieceMs);
      const until = Math.min(to, at + pace);
      let read: ReadCounter[];
      try {
        read = await readAll(batch, { from: at, to: until, signal });
      } catch (error) {
        if (!isTooMuch(error) || pace <= leastPieceMs) throw error;
        paces.set(batch.key, Math.max(leastPieceMs, floor(pace / 4, minuteMs)));
        continue;
      }
      if (until - at >= leastPieceMs) paces.set(batch.key, nextPace(read, until - at));
      const came = record(own.tape, read);
      const picker = await pick(batch, own, came);
      if (until > from) yield await count(batch, picker, Math.max(from, at - overlapMs), until);
      picker.remove(trim(own.tape, until - tapeMs, until - forgottenMs));
      at = until;
    }
  }

  return {
    async *minutes(batch, stretch) {
      const { from } = stretch;
      const known = held.get(batch.key);
      const goesOn = known !== undefined && from - overlapMs >= known.since && from <= known.to;
      // Further back than what is held, or not next to it: begun anew, with an hour before it to see what grew and what was born.
      const own = goesOn ? known : { tape: newTape(), since: from - tapeMs, to: from, picked: null };
      if (!goesOn) held.delete(batch.key);
      for await (const answer of walk(batch, own, goesOn ? from : own.since, stretch)) {
        own.since = Math.max(own.since, answer.to - tapeMs);
        own.to = answer.to;
        held.set(batch.key, own);
        yield answer;
      }
    },
    past(batch, stretch) {
      const own: Held = { tape: newTape(), since: stretch.from - tapeMs, to: stretch.from, picked: null };
      return walk(batch, own, own.since, stretch);
    },
    keep(keys) {
      for (const map of [held, paces]) for (const key of map.keys()) if (!keys.has(key)) map.delete(key);
    },
  };
}

/** Picks what came for the SLOs of a batch; all that is held, where they are others than before. */
async function pick({ slos, sides }: PrometheusBatch, own: Held, came: readonly OrderedSeries[]): Promise<Picker> {
  const same = own.picked?.of === slos ? own.picked.picker : null;
  const picker = same ?? newPicker(new Map(slos.flatMap(({ id }) => (sides.has(id) ? [[id, sides.get(id)!]] : []))));
  const news = same ? came : [...own.tape.series.values()];
  for (let at = 0; at < news.length; at += doneAtOnce) {
    if (at > 0) await setImmediate();
    picker.add(news.slice(at, at + doneAtOnce));
  }
  own.picked = { of: slos, picker };
  return picker;
}

/** Counts the minutes of (from, to] of every SLO. */
async function count(batch: PrometheusBatch, picker: Picker, from: number, to: number): Promise<CountedPiece> {
  const [first, end] = [from / minuteMs, to / minuteMs];
  const bySlo = new Map<string, Counts>();
  for (const [index, { id }] of batch.slos.entries()) {
    if (index % doneAtOnce === doneAtOnce - 1) await setImmediate();
    const sides = batch.sides.get(id);
    if (!sides) continue;
    // What grew in a minute before that is not known as a whole counts in the next known one.
    const sums = sumUp(countPicked(picker.of(id), sides.counted, first - tapeMs / minuteMs, end));
    const counts: Counts = new Map();
    for (let minute = first; minute < end; minute++) {
      const one = sumBetween(sums, minute, minute + 1);
      if (one.known > 0) counts.set((minute + 1) * minuteMs, one);
    }
    bySlo.set(id, counts);
  }
  return { to, bySlo };
}

function nextPace(read: readonly ReadCounter[], spanMs: number): number {
  const readings = read.reduce((sum, { times }) => sum + times.length, 0);
  const pace = readings === 0 ? mostPieceMs : floor((spanMs * goodPiece) / readings, minuteMs);
  return Math.min(mostPieceMs, Math.max(leastPieceMs, pace));
}

function floor(ms: number, unit: number): number {
  return Math.floor(ms / unit) * unit;
}
