import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inject } from 'vitest';

/** What a door in front of Unleash does with a request: lets it through, refuses its token, asks to come later, or hangs up. */
export type DoorState = 'open' | 'refuses' | 'busy' | 'down';

/** A door in front of the run's real Unleash, for what cannot be done to a server that all files share. */
export async function openDoor() {
  const { url } = inject('unleash');
  let state: DoorState = 'open';
  const asked: { at: number; method: string; path: string; state: DoorState }[] = [];
  const server = createServer(async (request, response) => {
    const { method = 'GET', url: path = '/' } = request;
    asked.push({ at: Date.now(), method, path, state });
    if (state === 'down') return void request.socket.destroy();
    if (state === 'refuses') return void response.writeHead(401).end();
    if (state === 'busy') return void response.writeHead(429, { 'retry-after': '2' }).end();
    const body: Buffer[] = [];
    for await (const part of request) body.push(part as Buffer);
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { ...(headers as Record<string, string>), 'accept-encoding': 'identity' },
      body: method === 'GET' ? undefined : Buffer.concat(body),
    });
    const etag = answer.headers.get('etag');
    const type = answer.headers.get('content-type') ?? 'application/json';
    response.writeHead(answer.status, { 'content-type': type, ...(etag ? { etag } : {}) });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    set(next: DoorState) {
      state = next;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
