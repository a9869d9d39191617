import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock } from '#app/platform/clock.ts';
import { createFaults } from '#simulator/faults.ts';
import { createPagerDuty, type PagerDutyOptions } from '#simulator/pagerduty/pagerduty.ts';
import { sequence } from '#simulator/world/random.ts';

export const start = Date.UTC(2026, 2, 2, 3, 0);
export const token = 'rest-token-of-the-test';
export const routingKey = 'routing-key-of-the-test';
export const secret = 'webhook-secret-of-the-test';
/** Webhooks that arrive once, in seconds. */
export const calm = { lost: 0, doubled: 0, late: 0 };

/** A simulated PagerDuty on a free port, with a clock turned by hand. `restart` ends the process's memory and starts from the folder. */
export async function startPagerDuty(options: Partial<PagerDutyOptions> = {}) {
  const clock = manualClock(start);
  const faults = createFaults();
  const dataDir = mkdtempSync(join(tmpdir(), 'pagerduty-'));
  const make = () =>
    createPagerDuty({
      clock,
      random: sequence('test'),
      services: [
        { id: 'PVOICE1', name: 'Voiceover', source: 'voiceover' },
        { id: 'PSTUDIO', name: 'Studio API', source: 'studio-api' },
        { id: 'PFOREIGN', name: 'Somebody else', source: null },
      ],
      users: [
        { id: 'UADA', name: 'Ada', email: 'ada@studio.example' },
        { id: 'UGRACE', name: 'Grace', email: 'grace@studio.example' },
      ],
      onCall: [
        { service: null, level: 1, user: 'UADA' },
        { service: null, level: 2, user: 'UGRACE' },
      ],
      token,
      routingKey,
      webhook: { url: 'http://127.0.0.1:9/webhooks/pagerduty', secret },
      manners: calm,
      faults,
      dataDir,
      publicUrl: () => url,
      ...options,
    });
  let pagerDuty = make();
  const server = createServer((req, res) => {
    pagerDuty.handle(req, res).then((known) => {
      if (!known) res.writeHead(404).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    clock,
    faults,
    dataDir,
    address: { apiUrl: url, eventsUrl: url, token },
    get desk() {
      return pagerDuty.desk;
    },
    tick: () => pagerDuty.tick(),
    restart() {
      pagerDuty.close();
      pagerDuty = make();
    },
    async stop() {
      pagerDuty.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export type TestPagerDuty = Awaited<ReturnType<typeof startPagerDuty>>;
