import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createControl, type WorldControl } from '#simulator/control/control.ts';
import { createUnleashRelay } from '#simulator/control/unleash-relay.ts';
import { createFaults } from '#simulator/faults.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const post = (url: string, body: unknown) => fetch(url, { method: 'POST', body: JSON.stringify(body) });

async function startControl() {
  const heard: unknown[] = [];
  const world: WorldControl = {
    startDrill: async (body) => void heard.push(body),
    setTraffic: (body) => void heard.push(body),
    turnFlag: async (body) => void heard.push(body),
    deploy: (body) => {
      heard.push(body);
      return { revision: 'r2' };
    },
    setBlackout: (body) => void heard.push(body),
    harm: (body) => void heard.push(body),
    setQueue: (body) => void heard.push(body),
    harmless: () => void heard.push('harmless'),
    calm: async () => void heard.push('calm'),
    fails: () => false,
    state: () => ({ now: 1 }),
  };
  const faults = createFaults();
  const control = createControl(
    world,
    faults,
    (body) => void heard.push(body),
    (body) => {
      heard.push(body);
      return { id: 'Q1', url: 'http://console/pagerduty/incidents/Q1' };
    },
    (body) => void heard.push(body),
  );
  const url = await listen(
    createServer((request, response) => control.handle(request, response) || response.end('other')),
  );
  return { url, heard, faults };
}

test('drills, traffic and deploys reach the world as they were asked for', async () => {
  const { url, heard } = await startControl();
  await post(`${url}/sim/drill`, { name: 'bad-flag', at: 5 });
  await post(`${url}/sim/traffic`, { service: 'a', ratio: 0.1 });
  const deploy = await post(`${url}/sim/deploy`, { service: 'a', rollback: 'unsafe' });
  expect(heard).toEqual([
    { name: 'bad-flag', at: 5 },
    { service: 'a', ratio: 0.1 },
    { service: 'a', rollback: 'unsafe' },
  ]);
  expect(await deploy.json()).toEqual({ revision: 'r2' });
  expect(await (await fetch(`${url}/sim/state`)).json()).toEqual({ now: 1 });
});

test('harm, stuck queues and calm reach the world', async () => {
  const { url, heard } = await startControl();
  await post(`${url}/sim/harm`, { service: 'a', failShare: 0.5, slowShare: 0 });
  await post(`${url}/sim/queue`, { queue: 'jobs', stuck: true });
  await post(`${url}/sim/harmless`, {});
  await post(`${url}/sim/calm`, {});
  expect((await post(`${url}/sim/harm`, { service: 'a', failShare: 50, slowShare: 0 })).status).toBe(400);
  const everyone = { flag: null, sparedBy: null, dependency: null };
  const harm = { service: 'a', failShare: 0.5, slowShare: 0, ...everyone };
  expect(heard).toEqual([harm, { queue: 'jobs', stuck: true }, 'harmless', 'calm']);
});

test('an incident can be opened in PagerDuty by hand, on any service or on none that is known', async () => {
  const { url, heard } = await startControl();
  const opened = await post(`${url}/sim/incident`, { title: 'The badges do not print' });
  expect(await opened.json()).toEqual({ id: 'Q1', url: 'http://console/pagerduty/incidents/Q1' });
  await post(`${url}/sim/incident`, { title: 'Voiceover is slow', service: 'PVOICE1' });
  expect((await post(`${url}/sim/incident`, {})).status).toBe(400);
  expect(heard).toEqual([{ title: 'The badges do not print' }, { title: 'Voiceover is slow', service: 'PVOICE1' }]);
});

test('nonsense is refused with the reason, and other paths are left to others', async () => {
  const { url, heard } = await startControl();
  const refused = await post(`${url}/sim/drill`, { name: 'earthquake' });
  expect(refused.status).toBe(400);
  expect(JSON.stringify(await refused.json())).toContain('bad-flag');
  expect((await fetch(`${url}/sim/nothing`)).status).toBe(404);
  expect(await (await fetch(`${url}/incidents`)).text()).toBe('other');
  expect(heard).toEqual([]);
});

test('a fault strikes its system only, for its share of requests', async () => {
  const { url, faults } = await startControl();
  await post(`${url}/sim/fault`, { system: 'logging', kind: '500' });
  expect(faults.check('logging')).toBe('500');
  expect(faults.check('monitoring')).toBe('none');
  const draws = [0.1, 0.9];
  const some = createFaults(() => draws.shift()!);
  some.set('unleash', 'reset', 0.5);
  expect([some.check('unleash'), some.check('unleash')]).toEqual(['reset', 'none']);
});

test('the relay passes requests on to Unleash and fails as told', async () => {
  const upstream = await listen(
    createServer((request, response) => {
      response.writeHead(201, { etag: '"7"' });
      request.pipe(response);
    }),
  );
  const faults = createFaults();
  const relay = await listen(createUnleashRelay(upstream, faults));
  const passed = await post(`${relay}/api/x`, { a: 1 });
  expect([passed.status, passed.headers.get('etag'), await passed.json()]).toEqual([201, '"7"', { a: 1 }]);
  faults.set('unleash', '429');
  expect((await fetch(relay)).status).toBe(429);
  faults.set('unleash', '500');
  expect((await fetch(relay)).status).toBe(500);
  faults.set('unleash', 'garbage');
  await expect(fetch(relay).then((response) => response.json())).rejects.toThrow(SyntaxError);
  faults.set('unleash', 'reset');
  await expect(fetch(relay)).rejects.toThrow('fetch failed');
  faults.set('unleash', 'stall');
  await expect(fetch(relay, { signal: AbortSignal.timeout(200) })).rejects.toThrow(/timeout/i);
});
