import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Endpoint } from '#app/domain/endpoint/endpoint.ts';
import { writeAnswer } from './pagerduty/http.ts';

/** Any system that the catalog declares an endpoint of, at `/stand-in/<name>`: it takes what it is sent, and answers as declared. */
export function createStandIn(endpoints: readonly Endpoint[]) {
  return {
    /** Answers a request to a stand-in; false leaves it to others. */
    async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
      const path = new URL(request.url ?? '/', 'http://simulator').pathname;
      const name = /^\/stand-in\/([^/]+)(\/|$)/.exec(path)?.[1];
      const endpoint = endpoints.find((one) => one.name === name);
      if (!endpoint) return false;
      request.resume();
      if (request.method !== endpoint.method) writeAnswer(response, { status: 405, body: { error: 'method' } });
      else writeAnswer(response, { status: endpoint.status[0] ?? 200, body: { answer: endpoint.contains ?? 'ok' } });
      return true;
    },
  };
}
