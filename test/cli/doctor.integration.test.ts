import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openDb } from '#app/platform/db.server.ts';
import { ensurePerson } from '#app/platform/people.server.ts';
import { createTestDatabase, testDatabase } from '#test/support/database.ts';
import { prometheusSlo } from '../domain/openslo/documents.ts';
import { routingKey, startPagerDuty, type TestPagerDuty, token } from '../simulator/pagerduty/start.ts';
import { firebreak } from './terminal.ts';

const database = testDatabase();
let pagerDuty: TestPagerDuty;
let outside: Server;
let folder: string;
let right: Record<string, string>;
/** What the server that plays Prometheus and the outside check was asked. */
const asked: string[] = [];

beforeAll(async () => {
  const password = 'a-long-enough-password';
  await ensurePerson(database.db, { email: 'ada@studio.example', name: 'Ada', role: 'admin', teams: [], password });
  pagerDuty = await startPagerDuty();
  outside = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [] } }));
  });
  await new Promise<void>((done) => outside.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'firebreak-doctor-'));
  mkdirSync(join(folder, 'alerts'));
  const service =
    'apiVersion: openslo/v1\nkind: Service\nmetadata: { name: shop, annotations: { firebreak.dev/owner: web } }\nspec: { description: Sells. }\n';
  const source = `apiVersion: openslo/v1\nkind: DataSource\nmetadata: { name: prom }\nspec: { type: Prometheus, connectionDetails: { url: '${url}' } }\n`;
  const slo = prometheusSlo().replaceAll('type: Prometheus', 'metricSourceRef: prom, type: Prometheus');
  writeFileSync(join(folder, 'alerts', 'shop.yaml'), [service, source, slo].join('---\n'));
  const { url: unleash, adminToken, clientToken } = inject('unleash');
  right = {
    DATABASE_URL: database.url,
    FIREBREAK_SECRET: 'x'.repeat(40),
    FIREBREAK_CATALOG: folder,
    UNLEASH_URL: unleash,
    UNLEASH_ADMIN_TOKEN: adminToken,
    UNLEASH_CLIENT_TOKEN: clientToken,
    PAGERDUTY_API_TOKEN: token,
    PAGERDUTY_API_URL: pagerDuty.url,
    PAGERDUTY_EVENTS_URL: pagerDuty.url,
    PAGERDUTY_ROUTING_KEY: 'R0'.padEnd(32, '7'),
    PAGERDUTY_WEBHOOK_SECRETS: 'webhook-secret',
    PAGERDUTY_FROM: 'ada@studio.example',
    GOOGLE_ENDPOINT: '127.0.0.1:9',
    DEADMAN_URL: `${url}/ping/me`,
  };
});
afterAll(async () => {
  outside.closeAllConnections();
  outside.close();
  await pagerDuty.stop();
  rmSync(folder, { recursive: true });
});

interface Report {
  ok: boolean;
  findings: { check: string; state: string; text: string; mend: string | null }[];
}
async function examined(change: Record<string, string>): Promise<{ code: number; report: Report; out: string }> {
  const { code, out } = await firebreak(['doctor', '--json'], { ...right, ...change });
  return { code, out, report: JSON.parse(out) };
}

test('where all is right it says so of each thing, pings nobody and changes nothing', async () => {
  const { code, out } = await firebreak(['doctor'], right);
  expect(out.split('\n').filter((line) => !line.startsWith('✓'))).toEqual(['']);
  expect(code).toBe(0);
  for (const check of ['settings', 'catalog', 'database', 'clock of the database', 'people', 'source prometheus/prom'])
    expect(out).toContain(`✓ ${check}: `);
  for (const check of ['Unleash, admin token', 'Unleash, client token', 'clock of Unleash', 'PagerDuty, routing key'])
    expect(out).toContain(`✓ ${check}: `);
  for (const check of ['PagerDuty, REST key', 'PagerDuty, user', 'dead-man’s switch'])
    expect(out).toContain(`✓ ${check}: `);
  expect(asked).toEqual(['POST /api/v1/query']);
  expect(pagerDuty.desk.standing()).toEqual([]);
  for (const secret of [token, routingKey, right.UNLEASH_ADMIN_TOKEN!]) expect(out).not.toContain(secret);
});

test.each([
  ['dead-man’s switch', { DEADMAN_URL: '' }, /not set: when Firebreak dies nobody hears of it/],
  ['dead-man’s switch', { DEADMAN_URL: 'http://127.0.0.1:9/x' }, /127\.0\.0\.1 is not there: .*ECONNREFUSED/],
  ['database', { DATABASE_URL: 'postgres://nobody:hush-hush@127.0.0.1:9/x' }, /^It does not answer: .*ECONNREFUSED/],
  ['Unleash, admin token', { UNLEASH_ADMIN_TOKEN: '*:*.wrong-wrong-wrong' }, /Unleash .*401/],
  ['Unleash, client token', { UNLEASH_CLIENT_TOKEN: 'default:production.wrong' }, /401/],
  ['PagerDuty, REST key', { PAGERDUTY_API_TOKEN: 'wrong-rest-token' }, /PagerDuty .*401/],
  ['PagerDuty, routing key', { PAGERDUTY_ROUTING_KEY: 'too-short' }, /not 32 letters and digits/],
  ['PagerDuty, user', { PAGERDUTY_FROM: 'nobody@studio.example' }, /knows nobody by nobody@studio.example/],
  [
    'source prometheus/prom',
    { PROMETHEUS_SOURCES: '{"prom":{"url":"http://127.0.0.1:9"}}' },
    /fetch failed \(bad port\)/,
  ],
  ['catalog', { FIREBREAK_CATALOG: '/tmp/firebreak-nowhere' }, /No SLO in \/tmp\/firebreak-nowhere|errors?;/],
])('%s is wrong where %j, and the line says how to mend it', async (check, change, text) => {
  const { code, report, out } = await examined(change);
  const wrong = report.findings.filter(({ state }) => state === 'problem');
  expect(wrong.map((finding) => finding.check)).toEqual([check]);
  expect(wrong[0]!.text).toMatch(text);
  expect(wrong[0]!.mend).toMatch(/^\S.{20}/);
  expect([code, report.ok]).toEqual([1, false]);
  expect(out).not.toMatch(/hush-hush|wrong-wrong-wrong|wrong-rest-token/);
});

test('an outside check on this very machine is none in the real world', async () => {
  const { GOOGLE_ENDPOINT: _, ...real } = right;
  const { out, code } = await firebreak(['doctor'], real);
  expect(out).toContain('✗ dead-man’s switch: 127.0.0.1 is this machine: it would die together with Firebreak.');
  expect(code).toBe(1);
});

test('an empty database is not migrated, and nothing is created in it', async () => {
  const empty = await createTestDatabase();
  const { db, close } = openDb(empty.url, { onError: () => undefined });
  await db.schema.dropSchema('public').cascade().execute();
  await db.schema.createSchema('public').execute();
  const { report } = await examined({ DATABASE_URL: empty.url });
  expect(report.findings.find(({ check }) => check === 'database')).toMatchObject({
    state: 'problem',
    text: expect.stringMatching(/its schema is not this version’s/),
  });
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  expect(tables.filter(({ schema }) => schema === 'public')).toEqual([]);
  await close();
  await empty.drop();
});

test('wrong settings are named one by one, and what stands on them is not looked at', async () => {
  const { code, out } = await firebreak(['doctor'], { ...right, UNLEASH_URL: 'unleash', FIREBREAK_SECRET: 'short' });
  expect(code).toBe(1);
  expect(out).toContain('✗ settings: FIREBREAK_SECRET: needs at least 32 characters.');
  expect(out).toContain('✗ settings: UNLEASH_URL: must be an http(s) address.');
  expect(out).toContain('– database: Not looked at: the settings are wrong.');
  expect(out).toContain('✓ catalog: 1 SLO of 1 service in ');
  expect((await firebreak(['doctor', '--nonsense'], right)).code).toBe(2);
});
