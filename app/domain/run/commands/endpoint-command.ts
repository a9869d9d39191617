import { type Endpoint, shellReferences } from '../../endpoint/endpoint.ts';

/** A call of a declared endpoint as curl; references are variables of the shell. */
export function endpointCommand(endpoint: Endpoint, body: unknown, key: string | null): string {
  const quoted = (text: string) => `"${shellReferences(text.replace(/(["\\`]|\$(?!\{env:))/g, '\\$1'))}"`;
  const headers = { ...endpoint.headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) };
  const all = Object.entries(key === null ? headers : { ...headers, 'Idempotency-Key': key });
  const data = body === undefined ? '' : ` -d '${JSON.stringify(body).replaceAll("'", `'\\''`)}'`;
  const given = all.map(([name, value]) => ` -H ${quoted(`${name}: ${value}`)}`).join('');
  return `curl -fsS -X ${endpoint.method}${given}${data} ${quoted(endpoint.url)}`;
}
