import { setTimeout as sleep } from 'node:timers/promises';

/** Unleash's answer that was no success; `status` is HTTP's. */
export class UnleashError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Calls Unleash's Admin API with the given credentials: paths are below `/api/admin`. */
export type UnleashCall = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** A caller for `url`; `headers` carry an API token or a person's session cookie. Throws `UnleashError`. */
export function unleashCaller(url: string, headers: Record<string, string>): UnleashCall {
  return async (method, path, body) => {
    const response = await fetch(`${url}/api/admin${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    if (!response.ok)
      throw new UnleashError(response.status, `${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return text ? JSON.parse(text) : null;
  };
}

/** Resolves when Unleash answers and takes the token of `call`; throws its last failure after two minutes. */
export async function unleashUp(call: UnleashCall): Promise<void> {
  const end = performance.now() + 120_000;
  for (;;) {
    try {
      await call('GET', '/projects');
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(100);
    }
  }
}

/** One activation strategy as the Admin API returns it. */
export interface AdminStrategy {
  id: string;
  name: string;
  title?: string | null;
  parameters: Record<string, string>;
  constraints: unknown[];
  segments?: number[];
  variants?: unknown[];
  disabled?: boolean;
}

/** Path of a flag in an environment of the one project that open-source Unleash has. */
export function flagPath(flag: string, environment: string): string {
  return `/projects/default/features/${encodeURIComponent(flag)}/environments/${environment}`;
}
