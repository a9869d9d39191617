import type { Metric } from '#simulator/google/monitoring/metric-source.ts';

/** Types of the metrics that the world has. */
export const metricTypes = {
  count: 'run.googleapis.com/request_count',
  latency: 'run.googleapis.com/request_latencies',
  flags: 'custom.googleapis.com/flag_requests',
  queueAge: 'custom.googleapis.com/queue/oldest_job_age',
};

/** Their descriptors. */
export const worldMetrics: Metric[] = [
  {
    type: metricTypes.count,
    kind: 'DELTA',
    valueType: 'INT64',
    unit: '1',
    displayName: 'Request Count',
    description: 'Number of requests reaching the revision.',
    labels: ['response_code', 'response_code_class'],
  },
  {
    type: metricTypes.latency,
    kind: 'DELTA',
    valueType: 'DISTRIBUTION',
    unit: 'ms',
    displayName: 'Request Latency',
    description: 'Distribution of request latency in milliseconds reaching the revision.',
    labels: ['response_code', 'response_code_class'],
  },
  {
    type: metricTypes.flags,
    kind: 'DELTA',
    valueType: 'INT64',
    unit: '1',
    displayName: 'Requests by flag',
    description: 'Number of requests by what a feature flag answered for them.',
    labels: ['flag', 'enabled', 'response_code_class'],
  },
  {
    type: metricTypes.queueAge,
    kind: 'GAUGE',
    valueType: 'DOUBLE',
    unit: 's',
    displayName: 'Oldest job age',
    description: 'How long the oldest job of a queue has waited for a worker.',
    labels: ['queue'],
  },
];
