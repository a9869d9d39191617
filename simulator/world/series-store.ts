import type { MetricSource } from '#simulator/google/monitoring/metric-source.ts';
import type { FlagCell, MinuteRecord } from './minute-record.ts';
import { createQueueAges } from './queue-ages.ts';
import type { LiveService } from './seams.ts';
import { createStoredSeries, type StoredSeries } from './stored-series.ts';
import type { VisibleAt } from './visibility.ts';
import { metricTypes, worldMetrics } from './world-metrics.ts';

/** Every count and gauge the world has made, by series and minute; answers Cloud Monitoring. */
export interface SeriesStore extends MetricSource {
  add(record: MinuteRecord): void;
}

/** Series of one revision: found by number and name without building keys, which half a million minutes would feel. */
interface RevisionSeries {
  codes: Map<number, { counts: StoredSeries; latencies: StoredSeries }>;
  /** By flag, then by class of code; on and off apart. */
  on: Map<string, Map<string, StoredSeries>>;
  off: Map<string, Map<string, StoredSeries>>;
}

/** An empty store for `services`. Points appear at `visibleAt`, never before `now` has reached it. */
export function createSeriesStore(
  services: LiveService[],
  visibleAt: VisibleAt,
  now: () => number,
  stuck?: (queue: string, minute: number) => boolean,
): SeriesStore {
  const targets = new Map(services.map((service) => [service.id, service.target]));
  const projects = new Set(services.map((service) => service.target.project));
  const revisions = new Map<string, Map<string, RevisionSeries>>();
  const all = new Map<string, StoredSeries[]>();
  const queues = createQueueAges(services, visibleAt, now, stuck);

  const create = (service: string, revision: string, metric: string, metricLabels: Record<string, string>) => {
    const target = targets.get(service)!;
    const series = createStoredSeries({
      key: [metric, service, revision, ...Object.values(metricLabels)].join(' '),
      metricLabels,
      resourceLabels: {
        project_id: target.project,
        service_name: target.service,
        revision_name: revision,
        location: target.region,
        configuration_name: target.service,
      },
      distribution: metric === metricTypes.latency,
      visibleAt,
      now,
    });
    const group = `${target.project} ${metric}`;
    const found = all.get(group);
    if (found) found.push(series);
    else all.set(group, [series]);
    return series;
  };

  const revisionOf = (service: string, revision: string): RevisionSeries => {
    let own = revisions.get(service);
    if (!own) {
      own = new Map();
      revisions.set(service, own);
    }
    let found = own.get(revision);
    if (!found) {
      found = { codes: new Map(), on: new Map(), off: new Map() };
      own.set(revision, found);
    }
    return found;
  };

  const codeOf = (service: string, revision: string, code: number) => {
    const { codes } = revisionOf(service, revision);
    let found = codes.get(code);
    if (!found) {
      const labels = { response_code: String(code), response_code_class: `${Math.floor(code / 100)}xx` };
      found = {
        counts: create(service, revision, metricTypes.count, labels),
        latencies: create(service, revision, metricTypes.latency, labels),
      };
      codes.set(code, found);
    }
    return found;
  };

  const flagOf = (service: string, { revision, flag, enabled, codeClass }: FlagCell) => {
    const flags = revisionOf(service, revision)[enabled ? 'on' : 'off'];
    let own = flags.get(flag);
    if (!own) {
      own = new Map();
      flags.set(flag, own);
    }
    let found = own.get(codeClass);
    if (!found) {
      const labels = { flag, enabled: String(enabled), response_code_class: codeClass };
      found = create(service, revision, metricTypes.flags, labels);
      own.set(codeClass, found);
    }
    return found;
  };

  return {
    metrics: () => worldMetrics,
    hasProject: (project) => projects.has(project),
    series: (project, metricType) =>
      metricType === metricTypes.queueAge ? queues.series(project) : (all.get(`${project} ${metricType}`) ?? []),
    add(record) {
      const { service, minute, requests, flags } = record;
      queues.add(record);
      for (const cell of requests) {
        const { counts, latencies } = codeOf(service, cell.revision, cell.code);
        counts.setCount(minute, cell.count);
        latencies.setLatencies(minute, cell.count, cell.latencySum, cell.latency);
      }
      for (const cell of flags) flagOf(service, cell).setCount(minute, cell.count);
    },
  };
}
