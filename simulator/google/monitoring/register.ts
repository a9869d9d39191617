import type { GoogleServer } from '../server.ts';
import { loadProtos } from '../service.ts';
import { answerPage } from './answer.ts';
import { queryTimeSeries } from './list-time-series.ts';
import type { Metric, MetricSource } from './metric-source.ts';
import { type ListTimeSeriesRequest, projectOf } from './validate.ts';

/** Registers Cloud Monitoring's MetricService: ListTimeSeries and ListMetricDescriptors over `source`. */
export function registerMonitoring(server: GoogleServer, source: MetricSource): void {
  const root = loadProtos('@google-cloud/monitoring');
  const response = root.lookupType('google.monitoring.v3.ListTimeSeriesResponse');
  server.add({
    root,
    name: 'google.monitoring.v3.MetricService',
    system: 'monitoring',
    unary: {
      ListTimeSeries: (message) => {
        const request = message as unknown as ListTimeSeriesRequest;
        const { metricType, unit, series } = queryTimeSeries(source, request);
        const page = answerPage(metricType, unit, series, request);
        return Buffer.from(response.encode(response.fromObject(page)).finish());
      },
      ListMetricDescriptors: (message) => ({
        metricDescriptors: source.metrics().map((metric) => descriptor(projectOf(String(message.name)), metric)),
      }),
    },
  });
}

function descriptor(project: string, metric: Metric) {
  return {
    name: `projects/${project}/metricDescriptors/${metric.type}`,
    type: metric.type,
    labels: metric.labels.map((key) => ({ key, valueType: 'STRING' })),
    metricKind: metric.kind,
    valueType: metric.valueType,
    unit: metric.unit,
    displayName: metric.displayName,
    description: metric.description,
  };
}
