import pino from 'pino';
import { beforeEach, expect, test } from 'vitest';
import { createDoors } from '#app/context-doors.server.ts';
import type { RequestContext } from '#app/load-context.ts';
import { manualClock } from '#app/platform/clock.ts';
import { action } from '#app/routes/api.v1.changes.ts';
import { createApiKeyStore } from '#app/stores/api-keys.server.ts';
import { appendAudit, createAuditStore } from '#app/stores/audit.server.ts';
import { createChangeReports } from '#app/stores/change-reports.server.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { testDatabase } from '#test/support/database.ts';

const clock = manualClock(Date.UTC(2026, 2, 2, 3, 0));
const notify = async () => undefined;
const database = testDatabase({ each: true });
let context: RequestContext;
let key: string;
beforeEach(async () => {
  const apiKeys = createApiKeyStore(database.db, clock);
  context = {
    stores: {
      apiKeys,
      changes: {
        ...createChangeStore(database.db, clock.now, notify),
        ...createChangeReports({ db: database.db, clock, notify, audit: (tx, entry) => appendAudit(tx, entry) }),
      },
      catalog: { current: async () => ({ services: [{ id: 'studio-api' }] }) },
    },
    clock,
    log: pino({ level: 'silent' }),
    address: '192.0.2.7',
    doors: createDoors(database.pool, []),
  } as unknown as RequestContext;
  key = await apiKeys.create({ name: 'ci', owner: 'ada@studio.example', scopes: ['changes:write'], expiresAt: null });
});

const report = {
  id: 'run-42',
  kind: 'migration',
  target: '0042_scenes',
  title: 'Migration 0042',
  service: 'studio-api',
};
async function post(body: unknown, authorization: string | null = `Bearer ${key}`) {
  const request = new Request('http://console/api/v1/changes', {
    method: 'POST',
    headers: authorization ? { authorization } : {},
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const response = (await action({ request, context, params: {} } as never)) as Response;
  return { status: response.status, headers: response.headers, body: await response.json() };
}
const recorded = () => context.stores.changes.recent({ limit: 10 });

test('a report is recorded once, however often it is sent', async () => {
  expect(await post(report)).toMatchObject({ status: 201, body: { id: 'run-42', recorded: true } });
  expect(await post(report)).toMatchObject({ status: 200, body: { recorded: false } });
  expect(await createAuditStore(database.db).page({ limit: 5 })).toEqual([
    expect.objectContaining({
      actor: 'key ci',
      action: 'change.record',
      target: 'migration/0042_scenes',
      address: '192.0.2.7',
    }),
  ]);
  expect(await recorded()).toMatchObject([
    { source: 'api', externalId: 'run-42', kind: 'migration', service: 'studio-api', at: clock.now(), actor: 'ci' },
  ]);
});

test('without a valid key nothing is recorded', async () => {
  for (const authorization of [null, 'Bearer fb_guessed-guessed-guessed-guessed', `Basic ${key}`, `Bearer ${key}x`]) {
    expect(await post(report, authorization)).toMatchObject({
      status: 401,
      body: { error: { code: 'unauthenticated' } },
    });
  }
  const other = await context.stores.apiKeys.create({ name: 'reader', owner: 'x', scopes: ['read'], expiresAt: null });
  expect(await post(report, `Bearer ${other}`)).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  expect(await recorded()).toEqual([]);
});

test.each([
  ['a missing title', { ...report, title: undefined }, 'title'],
  ['an unknown kind', { ...report, kind: 'magic' }, 'kind'],
  ['a service outside the catalog', { ...report, service: 'nobody' }, 'service'],
  ['a time far ahead', { ...report, at: '2026-03-02T03:06:00Z' }, 'at'],
  ['a script for a link', { ...report, url: 'javascript:alert(1)' }, 'url'],
])('%s is refused and named', async (_name, body, field) => {
  expect(await post(body)).toMatchObject({ status: 400, body: { error: { code: 'bad_input', field } } });
  expect(await recorded()).toEqual([]);
});

test('a body that is no JSON is refused', async () => {
  expect(await post('{')).toMatchObject({ status: 400, body: { error: { code: 'bad_input', field: null } } });
});

test('the 601st report of a minute waits', async () => {
  for (let sent = 0; sent < 600; sent += 50) await Promise.all(Array.from({ length: 50 }, () => post(report)));
  const refused = await post(report);
  expect(refused).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
});
