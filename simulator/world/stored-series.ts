import type { Distribution, PointValue, RawSeries } from '#simulator/google/monitoring/metric-source.ts';
import { latencyBounds } from './minute-record.ts';
import type { VisibleAt } from './visibility.ts';

/** Minutes per chunk: a series takes memory for the days it has points in. */
const chunkLength = 1440;
const width = latencyBounds.length + 1;

interface Chunk {
  day: number;
  counts: Float64Array;
  buckets: Uint32Array | null;
  sums: Float64Array | null;
}

/** One series, its points in memory by minute. A minute without requests has no point. */
export interface StoredSeries extends RawSeries {
  /** The count of a minute. */
  setCount(minute: number, count: number): void;
  /** The latencies of a minute, `sum` in ms, one count per bucket. */
  setLatencies(minute: number, count: number, sum: number, buckets: readonly number[]): void;
}

/** Points older than this are visible whatever their delay; younger ones are asked one by one. */
const surelyVisible = 3_600_000;

/** An empty series; its points appear at `visibleAt`, never before `now` has reached it. */
export function createStoredSeries(options: {
  key: string;
  metricLabels: Record<string, string>;
  resourceLabels: Record<string, string>;
  distribution: boolean;
  visibleAt: VisibleAt;
  now: () => number;
}): StoredSeries {
  const { key, distribution, visibleAt, now } = options;
  const chunks = new Map<number, Chunk>();
  let recent: Chunk | null = null;
  const chunkOf = (minute: number): Chunk => {
    const day = Math.floor(minute / chunkLength);
    if (recent?.day === day) return recent;
    recent = chunks.get(day) ?? {
      day,
      counts: new Float64Array(chunkLength),
      buckets: distribution ? new Uint32Array(chunkLength * width) : null,
      sums: distribution ? new Float64Array(chunkLength) : null,
    };
    chunks.set(day, recent);
    return recent;
  };
  return {
    metricLabels: options.metricLabels,
    resourceType: 'cloud_run_revision',
    resourceLabels: options.resourceLabels,
    setCount(minute, count) {
      chunkOf(minute).counts[minute % chunkLength] = count;
    },
    setLatencies(minute, count, sum, buckets) {
      const chunk = chunkOf(minute);
      const index = minute % chunkLength;
      chunk.counts[index] = count;
      chunk.sums![index] = sum;
      chunk.buckets!.set(buckets, index * width);
    },
    visit(after, until, visit) {
      const present = now();
      // A point at end e belongs to the minute before: minute = e / 60000 - 1.
      const first = Math.floor(after / 60_000);
      const last = Math.floor(Math.min(until, present) / 60_000) - 1;
      for (let day = Math.floor(first / chunkLength); day <= Math.floor(last / chunkLength); day++) {
        const chunk = chunks.get(day);
        if (!chunk) continue;
        const from = Math.max(first, day * chunkLength);
        const to = Math.min(last, day * chunkLength + chunkLength - 1);
        for (let minute = from; minute <= to; minute++) {
          const index = minute - day * chunkLength;
          if (chunk.counts[index] === 0) continue;
          const end = (minute + 1) * 60_000;
          if (present - end < surelyVisible && visibleAt(key, end) > present) continue;
          visit(end, pointOf(chunk, index));
        }
      }
    },
  };
}

function pointOf(chunk: Chunk, index: number): PointValue {
  const count = chunk.counts[index]!;
  if (!chunk.buckets) return count;
  const value: Distribution = {
    count,
    sum: chunk.sums![index]!,
    bounds: latencyBounds,
    counts: chunk.buckets.subarray(index * width, (index + 1) * width),
  };
  return value;
}
