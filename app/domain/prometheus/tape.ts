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
 * read goes on. A counter stays one object while it is held.
 */
export interface CounterTape {
  series: Map<string, OrderedSeries>;
}

/** A tape without readings. */
export function newTape(): CounterTape {
  return { series: new Map() };
}

/**
 * Adds readings; of two at one instant the one that was read last counts, so that reading twice changes nothing. A reading that the server
 * no longer has stays: it was true. Returns the counters that were not held before.
 */
export function record(tape: CounterTape, read: readonly ReadSeries[]): OrderedSeries[] {
  const came: OrderedSeries[] = [];
  for (const one of read) {
    const key = keyOf(one);
    const held = tape.series.get(key);
    if (held) merge(held, one);
    else {
      const { name, labels, times, values } = one;
      const fresh = { name, labels, times: times.slice(), values: values.slice(), created: [] };
      tape.series.set(key, fresh);
      came.push(fresh);
    }
  }
  return came;
}

/** So many readings of a counter are held in any case: what a usual distance between them is shows in them, whatever gap lies among them. */
const leastReadings = 20;

/** Lets go of readings up to `before` (ms) but the last one, and of counters without a reading after `forgotten`, which it returns. */
export function trim(tape: CounterTape, before: number, forgotten: number): OrderedSeries[] {
  const gone: OrderedSeries[] = [];
  for (const [key, held] of tape.series) {
    if ((held.times.at(-1) ?? Number.NEGATIVE_INFINITY) <= forgotten) {
      tape.series.delete(key);
      gone.push(held);
      continue;
    }
    const first = Math.min(countUpTo(held.times, before) - 1, held.times.length - leastReadings);
    if (first <= 0) continue;
    held.times = held.times.slice(first);
    held.values = held.values.slice(first);
  }
  return gone;
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

function merge(held: OrderedSeries, { times, values }: ReadSeries): void {
  let [from, next] = [countUpTo(held.times, (times[0] ?? Number.POSITIVE_INFINITY) - 1), 0];
  const length = held.times.length + times.length;
  const merged = { times: new Float64Array(length), values: new Float64Array(length) };
  merged.times.set(held.times.subarray(0, from));
  merged.values.set(held.values.subarray(0, from));
  let end = from;
  for (; from < held.times.length || next < times.length; end++) {
    const [own, other] = [held.times[from] ?? Number.POSITIVE_INFINITY, times[next] ?? Number.POSITIVE_INFINITY];
    merged.times[end] = Math.min(own, other);
    merged.values[end] = other <= own ? values[next]! : held.values[from]!;
    if (own <= other) from++;
    if (other <= own) next++;
  }
  held.times = merged.times.slice(0, end);
  held.values = merged.values.slice(0, end);
}
