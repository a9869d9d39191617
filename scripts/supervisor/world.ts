import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPath } from '../../simulator/outside-check.ts';
import type { StoredClock } from './clock.ts';
import { freePort, sameOrAny } from './free-port.ts';
import { demoPeople } from './people.ts';
import { startPostgres } from './postgres.ts';
import { type Child, root, startChild } from './process.ts';
import { startUnleash, type UnleashServer } from './unleash.ts';

/** Everything a simulated Firebreak runs on: PostgreSQL, Unleash, the simulator; and the environment a console needs to use them. */
export interface World {
  databaseUrl: string;
  unleash: { url: string; adminToken: string; clientToken: string };
  simulator: { grpc: number; http: number; pid: number };
  consoleEnv: Record<string, string>;
  password: string;
  stop(): Promise<void>;
}

interface Secrets {
  secret: string;
  webhookSecret: string;
  pagerDutyToken: string;
  routingKey: string;
  githubToken: string;
  password: string;
  apiKey: string;
  consolePort: number;
}

/** Starts (or adopts) the world in `dataDir`. `clock` is the one that the simulator and the console share. */
export async function startWorld(options: {
  dataDir: string;
  clock: StoredClock;
  catalog: string;
  seed: string;
  port: number | null;
  log: (line: string) => void;
  throwaway?: boolean;
  /** Further settings of the simulator. */
  simulatorEnv?: Record<string, string>;
}): Promise<World> {
  const { dataDir, log } = options;
  mkdirSync(dataDir, { recursive: true });
  const secrets = await readSecrets(join(dataDir, 'secrets.json'), options.port);
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres'), log, throwaway: options.throwaway });
  const stops: (() => Promise<void>)[] = [() => postgres.stop()];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one().catch((error: Error) => log(`stopping: ${error.message}`));
  };
  const abort = new AbortController();
  try {
    const databaseUrl = await postgres.ensureDatabase('firebreak');
    const baseUrl = `http://127.0.0.1:${secrets.consolePort}`;
    // The simulator makes its 35 days of history while Unleash starts, and then waits for it.
    let coming: Promise<Child> | undefined;
    const unleash = await startUnleash({
      databaseUrl: await postgres.ensureDatabase('unleash'),
      dataDir: join(dataDir, 'unleash'),
      log,
      spawned: (server) => {
        coming = startSimulator(options, secrets, server, baseUrl, abort.signal);
        stops.push(async () => (await coming)?.stop(5_000));
        coming.catch(() => undefined);
      },
    });
    stops.splice(1, 0, () => unleash.stop());
    const simulator = await coming!;
    // It has created the flags by now: an old installation, not a change of the world's first minute.
    if (options.clock.before()) options.clock.begin();
    const [grpc, http] = [Number(simulator.hello.grpc), Number(simulator.hello.http)];
    log(`The simulated world is up on 127.0.0.1:${http}`);
    return {
      databaseUrl,
      unleash,
      simulator: { grpc, http, pid: simulator.pid },
      password: secrets.password,
      stop,
      consoleEnv: {
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: String(secrets.consolePort),
        LOG_LEVEL: 'info',
        FIREBREAK_BASE_URL: baseUrl,
        FIREBREAK_MODE: 'act',
        FIREBREAK_CATALOG: options.catalog,
        FIREBREAK_SECRET: secrets.secret,
        FIREBREAK_CLOCK: options.clock.path,
        FIREBREAK_DEMO: JSON.stringify({
          people: demoPeople.map((person) => ({ ...person, password: secrets.password })),
          apiKey: secrets.apiKey,
        }),
        DATABASE_URL: databaseUrl,
        UNLEASH_URL: `http://127.0.0.1:${simulator.hello.unleash ?? new URL(unleash.url).port}`,
        UNLEASH_ADMIN_TOKEN: unleash.adminToken,
        UNLEASH_CLIENT_TOKEN: unleash.clientToken,
        PAGERDUTY_API_TOKEN: secrets.pagerDutyToken,
        PAGERDUTY_API_URL: `http://127.0.0.1:${http}`,
        PAGERDUTY_EVENTS_URL: `http://127.0.0.1:${http}`,
        PAGERDUTY_ROUTING_KEY: secrets.routingKey,
        PAGERDUTY_WEBHOOK_SECRETS: secrets.webhookSecret,
        PAGERDUTY_FROM: 'ada@studio.example',
        GOOGLE_ENDPOINT: `127.0.0.1:${grpc}`,
        GITHUB_API_URL: `http://127.0.0.1:${http}/github`,
        GITHUB_TOKEN: secrets.githubToken,
        FIREBREAK_REF_SPEECH_PROVIDER: `http://127.0.0.1:${http}/health/speech-provider`,
        FIREBREAK_REF_STUDIO_API: `http://127.0.0.1:${http}/health/studio-api`,
        FIREBREAK_REF_CHAT: `http://127.0.0.1:${http}/chat`,
        OUTBOUND_INTERNAL: `127.0.0.1:${http}`,
        PROMETHEUS_SOURCES: JSON.stringify(prometheusSources(simulator.hello.prometheus, http)),
        DEADMAN_URL: `http://127.0.0.1:${http}${checkPath}`,
      },
    };
  } catch (error) {
    abort.abort();
    await stop();
    throw error;
  }
}

/** Starts one console process in `env` and waits until it listens. */
export function startConsole(env: Record<string, string>, dataDir: string, name = 'console'): Promise<Child> {
  return startChild({
    name: 'The console',
    script: 'server.ts',
    env,
    logFile: join(dataDir, `${name}.log`),
    helloKeys: ['listening'],
    timeoutMs: 60_000,
  });
}

/** Starts the simulator where it was the last time, so that a page that is open on it goes on. */
async function startSimulator(
  options: {
    dataDir: string;
    clock: StoredClock;
    catalog: string;
    seed: string;
    simulatorEnv?: Record<string, string>;
  },
  secrets: Secrets,
  unleash: UnleashServer,
  consoleUrl: string,
  signal: AbortSignal,
): Promise<Child> {
  const portFile = join(options.dataDir, 'simulator-port');
  const httpPort = existsSync(portFile) ? await sameOrAny(Number(readFileSync(portFile, 'utf8'))) : 0;
  const data = join(options.dataDir, 'simulator');
  if (options.clock.before()) rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const child = await startChild({
    name: 'The simulator',
    script: 'simulator/main.ts',
    logFile: join(options.dataDir, 'simulator.log'),
    helloKeys: ['grpc', 'http'],
    timeoutMs: 180_000,
    signal,
    env: {
      SIM_CATALOG: options.catalog,
      SIM_SEED: options.seed,
      SIM_DRILL: 'quiet',
      SIM_DATA: data,
      SIM_WORLD_START: String(options.clock.firstMinute),
      SIM_CONSOLE_URL: consoleUrl,
      SIM_WEBHOOK_SECRET: secrets.webhookSecret,
      SIM_PAGERDUTY_TOKEN: secrets.pagerDutyToken,
      SIM_ROUTING_KEY: secrets.routingKey,
      SIM_GITHUB_TOKEN: secrets.githubToken,
      SIM_GRPC_PORT: '0',
      SIM_HTTP_PORT: String(httpPort),
      FIREBREAK_CLOCK: options.clock.path,
      UNLEASH_URL: unleash.url,
      UNLEASH_ADMIN_TOKEN: unleash.adminToken,
      UNLEASH_CLIENT_TOKEN: unleash.clientToken,
      ...options.simulatorEnv,
    },
  });
  writeFileSync(portFile, String(child.hello.http));
  return child;
}

/** Every Prometheus server that the catalog declares is the simulated one. */
function prometheusSources(names: unknown, port: number): Record<string, { url: string }> {
  const url = `http://127.0.0.1:${port}/prometheus`;
  return Object.fromEntries((Array.isArray(names) ? names : []).map((name) => [String(name), { url }]));
}

/** Random secrets of this data folder, made once. */
async function readSecrets(file: string, port: number | null): Promise<Secrets> {
  const found = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {};
  const secret = () => randomBytes(24).toString('hex');
  const secrets: Secrets = {
    secret: secret(),
    webhookSecret: secret(),
    pagerDutyToken: secret(),
    routingKey: randomBytes(16).toString('hex'),
    githubToken: secret(),
    password: `${randomBytes(3).toString('hex')}-${randomBytes(3).toString('hex')}`,
    apiKey: `fb_${randomBytes(32).toString('base64url')}`,
    consolePort: port ?? found.consolePort ?? (await freePort()),
    // A folder of an earlier version lacks what came since.
    ...found,
  };
  if (port !== null) secrets.consolePort = port;
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

/** Folder of the checkout's own content, the catalog of the demo. */
export const ownCatalog = root;
