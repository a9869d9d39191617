import { v2 } from '@google-cloud/logging';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLoggingRead } from '#app/clients/cloud-logging/read.server.ts';
import { googleOptions } from '#app/clients/google.ts';
import { manualClock } from '#app/platform/clock.ts';
import { createFaults } from '#simulator/faults.ts';
import { registerLogging } from '#simulator/google/logging/register.ts';
import { createGoogleServer } from '#simulator/google/server.ts';
import { createFailureLog } from '#simulator/world/failure-log.ts';
import type { FailureCell, MinuteRecord } from '#simulator/world/minute-record.ts';
import { shop } from '../../support/studio.ts';

const minute = 29_000_000;
const start = minute * 60_000;
const cell = (over: Partial<FailureCell>): FailureCell => ({
  revision: 'r1',
  method: 'POST',
  path: '/v1/pay',
  code: 502,
  message: 'model "v2-large" not found',
  count: 3,
  ...over,
});
const record = (at: number, failures: FailureCell[]): MinuteRecord => ({
  service: shop.id,
  minute: at,
  requests: [],
  flags: [],
  failures,
});

const faults = createFaults();
const server = createGoogleServer(faults);
const failures = createFailureLog();
const listeners = new Set<(records: MinuteRecord[]) => void>();
let read: ReturnType<typeof createLoggingRead>;
let client: InstanceType<typeof v2.LoggingServiceV2Client>;
beforeAll(async () => {
  failures.add(record(minute, [cell({}), cell({ code: 504, message: 'deadline exceeded', count: 1 })]));
  failures.add(record(minute + 1, [cell({ count: 500, revision: 'r2' })]));
  registerLogging(
    server,
    {
      clock: manualClock(start),
      seed: 's',
      worldStart: start,
      dataFolder: '',
      services: [shop],
      faults,
      onEvent: () => () => undefined,
    },
    failures,
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  );
  const endpoint = `127.0.0.1:${await server.listen(0)}`;
  read = createLoggingRead({ endpoint, timeoutMs: 5000 });
  client = new v2.LoggingServiceV2Client(googleOptions(endpoint));
});
afterAll(async () => {
  await read.close();
  await client.close();
  await server.close();
});

const list = (filter: string, limit = 100) =>
  read.list({ project: 'shop', filter, from: start, to: start + 120_000, limit });

test('lines come newest first, with their request, revision and trace', async () => {
  const lines = await list('resource.labels.service_name="checkout-run" resource.labels.revision_name="r1"');
  expect(lines.length).toBe(4);
  expect(lines.map((line) => line.at)).toEqual(lines.map((line) => line.at).sort((a, b) => b - a));
  const line = lines.find((one) => one.request?.status === 502);
  expect(line).toMatchObject({
    severity: 'ERROR',
    message: 'model "v2-large" not found',
    revision: 'r1',
    request: { method: 'POST', path: '/v1/pay', status: 502 },
    trace: expect.stringMatching(/^projects\/shop\/traces\/[0-9a-f]{32}$/),
  });
});

test('the same lines come again', async () => {
  expect(await list('severity>=ERROR')).toEqual(await list('severity>=ERROR'));
});

test('a minute of many failures is a bounded sample that says what each line stands for', async () => {
  const [entries] = await client.listLogEntries(
    { resourceNames: ['projects/shop'], filter: 'resource.labels.revision_name="r2"', pageSize: 1000 },
    { autoPaginate: false },
  );
  expect(entries.length).toBe(20);
  expect(entries[0]?.labels?.stands_for).toBe('25');
});

test.each([
  ['httpRequest.status>=504', 1],
  ['httpRequest.status=502 resource.labels.revision_name="r1"', 3],
  ['"deadline exceeded"', 1],
  ['jsonPayload.message:"v2-large" AND NOT resource.labels.revision_name="r2"', 3],
  ['jsonPayload.message=~"^dead"', 1],
  ['severity>ERROR', 0],
  ['-"deadline" resource.labels.revision_name="r1"', 3],
  ['resource.labels.revision_name=("r1" OR "r3")', 4],
  ['httpRequest.status=504 OR resource.labels.revision_name="r2"', 21],
  ['resource.type="k8s_container"', 0],
])('%s finds %i', async (filter, count) => {
  expect((await list(filter)).length).toBe(count);
});

test('the limit is kept over pages', async () => {
  expect((await list('', 7)).length).toBe(7);
});

describe('refusals', () => {
  const ask = (request: object) => client.listLogEntries(request, { autoPaginate: false });
  test.each([
    [{ resourceNames: ['projects/shop'], filter: 'severity>=' }],
    [{ resourceNames: ['projects/shop'], filter: 'severity>=LOUD' }],
    [{ resourceNames: ['projects/shop'], orderBy: 'severity' }],
    [{ resourceNames: [] }],
    [{ resourceNames: ['shop'] }],
  ])('%o', async (request) => {
    await expect(ask(request)).rejects.toMatchObject({ code: 3 });
  });
});

test('a tail hears of new minutes that match', async () => {
  const stream = client.tailLogEntries();
  const heard = new Promise<string[]>((resolve, reject) => {
    stream.on('data', (response: { entries: { jsonPayload: { fields: { message: { stringValue: string } } } }[] }) =>
      resolve(response.entries.map((entry) => entry.jsonPayload.fields.message.stringValue)),
    );
    stream.on('error', reject);
  });
  stream.write({ resourceNames: ['projects/shop'], filter: 'httpRequest.status=503' });
  await expect.poll(() => listeners.size).toBe(1);
  const late = record(minute + 2, [cell({ code: 503, message: 'no instance', count: 1 }), cell({})]);
  failures.add(late);
  for (const listener of listeners) listener([late]);
  expect(await heard).toEqual(['no instance']);
  stream.end();
  await expect.poll(() => listeners.size).toBe(0);
});
