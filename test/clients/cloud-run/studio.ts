import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCloudRunRead } from '#app/clients/cloud-run/read.server.ts';
import { createCloudRunWrite } from '#app/clients/cloud-run/write.server.ts';
import { manualClock } from '#app/platform/clock.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { createFaults } from '#simulator/faults.ts';
import { registerCloudRun } from '#simulator/google/run/register.ts';
import { createGoogleServer } from '#simulator/google/server.ts';
import { makeRevision } from '#simulator/world/revisions.ts';
import type { LiveService, SimContext } from '#simulator/world/seams.ts';

const worldStart = Date.UTC(2026, 10, 22, 3);

const shop: LiveService = {
  id: 'shop',
  title: 'Shop',
  owner: 'team-shop',
  target: { project: 'example', region: 'europe-west1', service: 'shop' },
  pagerDutyService: null,
  dependsOn: ['bank'],
  queues: [],
  flags: [],
};

/** The console's real clients of a Cloud Run at `endpoint`. `timeoutMs` is how long a read may take. */
export function connectCloudRun(endpoint: string, timeoutMs = 10_000) {
  const read = createCloudRunRead({
    endpoint,
    resilience: createResilience({ system: 'Cloud Run', timeoutMs, retries: 0 }),
    secret: 'a secret of the tests',
  });
  const write = createCloudRunWrite({
    endpoint,
    resilience: createResilience({ system: 'Cloud Run' }),
    timeoutMs: 1000,
  });
  return { read, write };
}

/** A simulated Cloud Run with one service, and the console's real clients connected to it. `seconds` lets data time pass; a `given` folder is kept. `timeoutMs` is how long a read may take. */
export async function openCloudRun(given: string | null = null, timeoutMs = 10_000) {
  const dataFolder = given ?? mkdtempSync(join(tmpdir(), 'cloud-run-'));
  const clock = manualClock(worldStart);
  const faults = createFaults();
  const google = createGoogleServer(faults);
  const context: SimContext = {
    clock,
    seed: 'test',
    worldStart,
    dataFolder,
    services: [shop],
    faults,
    onEvent: () => () => undefined,
  };
  const run = registerCloudRun(context, google);
  const endpoint = `127.0.0.1:${await google.listen(0)}`;
  const { read, write } = connectCloudRun(endpoint, timeoutMs);
  return {
    run,
    endpoint,
    read,
    write,
    faults,
    dataFolder,
    target: shop.target,
    seconds: (count: number) => clock.advance(count * 1000),
    nextRevision: () => makeRevision('test', 'shop', 900, clock.now()),
    async close() {
      run.close();
      await Promise.all([read.close(), write.close()]);
      await google.close();
      if (given === null) rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
