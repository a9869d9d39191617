// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of endpoints look like this
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEndpointsRead } from '#app/clients/endpoint/read.server.ts';
import { createEndpointsWrite } from '#app/clients/endpoint/write.server.ts';
import type { Endpoint } from '#app/domain/endpoint/endpoint.ts';
import { createResilience } from '#app/platform/resilience.ts';

let server: ReturnType<typeof createServer>;
let port: number;
/** What the server got, and how it answers. */
let calls: { path: string; headers: IncomingMessage['headers']; body: string }[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  calls = [];
  answer = (response) => response.end('fine');
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    calls.push({ path: request.url ?? '', headers: request.headers, body });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function endpoint(part: Partial<Endpoint>): Endpoint {
  const base = { name: 'there', title: 'There', use: 'request' as const, method: 'POST' as const, headers: {} };
  return { ...base, url: '${env:THERE}', status: [200], contains: null, repeatable: false, ...part };
}

const hide = (text: string) => text.replaceAll('s3cret', '[redacted]');

/** The clients, with what the operator's environment says. `internal` lists host:port. */
function clients(references: Record<string, string>, internal: string[] = []) {
  const resilience = createResilience({ system: 'Declared endpoints' });
  const settings = { references, internal };
  return { read: createEndpointsRead(settings, resilience), write: createEndpointsWrite(settings, resilience, hide) };
}

const signal = new AbortController().signal;
const scope = { hosts: ['hooks.example.com'] };
const message = { key: 'run/step/apply/1', body: { text: 'hello' } };

test('a message goes out with its key and its headers, secrets filled in', async () => {
  const { write } = clients({ THERE: `http://127.0.0.1:${port}/hook`, TOKEN: 's3cret' }, [`127.0.0.1:${port}`]);
  const there = endpoint({ headers: { Authorization: 'Bearer ${env:TOKEN}' } });
  expect(await write.send(there, scope, message, signal)).toMatchObject({ status: 200, body: 'fine' });
  expect(calls).toMatchObject([
    {
      path: '/hook',
      body: '{"text":"hello"}',
      headers: { authorization: 'Bearer s3cret', 'idempotency-key': 'run/step/apply/1' },
    },
  ]);
});

test.each(['http://127.0.0.1', 'http://2130706433', 'http://0x7f.1', 'http://[::ffff:127.0.0.1]', 'http://localhost'])(
  '%s is not called unless the operator allows it',
  async (base) => {
    const url = `${base}:${port}/`;
    const { write } = clients({ THERE: url });
    expect(write.refusal(endpoint({}), scope)).toBe('There: only https is called.');
    await expect(write.send(endpoint({}), scope, message, signal)).rejects.toMatchObject({ code: 'bad_input' });
    expect(calls).toEqual([]);
  },
);

test('a name of the catalog that leads to this machine is refused as it is connected to', async () => {
  const { write } = clients({ THERE: `https://localhost:${port}/` });
  const named = { hosts: [`localhost:${port}`] };
  expect(write.refusal(endpoint({}), named)).toBeNull();
  const error = await write.send(endpoint({}), named, message, signal).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'unavailable', reason: 'refused' });
  expect(error.message).toMatch(/leads to a private address \((127\.0\.0\.1|::1)\)/);
  expect(calls).toEqual([]);
});

test('link-local addresses are not called whoever allows them', async () => {
  const { read } = clients({ THERE: 'http://169.254.169.254/latest' }, ['169.254.169.254:80']);
  await expect(read.get(endpoint({ use: 'probe' }), scope, signal)).rejects.toMatchObject({
    reason: 'refused',
    message: 'There leads to a link-local address (169.254.169.254) and is not called.',
  });
});

test('hosts are compared whole, with their port', () => {
  const { write } = clients({});
  const refusal = (url: string) => write.refusal(endpoint({ url }), scope);
  expect(refusal('https://hooks.example.com/a')).toBeNull();
  expect(refusal('https://hooks.example.com:8443/a')).toContain('not among the catalog');
  expect(refusal('https://hooks.example.com.evil.test/a')).toContain('not among the catalog');
  expect(refusal('https://evil.test/?hooks.example.com')).toContain('not among the catalog');
  expect(refusal('https://hooks.example.com@evil.test/')).toContain('not among the catalog');
  expect(refusal('${env:UNSET}/x')).toBe('There: FIREBREAK_REF_UNSET is not set where Firebreak runs.');
});

test('a redirect is not followed', async () => {
  answer = (response) => response.writeHead(302, { location: `http://127.0.0.1:${port}/elsewhere` }).end();
  const { write } = clients({ THERE: `http://127.0.0.1:${port}/` }, [`127.0.0.1:${port}`]);
  await expect(write.send(endpoint({}), scope, message, signal)).rejects.toMatchObject({ answered: 302 });
  expect(calls.map(({ path }) => path)).toEqual(['/']);
});

test('more than 1 MB is not read', async () => {
  answer = (response) => response.end('x'.repeat(1_000_001));
  const { read } = clients({ THERE: `http://127.0.0.1:${port}/` }, [`127.0.0.1:${port}`]);
  await expect(read.get(endpoint({ use: 'probe' }), scope, signal)).rejects.toMatchObject({
    message: 'There answered more than 1 MB',
  });
});

test.each([202, 302])('%i, which the endpoint does not declare, may have been taken', async (status) => {
  answer = (response) => response.writeHead(status).end('queued');
  const { write } = clients({ THERE: `http://127.0.0.1:${port}/` }, [`127.0.0.1:${port}`]);
  await expect(write.send(endpoint({}), scope, message, signal)).rejects.toMatchObject({
    code: 'unavailable',
    reason: 'garbage',
    message: `There answered ${status}, which its declaration does not name: queued`,
  });
});

test('what a no is quoted with holds no secret, also where it is cut', async () => {
  const { write } = clients({ THERE: `http://127.0.0.1:${port}/` }, [`127.0.0.1:${port}`]);
  answer = (response) => response.writeHead(422).end(`${'x'.repeat(197)}s3cret`);
  const error = await write.send(endpoint({}), scope, message, signal).catch((thrown: Error) => thrown);
  expect((error as Error).message).toMatch(/x\[re$/);
});

test('a no is a refusal, and a broken server may have taken it', async () => {
  const { write } = clients({ THERE: `http://127.0.0.1:${port}/` }, [`127.0.0.1:${port}`]);
  answer = (response) => response.writeHead(422).end('no such page');
  await expect(write.send(endpoint({}), scope, message, signal)).rejects.toMatchObject({
    reason: 'refused',
    message: 'There answered 422: no such page',
  });
  answer = (response) => response.writeHead(503).end();
  await expect(write.send(endpoint({}), scope, message, signal)).rejects.toMatchObject({ reason: 'server' });
});
