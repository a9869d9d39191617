import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { isAlive } from '#scripts/supervisor/child.ts';
import { startPostgres } from '#scripts/supervisor/postgres.ts';
import { removePostgres } from '#scripts/supervisor/postgres-home.ts';

const folders: string[] = [];
const cleanUp: (() => Promise<void>)[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-pg-'));
  folders.push(folder);
  return folder;
}

async function start(dataDir: string) {
  const lines: string[] = [];
  const server = await startPostgres({ dataDir, log: (line) => lines.push(line), throwaway: true });
  cleanUp.push(() => server.stop());
  return { ...server, lines };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

afterEach(async () => {
  for (const stop of cleanUp.splice(0)) await stop();
  for (const folder of folders.splice(0)) {
    removePostgres(join(folder, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a server left running is adopted with its data, and a stopped one starts again with it', async () => {
  const dataDir = join(newFolder(), 'postgres');
  const first = await start(dataDir);
  expect(first.adopted).toBe(false);
  const url = await first.ensureDatabase('shop');
  await query(url, 'create table item (id int); insert into item values (7)');
  const second = await start(dataDir);
  expect(second).toMatchObject({ adopted: true, pid: first.pid, port: first.port });
  expect(second.lines.join()).toContain('still running');
  expect(await query(await second.ensureDatabase('shop'), 'select id from item')).toEqual([{ id: 7 }]);
  await second.stop();
  expect(isAlive(first.pid)).toBe(false);
  const third = await start(dataDir);
  expect(third.adopted).toBe(false);
  expect(await query(third.url('shop'), 'select id from item')).toEqual([{ id: 7 }]);
});

test('it listens on loopback only and asks for a password', async () => {
  const server = await start(join(newFolder(), 'postgres'));
  expect(await query(server.ownerUrl, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  const guess = new URL(server.ownerUrl);
  guess.password = 'password';
  await expect(query(guess.href, 'select 1')).rejects.toThrow('password authentication failed');
});

test('a data folder below one that only we can enter works as well', async () => {
  const closed = join(newFolder(), 'closed');
  mkdirSync(closed, { mode: 0o700 });
  const dataDir = join(closed, 'postgres');
  const server = await start(dataDir);
  await server.ensureDatabase('shop');
  expect((await start(dataDir)).adopted).toBe(true);
});

test('it refuses to start where its data would be lost', async () => {
  process.env.K_SERVICE = 'firebreak';
  try {
    await expect(startPostgres({ dataDir: newFolder(), log: () => undefined })).rejects.toThrow('set DATABASE_URL');
  } finally {
    delete process.env.K_SERVICE;
  }
});
