import { MetricServiceClient, protos } from '@google-cloud/monitoring';
import { googleOptions, lazyClient, untilAborted } from '../google.ts';
import type { DistributionValue, MonitoringRead, Series, SeriesQuery } from './port.ts';

type TimeSeries = protos.google.monitoring.v3.ITimeSeries;
type Point = protos.google.monitoring.v3.IPoint;

const { Aligner, Reducer } = protos.google.monitoring.v3.Aggregation;
const added = { perSeriesAligner: Aligner.ALIGN_SUM, crossSeriesReducer: Reducer.REDUCE_SUM };
const extremes = {
  max: { perSeriesAligner: Aligner.ALIGN_MAX, crossSeriesReducer: Reducer.REDUCE_MAX },
  min: { perSeriesAligner: Aligner.ALIGN_MIN, crossSeriesReducer: Reducer.REDUCE_MIN },
};
const pageSize = 100_000;

/** Reads of Cloud Monitoring through the real client. Errors are the client's own, with gRPC codes. Close with `close()`. */
export function createMonitoringRead(options: {
  endpoint: string | null;
  timeoutMs: number;
}): MonitoringRead & { close(): Promise<void> } {
  const metrics = lazyClient(() => new MetricServiceClient(googleOptions(options.endpoint)));

  const read = async <V>(query: SeriesQuery, how: typeof added, value: (point: Point) => V): Promise<Series<V>[]> => {
    const client = await metrics.ready();
    const found = new Map<string, Series<V>>();
    let pageToken = '';
    do {
      query.signal?.throwIfAborted();
      const [series, , response] = await untilAborted(
        client.listTimeSeries(
          {
            name: client.projectPath(query.project),
            filter: query.filter,
            interval: { startTime: timestamp(query.from), endTime: timestamp(query.to) },
            aggregation: {
              alignmentPeriod: { seconds: query.periodSeconds },
              ...how,
              groupByFields: query.groupBy,
            },
            pageSize,
            pageToken,
          },
          // The engine retries by its own policy; the client's would hide a failing source.
          { autoPaginate: false, timeout: options.timeoutMs, retry: null },
        ),
        query.signal,
      );
      for (const part of series) collect(found, part, value);
      pageToken = response?.nextPageToken ?? '';
    } while (pageToken);
    for (const series of found.values()) series.points.sort((a, b) => a.end - b.end);
    return [...found.values()];
  };

  return {
    counts: (query) => read(query, added, number),
    distributions: (query) => read(query, added, distribution),
    gauges: ({ worst, ...query }) => read(query, extremes[worst], number),
    close: () => metrics.close(),
  };
}

const number = (point: Point) => Number(point.value?.int64Value ?? point.value?.doubleValue ?? 0);
const timestamp = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 });

/** A series that is split over two pages arrives as two parts with the same labels. */
function collect<V>(found: Map<string, Series<V>>, part: TimeSeries, value: (point: Point) => V): void {
  const labels = { ...part.resource?.labels, ...part.metric?.labels };
  const key = JSON.stringify(Object.entries(labels).sort());
  let series = found.get(key);
  if (!series) {
    series = { labels, points: [] };
    found.set(key, series);
  }
  for (const point of part.points ?? []) {
    const end = point.interval?.endTime;
    series.points.push({ end: Number(end?.seconds ?? 0) * 1000 + (end?.nanos ?? 0) / 1e6, value: value(point) });
  }
}

/** The API leaves trailing empty buckets out; here `counts` always has one entry more than `bounds`. */
function distribution(point: Point): DistributionValue {
  const read = point.value?.distributionValue;
  const bounds = finiteBounds(read?.bucketOptions);
  const given = read?.bucketCounts ?? [];
  return {
    count: Number(read?.count ?? 0),
    mean: read?.mean ?? 0,
    bounds,
    counts: Array.from({ length: bounds.length + 1 }, (_, i) => Number(given[i] ?? 0)),
  };
}

function finiteBounds(options: protos.google.api.Distribution.IBucketOptions | null | undefined): number[] {
  if (options?.explicitBuckets) return options.explicitBuckets.bounds ?? [];
  const exponential = options?.exponentialBuckets;
  if (exponential) {
    const { numFiniteBuckets, growthFactor, scale } = exponential;
    return Array.from({ length: (numFiniteBuckets ?? 0) + 1 }, (_, i) => (scale ?? 1) * (growthFactor ?? 2) ** i);
  }
  const linear = options?.linearBuckets;
  if (linear)
    return Array.from(
      { length: (linear.numFiniteBuckets ?? 0) + 1 },
      (_, i) => (linear.offset ?? 0) + (linear.width ?? 1) * i,
    );
  return [];
}
