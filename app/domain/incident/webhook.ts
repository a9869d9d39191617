import { z } from 'zod';

/** What Firebreak reads of a PagerDuty v3 webhook: which event, of which kind, about which incident. The rest is kept unread. */
export const pagerDutyWebhookSchema = z.object({
  event: z.object({
    id: z.string().min(1).max(200),
    event_type: z.string().min(1).max(200),
    data: z
      .looseObject({
        id: z.string().max(200).optional(),
        type: z.string().optional(),
        incident: z.looseObject({ id: z.string().max(200) }).optional(),
      })
      .nullish(),
  }),
});
export type PagerDutyWebhook = z.output<typeof pagerDutyWebhookSchema>;

/** The PagerDuty incident that an event is about: a note names its incident, other events are their incident. Null for the rest. */
export function incidentOf({ event }: PagerDutyWebhook): string | null {
  if (event.data?.incident) return event.data.incident.id;
  return event.event_type.startsWith('incident.') ? (event.data?.id ?? null) : null;
}
