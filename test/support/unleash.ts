import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';

/** The run's real Unleash, as an administrator would speak to it. Paths are below `/api`. */
export async function unleashCall(method: string, path: string, body?: unknown): Promise<unknown> {
  const { url, adminToken } = inject('unleash');
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: { authorization: adminToken, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' || !(response.headers.get('content-type') ?? '').includes('json') ? null : JSON.parse(text);
}

/** Creates a flag of its own name (files share one Unleash) and returns the name. */
export async function createUnleashFlag(prefix = 'flag', type = 'release'): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`;
  await unleashCall('POST', '/admin/projects/default/features', { name, type, description: `Test of ${prefix}` });
  return name;
}

/** Adds a gradual rollout and turns the flag on, as a product team would. */
export async function rolloutUnleashFlag(name: string, environment: string, percent: number): Promise<void> {
  const path = `/admin/projects/default/features/${name}/environments/${environment}`;
  await unleashCall('POST', `${path}/strategies`, {
    name: 'flexibleRollout',
    parameters: { rollout: String(percent), stickiness: 'default', groupId: name },
    constraints: [],
  });
  await unleashCall('POST', `${path}/on`);
}
