import type { Metrics } from './metrics.ts';
import type { ResilienceEvent } from './resilience.ts';

/** Counts attempts by outcome and shows open breakers at `/metrics`: the `onEvent` of every policy. */
export function countOutside(metrics: Pick<Metrics, 'outside' | 'breaker'>): (event: ResilienceEvent) => void {
  return (event) => {
    if (event.kind === 'attempt') metrics.outside.inc({ system: event.system, outcome: event.outcome });
    else metrics.breaker.set({ system: event.system }, event.state === 'open' ? 1 : 0);
  };
}
