import { errorCode } from '../../errors.ts';
import type { WaitingWebhook, WebhookStore } from '../../stores/webhooks.server.ts';
import { inParallel } from '../in-parallel.ts';
import { messageOf, type SyncDeps, syncPagerDuty } from './sync-pagerduty.server.ts';

const batch = 500;
const atOnce = 4;

/**
 * Looks at what the webhook inbox holds. An event is only a hint: the incident it names is read by REST, once for all
 * events that name it, so that lost, late, doubled and disordered deliveries end in the same state. What cannot be read
 * stays in the inbox for the next call. Returns how many PagerDuty incidents were read and how many reads failed.
 */
export async function handleWebhooks(
  deps: SyncDeps & { webhooks: WebhookStore },
): Promise<{ read: number; failed: number }> {
  const waiting = await deps.webhooks.waiting(batch);
  const byIncident = new Map<string | null, WaitingWebhook[]>();
  for (const event of waiting) byIncident.set(event.resourceId, [...(byIncident.get(event.resourceId) ?? []), event]);
  await deps.webhooks.handled(byIncident.get(null) ?? []);

  let failed = 0;
  const named = [...byIncident].flatMap(([id, events]) => (id === null ? [] : [{ id, events }]));
  await inParallel(named, atOnce, async ({ id, events }) => {
    const key = `incident/${id}`;
    try {
      await syncPagerDuty(deps, id);
      await deps.observations.saw('pagerduty', key, { found: true }, deps.clock.now());
    } catch (error) {
      if (errorCode(error) !== 'not_found') {
        await deps.observations.failed('pagerduty', key, messageOf(error), deps.clock.now());
        failed += 1;
        deps.log.warn({ err: error, pagerDutyIncident: id }, 'a PagerDuty incident could not be read');
        return;
      }
      await deps.observations.saw('pagerduty', key, { found: false }, deps.clock.now());
      deps.log.info({ pagerDutyIncident: id }, 'PagerDuty knows no incident of this id');
    }
    await deps.webhooks.handled(events);
  });
  return { read: named.length - failed, failed };
}
