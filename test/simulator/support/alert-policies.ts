import { AlertPolicyServiceClient, ServiceMonitoringServiceClient } from '@google-cloud/monitoring';
import { googleOptions } from '#app/clients/google.ts';
import { createFaults } from '#simulator/faults.ts';
import { registerAlertPolicies } from '#simulator/google/monitoring/alert-policies.ts';
import { registerServiceLevelObjectives } from '#simulator/google/monitoring/service-level-objectives.ts';
import { createGoogleServer } from '#simulator/google/server.ts';

/** The real client of alert policies against a server of its own; its clock moves a second with each look. */
export async function startAlertPolicies(file: string | null = null) {
  const faults = createFaults();
  const server = createGoogleServer(faults);
  let now = Date.UTC(2026, 10, 22, 8);
  const hands = registerAlertPolicies(server, {
    now: () => {
      now += 1000;
      return now;
    },
    file,
    hasProject: (project) => project === 'acme',
  });
  registerServiceLevelObjectives(server, { hasProject: (project) => project === 'acme' });
  const endpoint = `127.0.0.1:${await server.listen(0)}`;
  const client = new AlertPolicyServiceClient(googleOptions(endpoint));
  const slos = new ServiceMonitoringServiceClient(googleOptions(endpoint));
  return {
    client,
    slos,
    endpoint,
    faults,
    hands,
    async stop() {
      await Promise.all([client.close(), slos.close()]);
      await server.close();
    },
  };
}

/** A policy that the API takes, with one part replaced. */
export function policyOf(change: object = {}) {
  return {
    displayName: 'Shop answers: fast page',
    combiner: 'AND' as const,
    conditions: [
      {
        displayName: 'Burn over 1h',
        conditionThreshold: {
          filter: 'select_slo_burn_rate("projects/acme/services/shop/serviceLevelObjectives/answers", "3600s")',
          comparison: 'COMPARISON_GT' as const,
          thresholdValue: 14.4,
          duration: { seconds: 0 },
        },
      },
    ],
    ...change,
  };
}
