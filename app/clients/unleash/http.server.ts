import { AppError } from '../../errors.ts';
import { httpFailure } from '../../platform/outside-error.ts';

/** Where an Unleash is and what opens it. `baseUrl` is without `/api`. */
export interface UnleashAddress {
  baseUrl: string;
  /** Admin API token. */
  adminToken: string;
  /** Backend SDK tokens by environment. */
  clientTokens: Record<string, string>;
}

/** One request to Unleash. Answers other than 2xx and `accept` throw; 404 throws `not_found` with Unleash's own sentence. */
export async function unleashRequest(
  url: string,
  token: string,
  options: {
    method?: string;
    body?: unknown;
    headers?: Record<string, string>;
    accept?: number[];
    signal?: AbortSignal;
  } = {},
): Promise<Response> {
  const response = await fetch(url, {
    method: options.method ?? 'GET',
    headers: {
      authorization: token,
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
    signal: options.signal,
  });
  if (response.ok || options.accept?.includes(response.status)) return response;
  const detail = await messageOf(response);
  if (response.status === 404) throw new AppError('not_found', detail ?? `Unleash knows nothing at ${url}`);
  throw httpFailure('Unleash', response.status, response.headers, detail);
}

/** Path of an environment of a flag below `/api/admin`. The open-source edition has the one project `default`. */
export function environmentPath(flag: string, environment: string): string {
  return `${featurePath(flag)}/environments/${encodeURIComponent(environment)}`;
}

/** Path of a flag below `/api/admin`. */
export function featurePath(flag: string): string {
  return `/projects/default/features/${encodeURIComponent(flag)}`;
}

async function messageOf(response: Response): Promise<string | null> {
  try {
    const body = (await response.json()) as { message?: unknown };
    return typeof body.message === 'string' ? body.message : null;
  } catch {
    return null;
  }
}
