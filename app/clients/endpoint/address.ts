import { hostAndPort, isAllowedHost } from '../../domain/endpoint/allowed-host.ts';
import { type Endpoint, resolveReferences } from '../../domain/endpoint/endpoint.ts';
import type { EndpointScope, RefuseEndpoint } from './port.ts';

/** What the operator's environment says of the world outside. */
export interface OutboundSettings {
  /** Values of `${env:NAME}`. */
  references: Readonly<Record<string, string>>;
  /** `host:port` of those that may lead to private addresses. */
  internal: readonly string[];
}

/** An endpoint with its references filled in. */
export interface Resolved {
  url: URL;
  headers: Record<string, string>;
  internal: boolean;
}

/** An endpoint as it would be called now, or why it is not: a reference without a value, or a place nobody allowed. */
export function resolveEndpoint(
  endpoint: Endpoint,
  { hosts }: EndpointScope,
  { references, internal }: OutboundSettings,
): { ok: true; value: Resolved } | { ok: false; why: string } {
  const no = (why: string) => ({ ok: false as const, why: `${endpoint.title}: ${why}` });
  const texts = [endpoint.url, ...Object.values(endpoint.headers)].map((text) => resolveReferences(text, references));
  const missing = texts.flatMap((text) => (text.ok ? [] : text.missing));
  if (missing.length > 0) {
    const names = [...new Set(missing)].map((name) => `FIREBREAK_REF_${name}`).join(', ');
    return no(`${names} is not set where Firebreak runs.`);
  }
  const [address, ...values] = texts.map((text) => (text.ok ? text.text : ''));
  if (!URL.canParse(address!)) return no('its address is none.');
  const url = new URL(address!);
  const ours = internal.includes(hostAndPort(url));
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && ours)) return no('only https is called.');
  if (!ours && !isAllowedHost(url, hosts)) return no(`the host ${url.host} is not among the catalog's hosts.`);
  const headers = Object.fromEntries(Object.keys(endpoint.headers).map((name, index) => [name, values[index]!]));
  return { ok: true, value: { url, headers, internal: ours } };
}

/** Says why endpoints cannot be called under these settings. */
export function refusalUnder(settings: OutboundSettings): RefuseEndpoint {
  return (endpoint, scope) => {
    const resolved = resolveEndpoint(endpoint, scope, settings);
    return resolved.ok ? null : resolved.why;
  };
}
