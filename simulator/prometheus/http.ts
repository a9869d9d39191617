import type { IncomingMessage, ServerResponse } from 'node:http';
import { applyHttpFault } from '#simulator/control/http-fault.ts';
import type { Faults, SimClock } from '#simulator/world/seams.ts';
import { PrometheusError, type SimulatedPrometheus } from './prometheus.ts';

/** Where the server stands, as one with `--web.external-url` does. */
const prometheusPath = '/prometheus';

/** Serves Prometheus's HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/). `handle` returns false for any other path. */
export function createPrometheusHttp(
  prometheus: SimulatedPrometheus,
  faults: Pick<Faults, 'check'>,
  clock: Pick<SimClock, 'now'>,
) {
  return {
    handle(request: IncomingMessage, response: ServerResponse): boolean {
      const url = new URL(request.url ?? '/', 'http://sim');
      if (url.pathname !== prometheusPath && !url.pathname.startsWith(`${prometheusPath}/`)) return false;
      if (applyHttpFault(faults.check('prometheus'), request, response)) return true;
      const path = url.pathname.slice(prometheusPath.length);
      if (path === '/-/ready' || path === '/-/healthy') response.end('Prometheus Server is Ready.\n');
      else if (path === '/api/v1/query' && (request.method === 'GET' || request.method === 'POST'))
        readForm(request, url)
          .then((form) =>
            answer(response, 200, { status: 'success', data: prometheus.query(...asked(form, clock.now())) }),
          )
          .catch((error: unknown) => refuse(response, error));
      else response.writeHead(404).end('404 page not found\n');
      return true;
    },
  };
}

function asked(form: URLSearchParams, now: number): [string, number] {
  const query = form.get('query') ?? '';
  if (query === '')
    throw new PrometheusError(
      400,
      'bad_data',
      'invalid parameter "query": unknown position: parse error: no expression found in input',
    );
  const given = form.get('time');
  if (given === null) return [query, now];
  const time = /^\d+(\.\d+)?$/.test(given) ? Number(given) * 1000 : Date.parse(given);
  if (Number.isNaN(time))
    throw new PrometheusError(
      400,
      'bad_data',
      `invalid parameter "time": cannot parse "${given}" to a valid timestamp`,
    );
  return [query, time];
}

async function readForm(request: IncomingMessage, url: URL): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(`${url.search.slice(1)}&${text}`);
}

function refuse(response: ServerResponse, error: unknown): void {
  const known = error instanceof PrometheusError;
  const message = error instanceof Error ? error.message : String(error);
  const type = known ? error.type : 'internal';
  answer(response, known ? error.status : 500, { status: 'error', errorType: type, error: message });
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
