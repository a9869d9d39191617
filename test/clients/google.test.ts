import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMonitoringRead } from '#app/clients/cloud-monitoring/read.server.ts';
import { createCloudRunRead } from '#app/clients/cloud-run/read.server.ts';
import { lazyClient } from '#app/clients/google.ts';
import { createResilience } from '#app/platform/resilience.ts';

const unheard: unknown[] = [];
const hear = (error: unknown) => void unheard.push(error);
const before = process.env.GOOGLE_APPLICATION_CREDENTIALS;
beforeEach(() => {
  unheard.length = 0;
  process.on('unhandledRejection', hear);
  process.env.GOOGLE_APPLICATION_CREDENTIALS = '/nowhere/credentials.json';
});
afterEach(() => {
  process.off('unhandledRejection', hear);
  if (before === undefined) delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
  else process.env.GOOGLE_APPLICATION_CREDENTIALS = before;
});

test('without credentials a call says so, and nothing rejects where nobody hears it', async () => {
  const monitoring = createMonitoringRead({ endpoint: null, timeoutMs: 1_000 });
  const query = { project: 'p', filter: 'metric.type="x"', from: 0, to: 60_000, periodSeconds: 60, groupBy: [] };
  await expect(monitoring.counts(query)).rejects.toThrow(/credentials/);
  await expect(monitoring.counts(query)).rejects.toThrow(/credentials/);
  const resilience = createResilience({ system: 'Cloud Run', timeoutMs: 1_000, retries: 0 });
  const cloudRun = createCloudRunRead({ endpoint: null, resilience, secret: 's' });
  await expect(cloudRun.service({ project: 'p', region: 'r', service: 's' })).rejects.toThrow(/credentials/);
  await Promise.all([monitoring.close(), cloudRun.close()]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(unheard).toEqual([]);
});

test('credentials that come later are used: what could not be made ready is made anew, once for all who wait', async () => {
  let made = 0;
  let closed = 0;
  const client = lazyClient(() => {
    made += 1;
    const fails = made === 1;
    return {
      initialize: async () => {
        if (fails) throw new Error('no credentials');
      },
      close: async () => {
        closed += 1;
      },
    };
  });
  await expect(client.ready()).rejects.toThrow('no credentials');
  expect([made, closed]).toEqual([1, 1]);
  const [a, b] = await Promise.all([client.ready(), client.ready()]);
  expect(a).toBe(b);
  await client.close();
  expect([made, closed]).toEqual([2, 2]);
});
