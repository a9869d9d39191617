import type { OrderedSamples } from '../openmetrics/samples.ts';

const minuteMs = 60_000;
/** A distance between readings over this many times the usual one is a gap. */
const gapFactor = 1.5;
/** The longest usual distance that is taken as one: Prometheus holds a series for stale after 5 minutes. */
const longestUsual = 5 * minuteMs;

/** A counter's readings in order, and the instants (ms) at which it began anew, where they are known. */
export interface Counter extends OrderedSamples {
  created: readonly number[];
  /** True when it is proven to have begun at 0 shortly before its first reading. */
  fromZero: boolean;
}

/** The minute (number since the epoch) that an instant counts in: (start, end], as its readings end it. */
export function minuteOf(at: number): number {
  return Math.ceil(at / minuteMs) - 1;
}

/**
 * Calls `add` with the growth between each two readings, at the minute of the later one. A counter that fell began anew at
 * 0, and so did one that was created in between. What it read first is no growth, unless it is proven to be new.
 */
export function eachIncrease(
  { times, values, created, fromZero }: Counter,
  add: (minute: number, growth: number) => void,
) {
  const births = [...created].sort((a, b) => a - b);
  let next = 0;
  for (let i = 0; i < times.length; i++) {
    const [at, value] = [times[i]!, values[i]!];
    if (i === 0) {
      if (fromZero) add(minuteOf(at), value);
      continue;
    }
    while (next < births.length && births[next]! <= times[i - 1]!) next++;
    const bornBetween = next < births.length && births[next]! <= at;
    const before = values[i - 1]!;
    const growth = value < before || bornBetween ? value : value - before;
    if (growth !== 0) add(minuteOf(at), growth);
  }
}

/**
 * Calls `mark` with each minute that the readings measure. A reading speaks for the minutes since the one before it, unless
 * a gap lies between (over 1.5 times the usual distance, which is the median, 1 to 5 minutes); then for its own minute.
 */
export function eachMeasuredMinute({ times, fromZero }: Counter, mark: (minute: number) => void): void {
  if (times.length > 0 && fromZero) mark(minuteOf(times[0]!));
  const longest = usualDistance(times) * gapFactor;
  for (let i = 1; i < times.length; i++) {
    const last = minuteOf(times[i]!);
    const near = times[i]! - times[i - 1]! <= longest;
    const from = near ? Math.min(last, minuteOf(times[i - 1]!) + 1) : last;
    for (let minute = from; minute <= last; minute++) mark(minute);
  }
}

function usualDistance(times: Float64Array): number {
  const step = Math.max(1, Math.floor(times.length / 500));
  const distances: number[] = [];
  for (let i = step; i < times.length; i += step) distances.push(times[i]! - times[i - 1]!);
  distances.sort((a, b) => a - b);
  const median = distances[distances.length >> 1] ?? minuteMs;
  return Math.min(longestUsual, Math.max(minuteMs, median));
}

/** Labels that say which process, machine or replica a counter was read from. */
const targetLabels = [
  'job',
  'instance',
  'pod',
  'container',
  'host',
  'hostname',
  'node',
  'replica',
  'revision',
  'namespace',
  'cluster',
];

/**
 * The counters that are proven to have begun at 0 right before their first reading: another one of the same target was read
 * at the same instant and at an earlier one, when this one was not there yet; or it says that it was created after the
 * first reading of all. Without proof a first reading is where counting begins, as in Prometheus: a target that is found
 * late brings no flood.
 */
export function bornInside(
  counters: readonly (OrderedSamples & { created: readonly number[]; labels: Readonly<Record<string, string>> })[],
): boolean[] {
  const first = counters.reduce((least, { times }) => Math.min(least, times[0] ?? least), Number.POSITIVE_INFINITY);
  const keys = counters.map(({ labels }) => JSON.stringify(targetLabels.map((label) => labels[label] ?? '')));
  const debuts = new Map<string, Set<number>>();
  for (const [index, { times }] of counters.entries()) {
    const own = debuts.get(keys[index]!) ?? new Set<number>();
    debuts.set(keys[index]!, own);
    if (times[0] !== undefined && times[0] > first) own.add(times[0]);
  }
  const witnessed = new Set<string>();
  for (const [index, { times }] of counters.entries()) {
    const own = debuts.get(keys[index]!)!;
    if (own.size > 0)
      for (let i = 1; i < times.length; i++) if (own.has(times[i]!)) witnessed.add(`${keys[index]} ${times[i]}`);
  }
  return counters.map(({ times, created }, index) => {
    const debut = times[0];
    if (debut === undefined) return false;
    return witnessed.has(`${keys[index]} ${debut}`) || created.some((at) => at > first && at <= debut);
  });
}
