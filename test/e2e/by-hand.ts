import type { Studio } from '#test/support/studio.ts';
import type { PagerDutyIncident } from './outside.ts';

/** An incident that a person makes in PagerDuty's own pages, on one of its services. */
export async function raiseByHand(studio: Studio, service: string, title: string): Promise<PagerDutyIncident> {
  const { PAGERDUTY_API_URL, PAGERDUTY_API_TOKEN } = studio.world.consoleEnv;
  const response = await fetch(`${PAGERDUTY_API_URL}/incidents`, {
    method: 'POST',
    headers: {
      authorization: `Token token=${PAGERDUTY_API_TOKEN}`,
      'content-type': 'application/json',
      from: 'grace@studio.example',
    },
    body: JSON.stringify({
      incident: { type: 'incident', title, service: { id: service, type: 'service_reference' } },
    }),
  });
  if (!response.ok) throw new Error(`PagerDuty answered ${response.status} to a new incident`);
  return ((await response.json()) as { incident: PagerDutyIncident }).incident;
}
