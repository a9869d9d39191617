import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Firebreak's own metrics, in Prometheus text at `/metrics`. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'firebreak_' });
  const registers = [registry];
  return {
    registry,
    requests: new Histogram({
      name: 'firebreak_http_request_seconds',
      help: 'Time to answer HTTP requests.',
      labelNames: ['method', 'code'] as const,
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    outside: new Counter({
      name: 'firebreak_outside_requests_total',
      help: 'Calls to outside systems by outcome.',
      labelNames: ['system', 'outcome'] as const,
      registers,
    }),
    breaker: new Gauge({
      name: 'firebreak_breaker_open',
      help: '1 while the circuit breaker of an outside system is open.',
      labelNames: ['system'] as const,
      registers,
    }),
    cycle: new Histogram({
      name: 'firebreak_cycle_seconds',
      help: 'Time of one engine task.',
      labelNames: ['task'] as const,
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15],
      registers,
    }),
    dataAge: new Gauge({
      name: 'firebreak_slo_data_age_seconds',
      help: 'Age of the newest minute with data that each SLO was evaluated on.',
      labelNames: ['slo'] as const,
      registers,
    }),
    dropped: new Counter({
      name: 'firebreak_points_dropped_total',
      help: 'Points dropped because they lie over 5 min in the future.',
      registers,
    }),
    incidents: new Gauge({ name: 'firebreak_incidents_open', help: 'Open incidents, without tickets.', registers }),
    untaken: new Gauge({
      name: 'firebreak_pages_not_taken',
      help: 'Open incidents whose page PagerDuty refused or has not taken yet: nobody was paged by it.',
      registers,
    }),
    streams: new Gauge({ name: 'firebreak_event_streams', help: 'Open event streams.', registers }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
