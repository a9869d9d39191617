import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { endProcess, isAlive, waitUntil } from './child.ts';
import { freePort } from './free-port.ts';
import { compileCache } from './process.ts';

/** A running Unleash and the tokens that open it. */
export interface UnleashServer {
  url: string;
  /** Admin API, all projects and environments. */
  adminToken: string;
  /** Backend SDKs in production. */
  clientToken: string;
  /** Backend SDKs in development. */
  devClientToken: string;
  pid: number;
  adopted: boolean;
  stop(): Promise<void>;
}

interface Saved {
  adminToken: string;
  clientToken: string;
  devClientToken: string;
  sessionSecret: string;
  adminPassword: string;
  pid: number | null;
  port: number | null;
}

/** A start may listen a moment before it has written its first tokens. */
const refusalMs = 8000;

/**
 * Starts Unleash (AGPL: its own process, spoken to over HTTP only) on `databaseUrl`, or adopts the one that an earlier
 * supervisor left running. Tokens and process id are kept in `dataDir/unleash.json`, readable by us only.
 */
export async function startUnleash(options: {
  databaseUrl: string;
  port?: number;
  dataDir: string;
  log: (line: string) => void;
  /** Hears where it will be before it answers: others may start beside it. */
  spawned?: (server: UnleashServer) => void;
}): Promise<UnleashServer> {
  mkdirSync(options.dataDir, { recursive: true });
  const file = join(options.dataDir, 'unleash.json');
  const saved = readSaved(file) ?? newSaved();
  if (saved.pid !== null && saved.port !== null && isAlive(saved.pid)) {
    if ((await ask(saved.port, saved.adminToken)) === 'yes') {
      options.log(`Unleash was still running on 127.0.0.1:${saved.port}; using it`);
      const adopted = server(saved, saved.pid, saved.port, true);
      options.spawned?.(adopted);
      return adopted;
    }
  }
  const port = options.port || (await freePort());
  const log = openSync(join(options.dataDir, 'unleash.log'), 'a');
  const child = spawn(process.execPath, [unleashEntry()], {
    cwd: options.dataDir,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...systemEnvironment(), ...unleashEnvironment(options.databaseUrl, port, saved) },
  });
  closeSync(log);
  child.unref();
  let failure: string | null = null;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    failure ??= `it ended with ${signal ?? `code ${code}`}`;
  });
  if (child.pid !== undefined) {
    writeFileSync(file, JSON.stringify({ ...saved, pid: child.pid, port }), { mode: 0o600 });
    options.spawned?.(server(saved, child.pid, port, false));
  }
  let refusedSince: number | null = null;
  const up = await waitUntil(async () => {
    const answer = await ask(port, saved.adminToken);
    refusedSince = answer === 'refused' ? (refusedSince ?? performance.now()) : null;
    if (refusedSince !== null && performance.now() - refusedSince > refusalMs) {
      failure = `its database knows other tokens than ${file}; remove both to begin anew`;
    }
    return failure !== null || answer === 'yes';
  }, 120_000);
  if (failure !== null || !up || child.pid === undefined) {
    if (child.pid !== undefined) await endProcess(child.pid, 'SIGTERM', 8000);
    throw new Error(
      `Unleash did not start: ${failure ?? 'no answer in 120 s'}; see ${join(options.dataDir, 'unleash.log')}`,
    );
  }
  options.log(`Unleash is up on 127.0.0.1:${port}`);
  return server(saved, child.pid, port, false);
}

/** Its package exports only the library; the program lies one folder above it. */
function unleashEntry(): string {
  return join(dirname(createRequire(import.meta.url).resolve('unleash-server')), '..', 'server.js');
}

function unleashEnvironment(databaseUrl: string, port: number, saved: Saved): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: compileCache,
    TZ: 'UTC',
    DATABASE_URL: databaseUrl,
    DATABASE_SSL: 'false',
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: String(port),
    INIT_ADMIN_API_TOKENS: saved.adminToken,
    INIT_BACKEND_API_TOKENS: `${saved.clientToken},${saved.devClientToken}`,
    UNLEASH_SECRET: saved.sessionSecret,
    UNLEASH_DEFAULT_ADMIN_USERNAME: 'admin',
    UNLEASH_DEFAULT_ADMIN_PASSWORD: saved.adminPassword,
    CHECK_VERSION: 'false',
    SEND_TELEMETRY: 'false',
    SEARCH_FEATURES_RATE_LIMIT_PER_MINUTE: '6000',
    LOG_LEVEL: 'warn',
  };
}

/** Only what any program needs: our own settings and secrets are none of Unleash's business. */
function systemEnvironment(): Partial<NodeJS.ProcessEnv> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'LANG'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function newSaved(): Saved {
  const secret = () => randomBytes(24).toString('hex');
  return {
    adminToken: `*:*.${secret()}`,
    clientToken: `*:production.${secret()}`,
    devClientToken: `*:development.${secret()}`,
    sessionSecret: secret(),
    adminPassword: secret(),
    pid: null,
    port: null,
  };
}

function readSaved(file: string): Saved | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Saved;
  } catch {
    return null;
  }
}

function server(saved: Saved, pid: number, port: number, adopted: boolean): UnleashServer {
  return {
    url: `http://127.0.0.1:${port}`,
    adminToken: saved.adminToken,
    clientToken: saved.clientToken,
    devClientToken: saved.devClientToken,
    pid,
    adopted,
    stop: () => endProcess(pid, 'SIGTERM', 8000),
  };
}

/** Whether it is up and takes our token. */
async function ask(port: number, adminToken: string): Promise<'yes' | 'refused' | 'down'> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/admin/projects`, {
      headers: { authorization: adminToken },
      signal: AbortSignal.timeout(2000),
    });
    await response.arrayBuffer();
    if (response.status === 401 || response.status === 403) return 'refused';
    return response.ok ? 'yes' : 'down';
  } catch {
    return 'down';
  }
}
