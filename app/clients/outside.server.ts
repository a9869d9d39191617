import type { Config } from '../config.server.ts';
import type { Clock } from '../platform/clock.ts';
import type { Metrics } from '../platform/metrics.ts';
import { createResilience, type Resilience } from '../platform/resilience.ts';
import { countOutside } from '../platform/resilience-metrics.ts';
import type { LoggingRead } from './cloud-logging/port.ts';
import { createLoggingRead } from './cloud-logging/read.server.ts';
import type { MonitoringRead } from './cloud-monitoring/port.ts';
import { createMonitoringRead } from './cloud-monitoring/read.server.ts';
import { createCloudRunRead } from './cloud-run/read.server.ts';
import { createCloudRunWrite } from './cloud-run/write.server.ts';
import { createEndpointsRead } from './endpoint/read.server.ts';
import { createEndpointsWrite } from './endpoint/write.server.ts';
import { createGitHubRead } from './github/read.server.ts';
import { createGitHubWrite } from './github/write.server.ts';
import { createPagerDutyRead } from './pagerduty/read.server.ts';
import { createPagerDutyWrite } from './pagerduty/write.server.ts';
import { createPrometheusRead } from './prometheus/read.server.ts';
import { createUnleashDefinitions } from './unleash/definitions-write.server.ts';
import { createImpactRead } from './unleash/impact-read.server.ts';
import { createUnleashRead } from './unleash/read.server.ts';
import { createUnleashWitness } from './unleash/witness.server.ts';
import { createUnleashWrite } from './unleash/write.server.ts';

const longReadMs = 30_000;

/** Every outside system, each behind its own policy: a system that fails costs its own panel. */
export function createOutside(config: Config, clock: Clock, metrics: Metrics, redact: (text: string) => string) {
  const policies: Resilience[] = [];
  const policy = (system: string, timeoutMs?: number) => {
    const made = createResilience({ system, onEvent: countOutside(metrics), redact, timeoutMs });
    policies.push(made);
    return made;
  };
  const endpoint = config.GOOGLE_ENDPOINT ?? null;
  const unleash = {
    address: {
      baseUrl: config.UNLEASH_URL,
      adminToken: config.UNLEASH_ADMIN_TOKEN,
      clientTokens: { [config.FIREBREAK_ENVIRONMENT]: config.UNLEASH_CLIENT_TOKEN },
    },
    resilience: policy('Unleash'),
  };
  const pagerDuty = {
    apiUrl: config.PAGERDUTY_API_URL,
    eventsUrl: config.PAGERDUTY_EVENTS_URL,
    token: config.PAGERDUTY_API_TOKEN,
  };
  const pagerDutyPolicy = policy('PagerDuty');
  const monitoringPolicy = policy('Cloud Monitoring', longReadMs);
  const loggingPolicy = policy('Cloud Logging');
  const github = { apiUrl: config.GITHUB_API_URL, token: config.GITHUB_TOKEN ?? null };
  const githubPolicy = policy('GitHub');
  const outbound = { references: config.references, internal: config.OUTBOUND_INTERNAL };
  const endpointPolicy = policy('Declared endpoints');
  const cloudRun = { endpoint, resilience: policy('Cloud Run') };
  const rawMonitoring = createMonitoringRead({ endpoint, timeoutMs: longReadMs });
  const rawLogging = createLoggingRead({ endpoint, timeoutMs: 5_000 });
  const runRead = createCloudRunRead({ ...cloudRun, secret: config.FIREBREAK_SECRET });
  const runWrite = createCloudRunWrite(cloudRun);
  const monitoring: MonitoringRead = {
    counts: (query) => monitoringPolicy.read((signal) => rawMonitoring.counts({ ...query, signal }), query.signal),
    distributions: (query) =>
      monitoringPolicy.read((signal) => rawMonitoring.distributions({ ...query, signal }), query.signal),
    gauges: (query) => monitoringPolicy.read((signal) => rawMonitoring.gauges({ ...query, signal }), query.signal),
  };
  const logging: LoggingRead = {
    list: (query) => loggingPolicy.read((signal) => rawLogging.list({ ...query, signal }), query.signal),
  };
  const prometheus = createPrometheusRead({
    addresses: config.PROMETHEUS_SOURCES,
    policy: (system) => policy(system, longReadMs),
  });
  return {
    monitoring,
    prometheus,
    logging,
    cloudRun: { read: runRead, write: runWrite },
    unleash: {
      read: createUnleashRead({ ...unleash, clock }),
      write: createUnleashWrite(unleash),
      definitions: createUnleashDefinitions(unleash),
      impact: createImpactRead(unleash),
      witness: createUnleashWitness({ address: unleash.address, clock }),
    },
    pagerDuty: {
      read: createPagerDutyRead(pagerDuty, (fn, signal) => pagerDutyPolicy.read(fn, signal)),
      write: createPagerDutyWrite(pagerDuty, (fn, options) => pagerDutyPolicy.write(fn, options)),
    },
    github: { read: createGitHubRead(github, githubPolicy), write: createGitHubWrite(github, githubPolicy) },
    endpoints: {
      read: createEndpointsRead(outbound, endpointPolicy),
      write: createEndpointsWrite(outbound, endpointPolicy, redact),
    },
    /** State of each system's breaker by name, for `/ready`. */
    breakers: () => Object.fromEntries(policies.map((one) => [one.system, one.state() as string])),
    async close() {
      await Promise.all([rawMonitoring.close(), rawLogging.close()]);
    },
  };
}

export type Outside = ReturnType<typeof createOutside>;
