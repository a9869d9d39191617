import type { EndpointsWrite } from '../../clients/endpoint/port.ts';
import type { Catalog } from '../../domain/catalog.ts';
import { parseDedupKey } from '../../domain/incident/dedup-key.ts';
import { AppError } from '../../errors.ts';
import type { Delivery } from '../../stores/outbox.server.ts';
import type { StoredEvent } from '../incidents/page.server.ts';

/** What another system hears of a ticket: `key` is the same from its opening to its end. */
export interface TicketMessage {
  key: string;
  action: 'open' | 'close';
  incident: string;
  title: string;
  link: string | null;
  service: string;
  details: Record<string, unknown>;
}

/**
 * Sends a ticket to the declared endpoint, with the delivery's id as `Idempotency-Key`: a repetition is recognisable, and
 * so is what belongs together. Throws where it was not taken, `not_found` where nothing is declared any more that would take it.
 */
export async function sendTicket(
  deps: {
    endpoints: Pick<EndpointsWrite, 'send'>;
    tickets: string | null;
    catalog(): Promise<Catalog | null>;
  },
  delivery: Delivery,
): Promise<void> {
  const catalog = await deps.catalog();
  if (!catalog) throw new Error('The catalog has not been read yet');
  const endpoint = catalog.endpoints?.find(({ name }) => name === deps.tickets);
  if (deps.tickets === null)
    throw new AppError('not_found', 'TICKET_ENDPOINT is not set any more: nobody knows where this ticket goes');
  if (!endpoint)
    throw new AppError('not_found', `The catalog declares no endpoint "${deps.tickets}" (TICKET_ENDPOINT)`);
  if (endpoint.use !== 'webhook') throw new Error(`The endpoint "${deps.tickets}" (TICKET_ENDPOINT) is no webhook`);
  const { action, dedupKey, summary, links, source, details } = delivery.body as StoredEvent;
  const body: TicketMessage = {
    key: dedupKey,
    action: action === 'resolve' ? 'close' : 'open',
    incident: parseDedupKey(dedupKey)?.incident ?? '',
    title: summary,
    link: links[0]?.href ?? null,
    service: source,
    details,
  };
  const scope = { hosts: catalog.hosts ?? [] };
  await deps.endpoints.send(endpoint, scope, { key: delivery.id, body }, AbortSignal.timeout(longest));
}

const longest = 10_000;
