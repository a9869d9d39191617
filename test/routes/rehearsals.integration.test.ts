import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { type AppLoadContext, createRequestHandler } from '@remix-run/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#app/platform/clock.ts';
import { createApiKeyStore } from '#app/stores/api-keys.server.ts';
import { appendAudit, createAuditStore } from '#app/stores/audit.server.ts';
import { createRehearsalStore } from '#app/stores/rehearsals.server.ts';
import { record } from '#scripts/rehearse/record.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeContext } from '../support/pages/context.ts';
import { sourceBuild } from '../support/pages/source-build.ts';
import { burningWorld } from '../support/pages/world.ts';

const handle = createRequestHandler(sourceBuild(), 'production');
const [bytes, others] = ['a'.repeat(64), 'b'.repeat(64)];
const slug = 'voiceover-burn';
const held = { name: 'a flag burns it', held: true, why: null };
const database = testDatabase();
let server: Server;
let url: string;
let keys: { rehearsals: string; changes: string };

beforeAll(async () => {
  const apiKeys = createApiKeyStore(database.db, systemClock);
  const make = (scope: string) =>
    apiKeys.create({ name: 'ci', owner: 'ada@studio.example', scopes: [scope], expiresAt: null });
  keys = { rehearsals: await make('rehearsals:write'), changes: await make('changes:write') };
  const world = burningWorld();
  world.catalog!.runbooks[0]!.digest = bytes;
  const context = fakeContext(world, 'viewer');
  const rehearsals = createRehearsalStore(database.db, async () => undefined, appendAudit);
  const full = { ...context, stores: { ...context.stores, apiKeys, rehearsals } } as unknown as AppLoadContext;
  server = createServer(async (incoming, response) => {
    const body = incoming.method === 'POST' ? (Readable.toWeb(incoming) as ReadableStream) : null;
    const headers = incoming.headers as Record<string, string>;
    const init = { method: incoming.method, headers, body, duplex: 'half' } as RequestInit;
    const answer = await handle(new Request(`http://127.0.0.1${incoming.url}`, init), full);
    response.writeHead(answer.status).end(await answer.text());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
});

const page = async (path: string) =>
  (await (await fetch(`${url}${path}`)).text()).replace(/<script[\s\S]*?<\/script>/g, '').replace(/<[^>]*>/g, '');

test('what a program played stands on the runbook’s page and in the list, grey once the bytes are others', async () => {
  expect(await page(`/runbooks/${slug}`)).toMatch(/No rehearsal beside it/);
  await record([{ runbook: slug, digest: others, rehearsal: others, cases: [held] }], url, keys.rehearsals);
  expect(await page(`/runbooks/${slug}`)).toMatch(/Rehearsed with other bytes, 1 of 1 case/);
  expect(await page('/runbooks')).toMatch(/rehearsed with other bytes/);
  const line = (await createAuditStore(database.db).page({ limit: 5 }))[0];
  expect([line?.action, line?.actor, line?.target]).toEqual(['rehearsal.recorded', 'key ci', `runbook/${slug}`]);
});

test('a key of another scope, a runbook that does not exist and a report without cases are refused with words', async () => {
  const report = { runbook: slug, digest: bytes, rehearsal: bytes, cases: [held] };
  await expect(record([report], url, keys.changes)).rejects.toThrow(/403.*rehearsals:write/s);
  await expect(record([{ ...report, runbook: 'none' }], url, keys.rehearsals)).rejects.toThrow(/no runbook none/);
  await expect(record([{ ...report, cases: [] }], url, keys.rehearsals)).rejects.toThrow(/400/);
});
