import { shellWord } from './shell-word.ts';

/** A write to Unleash's Admin API as a shell command; address and token come from the shell's environment. */
export function unleashCurl(method: string, path: string, body?: unknown): string {
  const auth = '-H "Authorization: $UNLEASH_ADMIN_TOKEN"';
  const data = body === undefined ? '' : ` -H 'Content-Type: application/json' -d ${shellWord(JSON.stringify(body))}`;
  return `curl -fsS -X ${method} ${auth}${data} "$UNLEASH_URL${path}"`;
}
