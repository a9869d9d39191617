import { z } from 'zod';
import type { Desk } from './desk.ts';
import type { Answer, Call } from './http.ts';

const link = z.object({ href: z.url(), text: z.string().optional() });
const details = z.record(z.string(), z.unknown()).optional();
const payload = z.object({
  summary: z.string().min(1).max(1024),
  source: z.string().min(1),
  severity: z.enum(['critical', 'error', 'warning', 'info']),
  component: z.string().optional(),
  timestamp: z.string().optional(),
  custom_details: details,
});
const dedupKey = z.string().min(1).max(255);
const event = z.discriminatedUnion('event_action', [
  z.object({
    event_action: z.literal('trigger'),
    routing_key: z.string(),
    dedup_key: dedupKey.optional(),
    payload,
    links: z.array(link).optional(),
  }),
  z.object({ event_action: z.literal('acknowledge'), routing_key: z.string(), dedup_key: dedupKey }),
  z.object({ event_action: z.literal('resolve'), routing_key: z.string(), dedup_key: dedupKey }),
]);
const change = z.object({
  routing_key: z.string(),
  payload: z.object({
    summary: z.string().min(1).max(1024),
    source: z.string().optional(),
    timestamp: z.iso.datetime({ offset: true }).optional(),
    custom_details: details,
  }),
  links: z.array(link).optional(),
});

/** Events API v2: `/v2/enqueue` and `/v2/change/enqueue`. Null for any other path. */
export function answerEvents(call: Call, desk: Desk, routingKey: string, now: number): Answer | null {
  if (call.path !== '/v2/enqueue' && call.path !== '/v2/change/enqueue') return null;
  if (call.method !== 'POST') return { status: 405, body: { status: 'error', message: 'Method not allowed' } };
  if (call.path === '/v2/change/enqueue') {
    const parsed = change.safeParse(call.body);
    if (!parsed.success) return invalid(parsed.error);
    if (parsed.data.routing_key !== routingKey) return wrongKey;
    const { summary, source = null, timestamp, custom_details = {} } = parsed.data.payload;
    const at = timestamp ? Date.parse(timestamp) : now;
    desk.change({
      summary,
      source,
      at,
      service: nameIn(custom_details),
      links: parsed.data.links ?? [],
      details: custom_details,
    });
    return { status: 202, body: { status: 'success', message: 'Change event processed' } };
  }
  const parsed = event.safeParse(call.body);
  if (!parsed.success) return invalid(parsed.error);
  if (parsed.data.routing_key !== routingKey) return wrongKey;
  const key = parsed.data.dedup_key ?? `generated-${now}-${Math.random().toString(36).slice(2)}`;
  if (parsed.data.event_action === 'trigger') {
    const { summary, source, severity, component, custom_details = {} } = parsed.data.payload;
    const service = nameIn(custom_details) ?? component ?? null;
    desk.trigger({ key, summary, source, severity, service, links: parsed.data.links ?? [], details: custom_details });
  } else {
    desk.byEvent(parsed.data.event_action, key);
  }
  return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: key } };
}

const wrongKey: Answer = {
  status: 400,
  body: { status: 'invalid event', message: 'Event object is invalid', errors: ['Invalid routing key'] },
};

function invalid(error: z.ZodError): Answer {
  const errors = error.issues.map((issue) => `'${issue.path.join('.')}' ${issue.message}`);
  return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors } };
}

/** The service that an event's details name: the orchestration's rule. */
function nameIn(details: Record<string, unknown>): string | null {
  return typeof details.service === 'string' ? details.service : null;
}
