import type { IncomingMessage, ServerResponse } from 'node:http';
import { writeAnswer } from './pagerduty/http.ts';

/** The health address of whoever services outside the catalog's reach depend on, at `/health/<name>`: 503 while `fails` says so. */
export function createProviderHealth(fails: () => boolean) {
  return {
    /** Answers a request for a health address; false leaves it to others. */
    async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
      const path = new URL(request.url ?? '/', 'http://simulator').pathname;
      if (request.method !== 'GET' || !/^\/health\/[a-z0-9-]+$/.test(path)) return false;
      if (fails()) writeAnswer(response, { status: 503, body: { status: 'unavailable' } });
      else writeAnswer(response, { status: 200, body: { status: 'ok' } });
      return true;
    },
  };
}
