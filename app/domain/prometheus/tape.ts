import type { OrderedSeries } from './count-minutes.ts';

/** A counter as it was read: readings in order of time (ms). */
export interface ReadSeries {
  name: string;
  labels: Readonly<Record<string, string>>;
  times: Float64Array;
  values: Float64Array;
}

/**
 * The last stretch of readings of many counters, with some before it, so that growth, gaps and birth are seen where a later
 * read goes on. A counter stays one object while it is held; `version` moves whenever one comes or goes.
 */
export interface CounterTape {
  series: Map<string, OrderedSeries>;
  version: number;
}

/** A tape without readings. */
export function newTape(): CounterTape {
  return { series: new Map(), version: 0 };
}

/** Puts what was read after `from` (ms) in the place of what is held after it: reading twice changes nothing. */
export function record(tape: CounterTape, read: readonly ReadSeries[], from: number): void {
  const fresh = new Map(read.map((one) => [keyOf(one), one]));
  for (const [key, held] of tape.series) {
    const kept = countUpTo(held.times, from);
    const next = fresh.get(key);
    if (kept === held.times.length && !next) continue;
    held.times = joined(held.times.subarray(0, kept), next?.times);
    held.values = joined(held.values.subarray(0, kept), next?.values);
    fresh.delete(key);
  }
  for (const [key, { name, labels, times, values }] of fresh)
    tape.series.set(key, { name, labels, times: times.slice(), values: values.slice(), created: [] });
  tape.version += fresh.size > 0 ? 1 : 0;
}

/** So many readings of a counter are held in any case: what a usual distance between them is shows in them, whatever gap lies among them. */
const leastReadings = 20;

/** Lets go of readings up to `before` (ms) but the last one, and of counters without a reading after `forgotten`. */
export function trim(tape: CounterTape, before: number, forgotten: number): void {
  for (const [key, held] of tape.series) {
    if ((held.times.at(-1) ?? Number.NEGATIVE_INFINITY) <= forgotten) {
      tape.series.delete(key);
      tape.version += 1;
      continue;
    }
    const first = Math.min(countUpTo(held.times, before) - 1, held.times.length - leastReadings);
    if (first <= 0) continue;
    held.times = held.times.slice(first);
    held.values = held.values.slice(first);
  }
}

function keyOf({ name, labels }: ReadSeries): string {
  return JSON.stringify([
    name,
    ...Object.keys(labels)
      .sort()
      .flatMap((label) => [label, labels[label]]),
  ]);
}

function countUpTo(times: Float64Array, at: number): number {
  let count = times.length;
  while (count > 0 && times[count - 1]! > at) count--;
  return count;
}

function joined(a: Float64Array, b: Float64Array = new Float64Array()): Float64Array {
  const all = new Float64Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
