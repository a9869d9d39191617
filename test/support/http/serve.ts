import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerBuild } from '@remix-run/node';
import { AppError } from '#app/errors.ts';
import type { Auth } from '#app/platform/auth.server.ts';
import { manualClock } from '#app/platform/clock.ts';
import { createEventStreams, type StreamLimits } from '#app/platform/http/event-stream.server.ts';
import { createExpressApp, type HttpParts } from '#app/platform/http/express-app.server.ts';
import type { Probes } from '#app/platform/http/probes.server.ts';
import { createUnsentCookie } from '#app/platform/http/unsent-cookie.server.ts';
import { createLog } from '#app/platform/log.ts';
import { createMetrics } from '#app/platform/metrics.ts';
import { createRedactor } from '#app/platform/redact.ts';
import { actorOf, type Person, people } from '../pages/people.ts';
import { sourceBuild } from '../pages/source-build.ts';
import { fakeStores, type Told } from '../pages/stores.ts';
import { burningWorld, type World } from '../pages/world.ts';

/** Text of the one asset that the served app has, large enough to be compressed. */
const assetText = `/* ${'an asset '.repeat(500)} */`;

/** Sign-ins that need no password: the cookie names the person, and since when. */
function fakeAuth(): Auth & { disabled: Set<Person>; broken: boolean } {
  const fake: Auth & { disabled: Set<Person>; broken: boolean } = {
    disabled: new Set<Person>(),
    broken: false,
    async who(headers) {
      if (fake.broken) throw new AppError('unavailable');
      const [, person, ago] = /firebreak-session=(\w+)\.(\d+)/.exec(headers.get('cookie') ?? '') ?? [];
      if (!person || !(person in people) || fake.disabled.has(person as Person)) return null;
      return { actor: actorOf(person as Person), authenticatedAt: burningWorld().now - Number(ago) };
    },
    signIn: async () => [],
    signOut: async () => [],
    changePassword: async () => [],
  };
  return fake;
}

/** The cookie of somebody whose password was shown `ago` ms before. */
export function cookieOf(person: Person | null, ago = 60_000): Record<string, string> {
  return person ? { cookie: `theme=dark; firebreak-session=${person}.${ago}` } : {};
}

/** What our own pages send with a form. */
export const ownPage = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };

/** The real HTTP shell on a real port, over made-up stores and sign-ins. */
export async function serve(
  options: Partial<Pick<HttpParts, 'trustedProxies' | 'doors'>> & {
    world?: World;
    build?: ServerBuild;
    baseUrl?: string;
    streams?: Partial<StreamLimits>;
    secrets?: string[];
  } = {},
) {
  const assets = mkdtempSync(join(tmpdir(), 'firebreak-assets-'));
  mkdirSync(join(assets, 'assets'));
  writeFileSync(join(assets, 'assets', 'app-1a2b3c.css'), assetText);
  writeFileSync(join(assets, 'favicon.svg'), '<svg/>');
  const world = options.world ?? burningWorld();
  const told: Told = [];
  const lines: string[] = [];
  const redactor = createRedactor();
  for (const secret of options.secrets ?? []) redactor.add(secret);
  const log = createLog('debug', redactor, { write: (line) => lines.push(line) });
  const auth = fakeAuth();
  const clock = manualClock(world.now);
  let tell = (_topic: string) => {};
  const notices = {
    notify: async () => {},
    subscribe: (listener: (topic: string) => void) => {
      tell = listener;
      return () => {
        tell = () => {};
      };
    },
    stop: async () => {},
  };
  const streams = createEventStreams(notices, options.streams);
  let draining = false;
  const probes: Probes = {
    live: (_req, res) => void res.json({ status: 'live' }),
    ready: (_req, res) => void res.status(draining ? 503 : 200).json({ draining }),
    drain: () => {
      draining = true;
    },
    draining: () => draining,
  };
  const deployment: HttpParts['deployment'] = {
    mode: 'act',
    simulated: true,
    environment: 'production',
    organisation: 'film studio',
    baseUrl: options.baseUrl ?? '',
  };
  const app = createExpressApp({
    build: options.build ?? sourceBuild((error) => log.error({ err: error }, 'request failed')),
    assets,
    deployment,
    trustedProxies: options.trustedProxies ?? [],
    doors: options.doors ?? { signedByPagerDuty: () => false, knock: async () => ({ allowed: true, headers: {} }) },
    stores: fakeStores(world, told),
    auth,
    unsent: createUnsentCookie({ secret: 'a secret of the tests, long enough', secure: false, clock }),
    clock,
    log,
    metrics: createMetrics(),
    streams,
    probes,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  if (!options.baseUrl) deployment.baseUrl = url;
  return {
    url,
    port,
    auth,
    streams,
    probes,
    server,
    told,
    world,
    clock,
    /** Log lines so far, parsed. */
    lines: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    log: () => lines.join(''),
    tell: (topic: string) => tell(topic),
    get: (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers, redirect: 'manual' }),
    post: (path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
      fetch(url + path, {
        method: 'POST',
        body: new URLSearchParams(form),
        headers: { ...ownPage, ...headers },
        redirect: 'manual',
      }),
    async stop() {
      streams.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(assets, { recursive: true, force: true });
    },
  };
}

export type Served = Awaited<ReturnType<typeof serve>>;
