import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CounterQuery, PrometheusAddress } from '#app/clients/prometheus/port.ts';
import { createPrometheusRead, isTooMuch } from '#app/clients/prometheus/read.server.ts';
import { createResilience } from '#app/platform/resilience.ts';

let answer: (request: IncomingMessage, response: ServerResponse, body: URLSearchParams) => void;
const asked: {
  url: string | undefined;
  method: string | undefined;
  authorization: string | undefined;
  body: string;
}[] = [];
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { url, method, headers } = request;
  asked.push({
    url,
    method,
    authorization: headers.authorization,
    body: decodeURIComponent(body.replaceAll('+', ' ')),
  });
  answer(request, response, new URLSearchParams(body));
});
let base = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => void asked.splice(0));

const from = 1_700_000_000_000;
const query = (over: Partial<CounterQuery> = {}): CounterQuery => ({
  source: 'shop',
  url: `${base}/prom/`,
  selector: 'x_total{code="5"}',
  from,
  to: from + 600_000,
  ...over,
});

function reader(addresses: Record<string, PrometheusAddress> = {}, mostBytes?: number) {
  const systems: string[] = [];
  const policy = (system: string) => {
    systems.push(system);
    return createResilience({ system, timeoutMs: 300, retries: 0 });
  };
  return { systems, ...createPrometheusRead({ addresses, policy, mostBytes }) };
}

function says(status: number, body: unknown, headers: Record<string, string> = {}) {
  answer = (_, response) => {
    if (status === 0) return;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

const matrix = (...result: unknown[]) => ({ status: 'success', data: { resultType: 'matrix', result } });

test('asks for the readings themselves, by a range as long as the stretch, and takes those of (from, to]', async () => {
  const at = from / 1000;
  const values = [
    [at, '1'],
    [at + 0.25, '2'],
    [at + 30, 'NaN'],
    [at + 60, '+Inf'],
    [at + 600, '4.5e3'],
  ];
  says(200, matrix({ metric: { __name__: 'x_total', code: '5' }, values }, { metric: { __name__: 'y' }, values: [] }));
  const found = await reader().counters(query());
  expect(found).toEqual([
    {
      name: 'x_total',
      labels: { code: '5' },
      times: Float64Array.of(from + 250, from + 600_000),
      values: Float64Array.of(2, 4500),
    },
  ]);
  expect(asked).toEqual([
    {
      url: '/prom/api/v1/query',
      method: 'POST',
      authorization: undefined,
      body: `query=x_total{code="5"}[600s]&time=${at + 600}`,
    },
  ]);
});

test('the environment moves a source, and a token goes only to the address beside it', async () => {
  says(200, matrix());
  const { counters, systems } = reader({ shop: { url: base, token: 'secret-token' } });
  await counters(query({ url: 'http://elsewhere.invalid' }));
  await counters(query({ source: 'other' }));
  await counters(query({ source: 'constructor' }));
  expect(asked.map(({ url, authorization }) => [url, authorization])).toEqual([
    ['/api/v1/query', 'Bearer secret-token'],
    ['/prom/api/v1/query', undefined],
    ['/prom/api/v1/query', undefined],
  ]);
  expect(systems).toEqual(['Prometheus shop', 'Prometheus other', 'Prometheus constructor']);
});

test.each<[string, () => void, string, boolean]>([
  [
    'its own words',
    () => says(400, { status: 'error', errorType: 'bad_data', error: 'invalid parameter "query"' }),
    'Prometheus shop answered 400: invalid parameter "query"',
    false,
  ],
  [
    'too much work',
    () => says(422, { status: 'error', errorType: 'execution', error: 'query processing would load too many samples' }),
    'Prometheus shop answered 422: query processing would load too many samples',
    true,
  ],
  ['a server error without words', () => says(503, '<html>'), 'Prometheus shop answered 503', false],
  [
    'an answer of another kind',
    () => says(200, { status: 'success', data: { resultType: 'vector', result: [] } }),
    'Prometheus shop answered something that cannot be read',
    false,
  ],
  [
    'half an answer',
    () => says(200, '{"status":"succ'),
    'Prometheus shop answered something that cannot be read',
    false,
  ],
  [
    'readings that are none',
    () => says(200, matrix({ metric: {}, values: [[1, 2]] })),
    'Prometheus shop answered something that cannot be read',
    false,
  ],
  [
    'a way elsewhere',
    () => says(302, '', { location: 'http://169.254.169.254/latest' }),
    'Prometheus shop answered 302 and points to http://169.254.169.254, which is not followed: write the address itself',
    false,
  ],
  ['silence', () => says(0, ''), 'Prometheus shop did not answer within 0.3 s', false],
])('%s: said in words', async (_, prepare, words, tooMuch) => {
  prepare();
  const error = await reader()
    .counters(query())
    .catch((thrown: unknown) => thrown);
  expect((error as Error).message).toBe(words);
  expect(isTooMuch(error)).toBe(tooMuch);
  expect(asked).toHaveLength(1);
});

test('an answer that is too large is not taken in, and a shorter one may be asked for', async () => {
  const value = (i: number) => [from / 1000 + i, String(i)];
  says(200, matrix({ metric: { __name__: 'x' }, values: Array.from({ length: 60_000 }, (_, i) => value(i / 100)) }));
  const error = await reader({}, 1024 * 1024)
    .counters(query())
    .catch((thrown: unknown) => thrown);
  expect((error as Error).message).toBe('Prometheus shop answered more than 1 MB at once');
  expect(isTooMuch(error)).toBe(true);
});
