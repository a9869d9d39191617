import { MetricServiceClient } from '@google-cloud/monitoring';
import { googleOptions } from '#app/clients/google.ts';
import { createFaults } from '#simulator/faults.ts';
import type { Metric, MetricSource, PointValue, RawSeries } from '#simulator/google/monitoring/metric-source.ts';
import { registerMonitoring } from '#simulator/google/monitoring/register.ts';
import { createGoogleServer } from '#simulator/google/server.ts';

/** Minute 0 of the hand-made series: a whole hour, ms. */
export const epoch = Date.UTC(2026, 0, 5, 8);

/** A series from values at the ends of minutes 1, 2, 3 … after `epoch`; null leaves a minute out. */
export function seriesOf(
  metricLabels: Record<string, string>,
  values: (PointValue | null)[],
  service = 'shop',
): RawSeries {
  return {
    metricLabels,
    resourceType: 'cloud_run_revision',
    resourceLabels: { project_id: 'p', service_name: service, location: 'eu' },
    visit(after, until, visit) {
      for (const [i, value] of values.entries()) {
        const end = epoch + (i + 1) * 60_000;
        if (value !== null && end > after && end <= until) visit(end, value);
      }
    },
  };
}

/** A metric of the given shape. */
export function metricOf(type: string, kind: Metric['kind'], valueType: Metric['valueType']): Metric {
  return { type, kind, valueType, unit: '1', displayName: type, description: type, labels: ['code'] };
}

/** The real client of Cloud Monitoring against a server that holds `data`, by metric type. */
export async function startMonitoring(data: Record<string, { metric: Metric; series: RawSeries[] }>) {
  const source: MetricSource = {
    metrics: () => Object.values(data).map(({ metric }) => metric),
    hasProject: (project) => project === 'p',
    series: (_project, type) => data[type]?.series ?? [],
  };
  const faults = createFaults();
  const server = createGoogleServer(faults);
  registerMonitoring(server, source);
  const endpoint = `127.0.0.1:${await server.listen(0)}`;
  const client = new MetricServiceClient(googleOptions(endpoint));
  return {
    client,
    endpoint,
    faults,
    async stop() {
      await client.close();
      await server.close();
    },
  };
}
