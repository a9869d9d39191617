import type { EndpointsWrite } from '../../clients/endpoint/port.ts';
import type { Catalog } from '../../domain/catalog.ts';
import { AppError } from '../../errors.ts';
import type { Delivery } from '../../stores/outbox.server.ts';

/** A message to a declared chat as the outbox keeps it. */
export interface StoredChat {
  /** Name of the endpoint. */
  endpoint: string;
  text: string;
  link: string;
  /** What its incident's timeline says it is about once it was taken; absent where no incident tells of it. */
  about?: string;
}

const longest = 10_000;

/** Says something in a declared chat, with the delivery's id as `Idempotency-Key`. Throws where it was not taken, `not_found` where the chat left the catalog. */
export async function sendChat(
  deps: { endpoints: Pick<EndpointsWrite, 'send'>; catalog(): Promise<Catalog | null> },
  delivery: Delivery,
): Promise<void> {
  const { endpoint: name, text, link } = delivery.body as StoredChat;
  const catalog = await deps.catalog();
  if (!catalog) throw new Error('The catalog has not been read yet');
  const endpoint = catalog.endpoints?.find((one) => one.name === name && one.use === 'chat');
  if (!endpoint) throw new AppError('not_found', `The catalog declares no chat "${name}" any more`);
  const body = { text: `${text}\n${link}` };
  const scope = { hosts: catalog.hosts ?? [] };
  await deps.endpoints.send(endpoint, scope, { key: delivery.id, body }, AbortSignal.timeout(longest));
}
