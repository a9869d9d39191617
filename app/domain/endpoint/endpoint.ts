/** What a declared endpoint is for: messages to people, messages to another system, questions, or changes. */
export const endpointUses = ['chat', 'webhook', 'probe', 'request'] as const;
export type EndpointUse = (typeof endpointUses)[number];

const roles: Record<EndpointUse, string> = {
  chat: 'a chat',
  webhook: 'a webhook',
  probe: 'a probe',
  request: 'one for requests',
};

/** What an endpoint is, in words: "a probe". */
export function endpointRole(use: EndpointUse): string {
  return roles[use];
}

/** An address outside that the organisation declares. Actions call these by name, and nothing else. */
export interface Endpoint {
  name: string;
  title: string;
  use: EndpointUse;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As declared: secrets are references such as `${env:CHAT_URL}`. */
  url: string;
  /** As declared, like `url`. */
  headers: Record<string, string>;
  /** Status codes that count as taken, or as healthy. */
  status: number[];
  /** Text that a healthy body holds; null when any does. */
  contains: string | null;
  /** True when it does the same request only once per `Idempotency-Key`. */
  repeatable: boolean;
}

const reference = /\$\{env:([A-Z][A-Z0-9_]*)\}/g;

/** Names that a text refers to, as `${env:NAME}`. */
export function referencesIn(text: string): string[] {
  return [...text.matchAll(reference)].map((match) => match[1]!);
}

/** A text with its references filled in; the names of those that are not set when there are any. */
export function resolveReferences(
  text: string,
  values: Readonly<Record<string, string>>,
): { ok: true; text: string } | { ok: false; missing: string[] } {
  const missing = referencesIn(text).filter((name) => !Object.hasOwn(values, name));
  if (missing.length > 0) return { ok: false, missing: [...new Set(missing)] };
  return { ok: true, text: text.replace(reference, (_, name: string) => values[name]!) };
}

/** A text with its references as variables of a POSIX shell: what a person sets before they run a command. */
export function shellReferences(text: string): string {
  return text.replace(reference, (_, name: string) => `$FIREBREAK_REF_${name}`);
}
