import { inParallel } from '../in-parallel.ts';
import { messageOf, type SyncDeps } from './sync-pagerduty.server.ts';

/** Reads who is on call for each service of the catalog (every 5 min) into the observation `pagerduty` / `oncall/<service>`. */
export async function pollOnCall(
  deps: Pick<SyncDeps, 'pagerDuty' | 'observations' | 'catalog' | 'clock' | 'log'>,
): Promise<void> {
  const services = (await deps.catalog())?.services ?? [];
  await inParallel(services, 4, async ({ id, pagerDutyService }) => {
    if (pagerDutyService === null) return;
    const key = `oncall/${id}`;
    try {
      const readAt = deps.clock.now();
      await deps.observations.saw('pagerduty', key, await deps.pagerDuty.onCalls(pagerDutyService), readAt);
    } catch (error) {
      deps.log.warn({ err: error, service: id }, 'who is on call could not be read');
      await deps.observations.failed('pagerduty', key, messageOf(error), deps.clock.now());
    }
  });
}
