// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of endpoints look like this
import { z } from 'zod';
import { hostPattern, isAllowedHost } from '../endpoint/allowed-host.ts';
import { type Endpoint, endpointUses, referencesIn } from '../endpoint/endpoint.ts';
import { didYouMean } from '../yaml/nearest.ts';
import type { Reporter } from '../yaml/validate.ts';

const status = z.number().int().min(100).max(599);

/** One entry of `spec.endpoints` of an Organisation. */
export const endpointSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'A name is lower-case letters, digits and hyphens.'),
  title: z.string().min(1).max(200).optional(),
  use: z.enum(endpointUses),
  url: z.string().min(1).max(2_000),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  headers: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/), z.string().max(2_000)).optional(),
  expect: z
    .strictObject({
      status: z.union([status, z.array(status).min(1)]).optional(),
      contains: z.string().min(1).max(500).optional(),
    })
    .optional(),
  repeatable: z.boolean().optional(),
});

/** One entry of `spec.hosts`: a host, or host:port. */
export const hostSchema = z.string().regex(hostPattern, 'A host is a name such as hooks.example.com, or name:port.');

const anyOfTheirs = [200, 201, 202, 203, 204, 205, 206];

/** What an Organisation declares of the world outside. An endpoint that could not be called is reported and left out. */
export function readEndpoints(
  declared: readonly z.output<typeof endpointSchema>[],
  hosts: readonly string[],
  report: Reporter,
): Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const [index, one] of declared.entries()) {
    const at = ['spec', 'endpoints', index];
    if (found.has(one.name)) {
      report.error([...at, 'name'], `The endpoint "${one.name}" is declared twice.`, 'Give each its own name.');
      continue;
    }
    const wrong = wrongUrl(one.url, hosts);
    if (wrong) {
      report.error([...at, 'url'], wrong.message, wrong.hint);
      continue;
    }
    const method = one.method ?? (one.use === 'probe' ? 'GET' : 'POST');
    if ((one.use === 'probe') !== (method === 'GET')) {
      const message = one.use === 'probe' ? 'A probe asks by GET.' : `A ${one.use} does not use GET.`;
      report.error([...at, 'method'], message, 'Leave method out.');
      continue;
    }
    const wanted = one.expect?.status ?? anyOfTheirs;
    found.set(one.name, {
      name: one.name,
      title: one.title ?? one.name,
      use: one.use,
      method,
      url: one.url,
      headers: one.headers ?? {},
      status: Array.isArray(wanted) ? wanted : [wanted],
      contains: one.expect?.contains ?? null,
      repeatable: one.repeatable ?? false,
    });
  }
  return [...found.values()];
}

/** Why an address can never be called; null when it can, or when only the environment knows. */
function wrongUrl(url: string, hosts: readonly string[]): { message: string; hint: string | null } | null {
  if (referencesIn(url).length > 0) return null;
  if (!URL.canParse(url))
    return { message: 'This is not an address.', hint: 'Such as https://status.example.com/hook.' };
  const parsed = new URL(url);
  if (parsed.protocol !== 'https:')
    return { message: 'Only https is called.', hint: 'Write https://, or refer to the environment: ${env:NAME}.' };
  if (parsed.username || parsed.password)
    return { message: 'An address holds no password.', hint: 'Write a header with a reference: ${env:NAME}.' };
  if (isAllowedHost(parsed, hosts)) return null;
  const hint = didYouMean(parsed.host, hosts) ?? `Add ${parsed.host} to spec.hosts.`;
  return { message: `The host ${parsed.host} is not among spec.hosts.`, hint };
}
