import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createProviderHealth } from '#simulator/provider-health.ts';

test('a provider is healthy until its drill, and a service answers both of its calls', async () => {
  let fails = false;
  const { handle } = createProviderHealth((_name, call) => fails && call !== 'health');
  const server = createServer(async (request, response) => {
    if (!(await handle(request, response))) response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const get = (path: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  try {
    expect(await (await get('/health/speech-provider')).json()).toEqual({ status: 'ok' });
    fails = true;
    expect((await get('/health/speech-provider')).status).toBe(503);
    expect((await get('/health/studio-api/ready')).status).toBe(503);
    expect((await get('/health/studio-api/health')).status).toBe(200);
    expect((await get('/health/studio-api/elsewhere')).status).toBe(404);
    expect((await get('/elsewhere')).status).toBe(404);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
