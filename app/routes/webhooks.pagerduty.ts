import type { ActionFunctionArgs } from '@remix-run/node';
import { incidentOf, pagerDutyWebhookSchema } from '../domain/incident/webhook.ts';
import { AppError, refusal } from '../errors.ts';

/** PagerDuty's v3 webhooks: checked over the raw bytes, kept once, answered at once; the engine reads what they hint at. */
export async function action({ request, context }: ActionFunctionArgs) {
  if (request.method !== 'POST') return refusal(new AppError('not_found'));
  const { doors, stores, log, address } = context;
  const signature = request.headers.get('x-pagerduty-signature');
  const raw = new Uint8Array(await request.arrayBuffer());
  if (!doors.signedByPagerDuty(raw, signature)) {
    const knock = await doors.knock('unsigned-webhook', address ?? 'unknown');
    const wellFormed = /(^|,)\s*v1=[0-9a-f]{64}\s*(,|$)/i.test(signature ?? '');
    log.warn({ address, wellFormed, allowed: knock.allowed }, 'a webhook without a valid PagerDuty signature');
    const code = knock.allowed ? (wellFormed ? 'bad_signature' : 'bad_input') : 'rate_limited';
    const words = code === 'bad_input' ? 'X-PagerDuty-Signature is missing or malformed.' : undefined;
    const response = refusal(new AppError(code, words));
    for (const [name, value] of Object.entries(knock.headers)) response.headers.set(name, value);
    return response;
  }

  const body = json(raw);
  const parsed = pagerDutyWebhookSchema.safeParse(body);
  if (!parsed.success) return refusal(new AppError('bad_input', 'This is not a PagerDuty v3 event.'));
  const { event } = parsed.data;
  const fresh = await stores.webhooks.store({
    id: event.id,
    type: event.event_type,
    resourceId: incidentOf(parsed.data),
    body,
  });
  return Response.json({ accepted: true, duplicate: !fresh });
}

/** Nothing to read here. */
export function loader() {
  return refusal(new AppError('not_found'));
}

function json(raw: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch {
    return undefined;
  }
}
