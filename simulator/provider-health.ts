import type { IncomingMessage, ServerResponse } from 'node:http';
import { writeAnswer } from './pagerduty/http.ts';

/** A health call: `ready` also asks for what the service needs; null where a provider has one address for both. */
export type HealthCall = 'health' | 'ready' | null;

/**
 * The health addresses of whoever services depend on, at `/health/<name>`, and of services that run, at
 * `/health/<name>/health` and `/health/<name>/ready`: 503 while `fails` says so.
 */
export function createProviderHealth(fails: (name: string, call: HealthCall) => boolean) {
  return {
    /** Answers a request for a health address; false leaves it to others. */
    async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
      const path = new URL(request.url ?? '/', 'http://simulator').pathname;
      const [, name, call] = /^\/health\/([a-z0-9-]+)(?:\/(health|ready))?$/.exec(path) ?? [];
      if (request.method !== 'GET' || name === undefined) return false;
      if (fails(name, (call ?? null) as HealthCall)) {
        writeAnswer(response, { status: 503, body: { status: 'unavailable' } });
      } else writeAnswer(response, { status: 200, body: { status: 'ok' } });
      return true;
    },
  };
}
