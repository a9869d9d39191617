import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerBuild } from '@remix-run/node';
import { createActions } from './actions/actions.server.ts';
import { createOutside } from './clients/outside.server.ts';
import { type Config, readConfig, secretsOf } from './config.server.ts';
import { createDoors } from './context-doors.server.ts';
import { evaluatedTo } from './domain/slo/blindness.ts';
import { createRunEngine } from './engine/runs/engine.server.ts';
import { startEngine } from './engine/start.server.ts';
import type { Deployment } from './load-context.ts';
import { createAuth } from './platform/auth.server.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { fileClock } from './platform/clock-file.ts';
import { openDb } from './platform/db.server.ts';
import { createEventStreams } from './platform/http/event-stream.server.ts';
import { createExpressApp } from './platform/http/express-app.server.ts';
import { createProbes } from './platform/http/probes.server.ts';
import { createUnsentCookie } from './platform/http/unsent-cookie.server.ts';
import { createLog, type Log } from './platform/log.ts';
import { createMetrics } from './platform/metrics.ts';
import { createNotices } from './platform/notify.server.ts';
import { ensurePerson, hasPeople } from './platform/people.server.ts';
import { createRedactor } from './platform/redact.ts';
import { appRole, ensureAppRole, loginOf } from './stores/app-role.server.ts';
import { appendAudit } from './stores/audit.server.ts';
import { createStores } from './stores/create-stores.server.ts';
import { createCursorStore } from './stores/cursors.server.ts';
import { untakenPages } from './stores/incident/untaken-pages.server.ts';
import { migrate } from './stores/migrate.server.ts';
import { createBoss, createSendRun, startBoss } from './stores/run/run-queue.server.ts';

/** Wall ms that `/ready` says 503 while requests are still served, so that balancers look away first; a demo has none. */
const drainMs = 6_000;
const demoDrainMs = 500;
const graceMs = 8_000;

/** The running application, as `server.ts` sees it. */
export interface App {
  config: Config;
  log: Log;
  handler: RequestListener;
  listening(address: { host: string; port: number }): Promise<void>;
  stop(options: { closeServer(): Promise<void> }): Promise<void>;
}

/** The composition root: reads the settings, makes every part once and hands each what it needs. */
export async function start(options: { build: ServerBuild; assets: string }): Promise<App> {
  const config = readConfig();
  const redactor = createRedactor();
  for (const secret of secretsOf(config)) redactor.add(secret);
  const log = createLog(config.LOG_LEVEL, redactor);
  const metrics = createMetrics();
  const clock: Clock & { close?(): void } = config.FIREBREAK_CLOCK ? fileClock(config.FIREBREAK_CLOCK) : systemClock;
  const onError = (error: Error) => log.warn({ err: error }, 'a database connection broke');

  const owner = openDb(config.DATABASE_OWNER_URL ?? config.DATABASE_URL, { max: 2, onError });
  const applied = await migrate(owner.db);
  if (applied.length > 0) log.info({ applied }, 'database migrated');
  // The queue's tables belong to the owner too; the application's role gets what it needs of them.
  const installer = createBoss({
    url: config.DATABASE_OWNER_URL ?? config.DATABASE_URL,
    supervise: false,
    connections: 1,
    onError,
  });
  await startBoss(installer);
  await installer.stop({ graceful: false });
  await ensureAppRole(
    owner.db,
    [loginOf(config.DATABASE_URL)].filter((login) => login !== null),
  );
  await owner.close();
  const supervise = config.FIREBREAK_ROLE !== 'web';
  const boss = createBoss({ url: config.DATABASE_URL, role: appRole, supervise, onError });
  await boss.start();

  const handle = openDb(config.DATABASE_URL, { max: 12, role: appRole, onError });
  const notices = await createNotices(config.DATABASE_URL, handle.db, log);
  const deployment: Deployment = {
    mode: config.FIREBREAK_MODE,
    simulated: config.GOOGLE_ENDPOINT !== undefined,
    environment: config.FIREBREAK_ENVIRONMENT,
    organisation: '',
    baseUrl: config.FIREBREAK_BASE_URL ?? `http://${config.HOST}:${config.PORT}`,
  };
  const processName = `${hostname()}/${process.pid}`;
  const outside = createOutside(config, clock, metrics, redactor.text);
  const stores = createStores({
    db: handle.db,
    notices,
    clock,
    boss,
    mode: config.FIREBREAK_MODE,
    environment: config.FIREBREAK_ENVIRONMENT,
    redact: redactor.text,
  });
  const auth = createAuth(handle, { baseUrl: deployment.baseUrl, secret: config.FIREBREAK_SECRET });
  const nameOrganisation = async () => {
    deployment.organisation = (await stores.catalog.current())?.organisation ?? deployment.organisation;
  };
  notices.subscribe((topic) => {
    if (topic === 'catalog')
      nameOrganisation().catch((error) => log.warn({ err: error }, 'the catalog cannot be read'));
  });
  await nameOrganisation();
  await invite();

  const engine =
    config.FIREBREAK_ROLE === 'web'
      ? null
      : await startEngine({
          db: handle.db,
          databaseUrl: config.DATABASE_URL,
          catalogDir: config.FIREBREAK_CATALOG,
          clock,
          log,
          metrics,
          notices,
          deployment,
          outside,
          stores,
          cursors: createCursorStore(handle.db),
          routingKey: config.PAGERDUTY_ROUTING_KEY,
          ticketRoutingKey: config.PAGERDUTY_TICKET_ROUTING_KEY ?? config.PAGERDUTY_ROUTING_KEY,
          tickets: config.TICKET_ENDPOINT ?? null,
          pagerDutyFrom: config.PAGERDUTY_FROM,
          deadmanUrl: config.DEADMAN_URL ?? null,
          runs: createRunEngine({
            db: handle.db,
            boss,
            actions: createActions({
              outside,
              stores,
              clock,
              from: config.PAGERDUTY_FROM,
              mode: config.FIREBREAK_MODE,
              environment: deployment.environment,
              link: (path) => `${deployment.baseUrl}${path}`,
              redact: redactor.text,
            }),
            send: createSendRun(boss),
            catalog: () => stores.catalog.current(),
            clock,
            log,
            notify: notices.notify,
            audit: (tx, entry) => appendAudit(tx, entry, redactor.text),
            redact: redactor.text,
            slos: stores.slos,
            observations: stores.observations,
            hooks: null,
            mode: config.FIREBREAK_MODE,
            environment: deployment.environment,
            processName,
          }),
        });

  const streams = createEventStreams(notices);
  const probes = createProbes({
    db: handle.db,
    migrated: () => true,
    breakers: outside.breakers,
    untaken: async () => (await untakenPages(handle.db, clock.now())).size,
    evaluated: async () =>
      evaluatedTo((await stores.catalog.current())?.slos ?? [], await stores.slos.states(), clock.now()),
  });
  const handler = createExpressApp({
    build: options.build,
    assets: options.assets,
    deployment,
    trustedProxies: config.TRUSTED_PROXIES ?? [],
    doors: createDoors(handle.pool, config.PAGERDUTY_WEBHOOK_SECRETS),
    stores,
    auth,
    unsent: createUnsentCookie({
      secret: config.FIREBREAK_SECRET,
      secure: deployment.baseUrl.startsWith('https:'),
      clock,
    }),
    clock,
    log,
    metrics,
    streams,
    probes,
  });

  return {
    config,
    log,
    handler,
    async listening({ host, port }) {
      if (!config.FIREBREAK_BASE_URL) deployment.baseUrl = `http://${host}:${port}`;
      // The hello that a supervisor waits for; one line, like every other.
      process.stdout.write(`${JSON.stringify({ listening: deployment.baseUrl, mode: deployment.mode })}\n`);
    },
    async stop({ closeServer }) {
      probes.drain();
      await sleep(config.FIREBREAK_DEMO ? demoDrainMs : drainMs);
      streams.close();
      const closed = closeServer();
      await engine?.stop(graceMs);
      await Promise.race([closed, sleep(graceMs)]);
      await boss.stop({ graceful: false });
      await notices.stop();
      await outside.close();
      await handle.close();
      clock.close?.();
    },
  };

  /** Invite only: the demo has its people, a new installation started by a person gets one admin, its password printed once. */
  async function invite(): Promise<void> {
    if (config.FIREBREAK_DEMO) {
      for (const person of config.FIREBREAK_DEMO.people) await ensurePerson(handle.db, person);
      await stores.apiKeys.ensure(config.FIREBREAK_DEMO.apiKey, {
        name: 'demo',
        owner: 'demo',
        scopes: ['changes:write'],
      });
      return;
    }
    if (await hasPeople(handle.db)) return;
    // What a service writes is kept by whoever collects its logs: a password is said to a person alone.
    if (!process.stderr.isTTY) {
      log.warn('nobody can sign in yet: firebreak person create makes the first admin');
      return;
    }
    const password = randomBytes(18).toString('base64url');
    const admin = { email: config.PAGERDUTY_FROM, name: 'Admin', password, role: 'admin', teams: [] } as const;
    if (!(await ensurePerson(handle.db, admin))) return;
    process.stderr.write(
      `First start: sign in as ${admin.email} with ${password}\nThis is printed once; change it under your name, at "Password".\n`,
    );
  }
}
