import { httpFailure, OutsideError } from '../../platform/outside-error.ts';
import type { Resilience } from '../../platform/resilience.ts';
import type { CounterQuery, PrometheusAddress, PrometheusRead } from './port.ts';
import { readFailure, readMatrix } from './wire.ts';

/** The largest answer that is taken, bytes: about 1.5 million readings. */
const mostBytes = 48 * 1024 * 1024;
/** Of an error's body this much is looked at. */
const mostOfError = 4096;

/** True when a shorter range of the same counters may succeed: the answer or the server's work for it was too large. */
export function isTooMuch(error: unknown): boolean {
  return error instanceof OutsideError && (error.answered === 422 || error.answered === 413);
}

/**
 * Reads over Prometheus's HTTP API. Each source has a policy of its own, made when it is first read, so that a server that fails
 * costs only its SLOs. `addresses` are the environment's, by source, before the address in the DataSource. A token goes to the
 * address that stands beside it and nowhere else: redirects are not followed.
 */
export function createPrometheusRead(options: {
  addresses: Readonly<Record<string, PrometheusAddress>>;
  policy: (system: string) => Resilience;
  mostBytes?: number;
}): PrometheusRead {
  const policies = new Map<string, Resilience>();
  const policyOf = (source: string) => {
    const found = policies.get(source) ?? options.policy(`Prometheus ${source}`);
    policies.set(source, found);
    return found;
  };
  return {
    async counters(query) {
      const { source, from, to } = query;
      const own = Object.hasOwn(options.addresses, source) ? options.addresses[source] : undefined;
      const address = own ?? { url: query.url, token: null };
      const policy = policyOf(source);
      return policy.read(async (signal) => {
        const text = await ask(policy.system, address, query, options.mostBytes ?? mostBytes, signal);
        return readMatrix(text, from, to);
      }, query.signal);
    },
  };
}

async function ask(
  system: string,
  { url, token }: PrometheusAddress,
  { selector, from, to }: CounterQuery,
  most: number,
  signal: AbortSignal,
): Promise<string> {
  const body = new URLSearchParams({ query: `${selector}[${Math.ceil((to - from) / 1000)}s]`, time: `${to / 1000}` });
  const response = await fetch(`${url.replace(/\/+$/, '')}/api/v1/query`, {
    method: 'POST',
    body,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    redirect: 'manual',
    signal,
  });
  if (response.ok) return bodyOf(system, response, most);
  const location = response.headers.get('location');
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    const where = location && URL.canParse(location, url) ? new URL(location, url).origin : 'elsewhere';
    const message = `${system} answered ${response.status} and points to ${where}, which is not followed: write the address itself`;
    throw new OutsideError(system, 'refused', message, { answered: response.status });
  }
  const said = await bodyOf(system, response, mostOfError).catch(() => '');
  throw httpFailure(system, response.status, response.headers, readFailure(said));
}

async function bodyOf(system: string, response: Response, most: number): Promise<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
    bytes += chunk.value.byteLength;
    if (bytes > most) {
      await reader?.cancel();
      const message = `${system} answered more than ${Math.round(most / 1024 / 1024)} MB at once`;
      throw new OutsideError(system, 'refused', message, { answered: 413 });
    }
    parts.push(decoder.decode(chunk.value, { stream: true }));
  }
  return parts.join('') + decoder.decode();
}
