import type { ImpactCounter } from '../../domain/rollout/impact.ts';
import { AppError } from '../../errors.ts';
import type { Resilience } from '../../platform/resilience.ts';
import { type UnleashAddress, unleashRequest } from './http.server.ts';
import { prometheusSamples } from './prometheus-text.ts';

/** The impact metrics that SDKs sent, as Unleash gives them out. */
export interface ImpactRead {
  /** The counters of these names, all of one moment. Throws `unavailable` where this Unleash gives none out. */
  counters(metrics: readonly string[], signal?: AbortSignal): Promise<ImpactCounter[]>;
}

const path = '/internal-backstage/impact/metrics';

/** Reads of impact metrics over HTTP: Unleash adds up what its SDKs send and gives it out as Prometheus text. */
export function createImpactRead(options: { address: UnleashAddress; resilience: Resilience }): ImpactRead {
  const { address, resilience } = options;
  return {
    counters: (metrics, signal) =>
      resilience.read(async (inner) => {
        const url = `${address.baseUrl}${path}`;
        const response = await unleashRequest(url, address.adminToken, { signal: inner, accept: [404] });
        // What knows no such path may answer with the page of its console.
        if (!response.ok || !response.headers.get('content-type')?.startsWith('text/plain'))
          throw new AppError('unavailable', `Unleash gives out no impact metrics at ${path}`);
        const text = await response.text();
        return metrics.flatMap((metric) => prometheusSamples(text, metric).map((sample) => ({ metric, ...sample })));
      }, signal),
  };
}
