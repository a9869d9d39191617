import { appendFileSync, cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../supervisor/process.ts';

/** SLOs of one service, one a route. */
export const routesPerService = 5;

/** A day's period with windows of two hours and less: what is compared with 30 days and windows of up to three. */
const shortProfile = `apiVersion: firebreak/v1
kind: BurnProfile
metadata:
  name: short
  displayName: One day
spec:
  description: As many windows as the default, and much shorter ones.
  period: 1d
  tiers:
    - { tier: page-fast, long: 30m, short: 5m, share: 0.10 }
    - { tier: page-slow, long: 1h, short: 5m, share: 0.10 }
    - { tier: ticket-fast, long: 1h, short: 30m, share: 0.10 }
    - { tier: ticket-slow, long: 2h, short: 30m, share: 0.10 }
`;

/**
 * Writes a catalog of `services` services with 5 SLOs each into a new folder: an organisation much larger than the studio. Their
 * period is 30 days, or one with short windows.
 */
export function writeBigCatalog(services: number, period: '30d' | '1d' = '30d'): string {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-catalog-'));
  for (const each of ['alerts', 'flags', 'runbooks', 'dashboards']) mkdirSync(join(folder, each));
  for (const file of ['organisation.yaml', 'burn-profiles.yaml', 'data-sources.yaml'])
    cpSync(join(root, 'alerts', file), join(folder, 'alerts', file));
  cpSync(join(root, 'runbooks', 'monitoring-blackout.md'), join(folder, 'runbooks', 'monitoring-blackout.md'));
  if (period === '1d') appendFileSync(join(folder, 'alerts', 'burn-profiles.yaml'), `---\n${shortProfile}`);
  for (let index = 0; index < services; index++) {
    const name = `service-${String(index).padStart(4, '0')}`;
    const slos = Array.from({ length: routesPerService }, (_, at) => slo(name, at, period));
    writeFileSync(join(folder, 'alerts', `${name}.yaml`), [service(name), ...slos].join('---\n'));
  }
  return folder;
}

function service(name: string): string {
  return `apiVersion: openslo/v1
kind: Service
metadata:
  name: ${name}
  annotations:
    firebreak.dev/cloud-run: projects/bench/locations/europe-west1/services/${name}
    firebreak.dev/owner: team
spec:
  description: One of many.
`;
}

function slo(service: string, index: number, period: '30d' | '1d'): string {
  const filter = `metric.type="run.googleapis.com/request_count" resource.type="cloud_run_revision" resource.label."service_name"="${service}" metric.label."route"="${index}"`;
  const source = (extra: string) => `
          metricSource:
            metricSourceRef: gcp
            type: GoogleCloudMonitoring
            spec:
              filter: ${filter}${extra}`;
  return `apiVersion: openslo/v1
kind: SLO
metadata:
  name: ${service}-route-${index}
  displayName: Route ${index} of ${service} answers
  annotations:
    firebreak.dev/burn-profile: ${period === '1d' ? 'short' : 'default'}
spec:
  service: ${service}
  indicator:
    metadata:
      name: ${service}-route-${index}-requests
    spec:
      ratioMetric:
        counter: true
        bad:${source(' metric.label."response_code_class"="5xx"')}
        total:${source('')}
  timeWindow:
    - duration: ${period}
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - displayName: Without a server error
      target: 0.999
`;
}
