import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { InMemStorageProvider, Unleash } from 'unleash-client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createUnleashRead } from '#app/clients/unleash/read.server.ts';
import { servedAnswer } from '#app/domain/flag/receipt.ts';
import { systemClock } from '#app/platform/clock.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { startUnleash, type UnleashServer } from '#scripts/supervisor/unleash.ts';

/** An Unleash of this file's own: switching environments would disturb every other file. */
const name = `unleash_${randomBytes(6).toString('hex')}`;
const flag = 'whole-environment';
let folder: string;
let server: UnleashServer;

async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('pgUrl') });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-own-unleash-'));
  await asOwner(`create database ${name}`);
  const url = new URL(inject('pgUrl'));
  url.pathname = `/${name}`;
  server = await startUnleash({ databaseUrl: url.href, dataDir: folder, log: () => undefined });
});
afterAll(async () => {
  await server?.stop();
  await asOwner(`drop database if exists ${name} with (force)`);
  rmSync(folder, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: object): Promise<number> {
  const headers = { authorization: server.adminToken, 'content-type': 'application/json' };
  const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
  const response = await fetch(`${server.url}/api/admin${path}`, init);
  await response.arrayBuffer();
  return response.status;
}

test('trap 6: switching a whole environment off is not a kill: SDKs are served the flag as if nothing had happened', async () => {
  const { url: baseUrl, adminToken, clientToken, devClientToken } = server;
  const read = createUnleashRead({
    address: { baseUrl, adminToken, clientTokens: { production: clientToken, development: devClientToken } },
    resilience: createResilience({ system: 'Unleash', retries: 0 }),
    clock: systemClock,
  });
  const answers = async () => {
    const { features } = await read.served('development');
    return servedAnswer(features, flag);
  };
  const of = `/projects/default/features/${flag}/environments/development`;
  await call('POST', '/projects/default/features', { name: flag, type: 'release' });
  const parameters = { rollout: '100', stickiness: 'default', groupId: flag };
  await call('POST', `${of}/strategies`, { name: 'flexibleRollout', parameters, constraints: [] });
  await call('POST', `${of}/on`);
  await expect.poll(answers, { timeout: 20_000, interval: 250 }).toBe(true);

  expect(await call('POST', '/environments/development/off')).toBe(204);
  // Longer than Unleash takes to notice a change: what a flag's own switch does, below, is served by then.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(await answers()).toBe(true);

  await call('POST', `${of}/off`);
  await expect.poll(answers, { timeout: 20_000, interval: 250 }).toBe(false);
});

test('trap 6: archiving is not a kill: SDKs are told nothing, and code whose own fallback is on goes on', async () => {
  const archived = 'archived';
  const of = `/projects/default/features/${archived}`;
  await call('POST', '/projects/default/features', { name: archived, type: 'release' });
  const sdk = new Unleash({
    ...{ url: `${server.url}/api`, appName: 'fallback', environment: 'development', refreshInterval: 200 },
    ...{ disableMetrics: true, customHeaders: { Authorization: server.devClientToken } },
    storageProvider: new InMemStorageProvider(),
  });
  sdk.on('error', () => undefined);
  const answer = () => sdk.isEnabled(archived, {}, true);
  try {
    // Off in Unleash: the fallback counts only where Unleash says nothing.
    await expect.poll(answer, { timeout: 20_000, interval: 100 }).toBe(false);
    expect(await call('DELETE', of)).toBe(202);
    await expect.poll(answer, { timeout: 20_000, interval: 100 }).toBe(true);
  } finally {
    sdk.destroy();
  }
});
