import { randomBytes } from 'node:crypto';
import { freePort } from '../supervisor/free-port.ts';
import { demoPeople } from '../supervisor/people.ts';
import type { Child } from '../supervisor/process.ts';
import { startConsole } from '../supervisor/world.ts';

const password = randomBytes(12).toString('hex');
const secret = randomBytes(32).toString('hex');
/** Nobody listens here: pages must not need the outside. */
const nowhere = '127.0.0.1:9';

/** Starts a console on `databaseUrl` whose outside systems are all out of reach; `web` serves pages only. */
export async function startBareConsole(options: {
  databaseUrl: string;
  catalog: string;
  logFolder: string;
  role: 'web' | 'all';
}): Promise<{ child: Child; url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'warn',
    FIREBREAK_ROLE: options.role,
    FIREBREAK_MODE: 'observe',
    FIREBREAK_BASE_URL: url,
    FIREBREAK_CATALOG: options.catalog,
    FIREBREAK_SECRET: secret,
    FIREBREAK_DEMO: JSON.stringify({
      people: demoPeople.map((person) => ({ ...person, password })),
      apiKey: `fb_${randomBytes(32).toString('base64url')}`,
    }),
    DATABASE_URL: options.databaseUrl,
    UNLEASH_URL: `http://${nowhere}`,
    UNLEASH_ADMIN_TOKEN: 'none',
    UNLEASH_CLIENT_TOKEN: 'none',
    PAGERDUTY_API_TOKEN: 'none',
    PAGERDUTY_API_URL: `http://${nowhere}`,
    PAGERDUTY_EVENTS_URL: `http://${nowhere}`,
    PAGERDUTY_ROUTING_KEY: 'none',
    PAGERDUTY_WEBHOOK_SECRETS: secret,
    PAGERDUTY_FROM: 'ada@studio.example',
    GOOGLE_ENDPOINT: nowhere,
  };
  return { child: await startConsole(env, options.logFolder, `console-${port}`), url };
}

/** Signs the demo's responder in and returns the cookie to send. */
export async function signInCookie(url: string, withPassword = password): Promise<string> {
  const response = await fetch(`${url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: url },
    body: new URLSearchParams({ email: 'ada@studio.example', password: withPassword, next: '/' }),
  });
  const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  if (cookies.length === 0) throw new Error(`Signing in failed with ${response.status}.`);
  return cookies.join('; ');
}
