import { ServiceMonitoringServiceClient } from '@google-cloud/monitoring';
import { status } from '@grpc/grpc-js';
import { googleOptions, lazyClient } from '../google.ts';
import { objectiveFromWire } from './alert-policy-wire.server.ts';

/** Reads of Cloud Monitoring's SLOs. */
export interface ObjectiveRead {
  /** The JSON of an SLO by `projects/…/services/…/serviceLevelObjectives/…`; null when there is none. */
  get(name: string): Promise<Record<string, unknown> | null>;
  close(): Promise<void>;
}

/** Reads through the real client; `endpoint` null is the real Google. Errors are the client's own, with gRPC codes. */
export function createObjectiveRead(options: { endpoint: string | null; timeoutMs: number }): ObjectiveRead {
  const slos = lazyClient(() => new ServiceMonitoringServiceClient(googleOptions(options.endpoint)));
  return {
    async get(name) {
      try {
        const [objective] = await (await slos.ready()).getServiceLevelObjective(
          { name },
          { timeout: options.timeoutMs, retry: null },
        );
        return objectiveFromWire(objective);
      } catch (error) {
        if ((error as { code?: number }).code === status.NOT_FOUND) return null;
        throw error;
      }
    },
    close: () => slos.close(),
  };
}
