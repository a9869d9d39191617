import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createImpactRead } from '#app/clients/unleash/impact-read.server.ts';
import { createResilience } from '#app/platform/resilience.ts';

let server: Server;
afterEach(() => server.close());

async function readFrom(answer: RequestListener, metrics = ['answers', 'failed']) {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return createImpactRead({
    address: { baseUrl: `http://127.0.0.1:${port}`, adminToken: 'secret', clientTokens: {} },
    resilience: createResilience({ system: 'Unleash', retries: 0 }),
  }).counters(metrics);
}

const text = `# HELP answers Requests
# TYPE answers counter
answers{origin="sdk",appName="shop",environment="production",one_click="enabled"} 108
answers{origin="sdk",metric_type="counter"} 0
answers_slow{origin="sdk"} 4

# TYPE failed counter
failed{appName="say \\"hi\\"",one_click="disabled"} NaN
failed{appName="say \\"hi\\"",one_click="enabled"} 1.5e1
other{one_click="enabled"} 9
`;

test('the counters that were asked for, with their labels; what is no number is left out', async () => {
  const counters = await readFrom((request, response) => {
    expect(request.url).toBe('/internal-backstage/impact/metrics');
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
  });
  expect(counters).toEqual([
    {
      metric: 'answers',
      labels: { origin: 'sdk', appName: 'shop', environment: 'production', one_click: 'enabled' },
      value: 108,
    },
    { metric: 'answers', labels: { origin: 'sdk', metric_type: 'counter' }, value: 0 },
    { metric: 'failed', labels: { appName: 'say "hi"', one_click: 'enabled' }, value: 15 },
  ]);
});

test.each<[string, RequestListener, RegExp]>([
  ['knows no such path', (_, response) => response.writeHead(404).end(), /gives out no impact metrics/],
  [
    'answers with a page',
    (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    /gives out no impact metrics/,
  ],
  ['refuses the token', (_, response) => response.writeHead(401).end(), /Unleash answered 401/],
  ['lets nobody in', (_, response) => response.writeHead(403).end(), /Unleash answered 403/],
  ['fails', (_, response) => response.writeHead(500).end(), /Unleash answered 500/],
  ['hangs up', (request) => request.socket.destroy(), /Unleash dropped the connection/],
])('an Unleash that %s is told', async (_, answer, words) => {
  await expect(readFrom(answer)).rejects.toThrow(words);
});
