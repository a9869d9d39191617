import type {
  Distribution,
  Metric,
  MetricSource,
  PointValue,
  RawSeries,
} from '#simulator/google/monitoring/metric-source.ts';
import { latencyBounds, type MinuteRecord } from './minute-record.ts';
import type { LiveService } from './seams.ts';

/** Minutes per chunk: a series takes memory for the days it has points in. */
const chunkLength = 1440;
const width = latencyBounds.length + 1;

interface Chunk {
  counts: Float64Array;
  buckets: Uint32Array | null;
  sums: Float64Array | null;
}

interface Series extends RawSeries {
  chunks: Map<number, Chunk>;
}

/** When the point of a series at a minute's end (ms) can be read, data time in ms. */
export type VisibleAt = (seriesKey: string, end: number) => number;

/** Every count the world has made, by series and minute; answers Cloud Monitoring. */
export interface SeriesStore extends MetricSource {
  add(record: MinuteRecord): void;
}

const labels = {
  count: 'run.googleapis.com/request_count',
  latency: 'run.googleapis.com/request_latencies',
  flags: 'custom.googleapis.com/flag_requests',
};

const metrics: Metric[] = [
  {
    type: labels.count,
    kind: 'DELTA',
    valueType: 'INT64',
    unit: '1',
    displayName: 'Request Count',
    description: 'Number of requests reaching the revision.',
    labels: ['response_code', 'response_code_class'],
  },
  {
    type: labels.latency,
    kind: 'DELTA',
    valueType: 'DISTRIBUTION',
    unit: 'ms',
    displayName: 'Request Latency',
    description: 'Distribution of request latency in milliseconds reaching the revision.',
    labels: ['response_code', 'response_code_class'],
  },
  {
    type: labels.flags,
    kind: 'DELTA',
    valueType: 'INT64',
    unit: '1',
    displayName: 'Requests by flag',
    description: 'Number of requests by what a feature flag answered for them.',
    labels: ['flag', 'enabled', 'response_code_class'],
  },
];

/** An empty store for `services`. Points appear at `visibleAt`, never before `now` has reached it. */
export function createSeriesStore(services: LiveService[], visibleAt: VisibleAt, now: () => number): SeriesStore {
  const targets = new Map(services.map((service) => [service.id, service.target]));
  const projects = new Set(services.map((service) => service.target.project));
  const byMetric = new Map<string, Map<string, Series>>();

  const seriesOf = (
    service: string,
    metric: string,
    revision: string,
    metricLabels: Record<string, string>,
    key: string,
  ) => {
    const target = targets.get(service)!;
    const group = `${target.project} ${metric}`;
    let all = byMetric.get(group);
    if (!all) {
      all = new Map();
      byMetric.set(group, all);
    }
    let series = all.get(key);
    if (!series) {
      const resourceLabels = {
        project_id: target.project,
        service_name: target.service,
        revision_name: revision,
        location: target.region,
        configuration_name: target.service,
      };
      series = createSeries(`${metric} ${key}`, metricLabels, resourceLabels, visibleAt, now);
      all.set(key, series);
    }
    return series;
  };

  return {
    metrics: () => metrics,
    hasProject: (project) => projects.has(project),
    series: (project, metricType) => [...(byMetric.get(`${project} ${metricType}`)?.values() ?? [])],
    add({ service, minute, requests, flags }) {
      for (const cell of requests) {
        const codeClass = `${Math.floor(cell.code / 100)}xx`;
        const metricLabels = { response_code: String(cell.code), response_code_class: codeClass };
        const key = `${service} ${cell.revision} ${cell.code}`;
        const counts = chunkOf(seriesOf(service, labels.count, cell.revision, metricLabels, key), minute, false);
        counts.counts[minute % chunkLength] = cell.count;
        const latency = chunkOf(seriesOf(service, labels.latency, cell.revision, metricLabels, key), minute, true);
        latency.counts[minute % chunkLength] = cell.count;
        latency.sums![minute % chunkLength] = cell.latencySum;
        latency.buckets!.set(cell.latency, (minute % chunkLength) * width);
      }
      for (const cell of flags) {
        const metricLabels = {
          flag: cell.flag,
          enabled: String(cell.enabled),
          response_code_class: cell.codeClass,
        };
        const key = `${service} ${cell.revision} ${cell.flag} ${cell.enabled} ${cell.codeClass}`;
        const chunk = chunkOf(seriesOf(service, labels.flags, cell.revision, metricLabels, key), minute, false);
        chunk.counts[minute % chunkLength] = cell.count;
      }
    },
  };
}

function chunkOf(series: Series, minute: number, distribution: boolean): Chunk {
  const at = Math.floor(minute / chunkLength);
  let chunk = series.chunks.get(at);
  if (!chunk) {
    chunk = {
      counts: new Float64Array(chunkLength),
      buckets: distribution ? new Uint32Array(chunkLength * width) : null,
      sums: distribution ? new Float64Array(chunkLength) : null,
    };
    series.chunks.set(at, chunk);
  }
  return chunk;
}

/** Points older than this are visible whatever their delay; younger ones are asked one by one. */
const surelyVisible = 3_600_000;

function createSeries(
  key: string,
  metricLabels: Record<string, string>,
  resourceLabels: Record<string, string>,
  visibleAt: VisibleAt,
  now: () => number,
): Series {
  const chunks = new Map<number, Chunk>();
  return {
    metricLabels,
    resourceType: 'cloud_run_revision',
    resourceLabels,
    chunks,
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
