import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { type DbHandle, openDb } from '#app/platform/db.server.ts';
import { templateDatabase } from './provided.ts';

/** The database of a test file. To be read in tests and hooks only: before them there is none. */
interface TestDatabase extends Pick<DbHandle, 'db' | 'pool'> {
  readonly url: string;
}

/**
 * Gives the file one migrated database, or with `each` every test a fresh one, and a pool of `max` connections onto it.
 * To be called before the file's other hooks: those find the database there, and what they stop afterwards is stopped before it is dropped.
 */
export function testDatabase({ each = false, max }: { each?: boolean; max?: number } = {}): TestDatabase {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let handle: DbHandle;
  const [before, after] = each ? [beforeEach, afterEach] : [beforeAll, afterAll];
  before(async () => {
    database = await createTestDatabase();
    handle = openDb(database.url, { ...(max && { max }), onError: () => undefined });
  });
  after(async () => {
    await handle?.close();
    await database?.drop();
  });
  return {
    get url() {
      return database.url;
    },
    get db() {
      return handle.db;
    },
    get pool() {
      return handle.pool;
    },
  };
}

/** A database of this test's own: empty, migrated. `drop` ends whatever is still connected to it after half a second. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asOwner((client) =>
    withTemplateRetry(() => client.query(`create database ${name} template ${templateDatabase}`)),
  );
  const url = new URL(inject('pgUrl'));
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => dropDatabase(name) };
}

/** A pool's end is told before its connections are gone, and one that is cut off in between throws where nobody listens. */
async function dropDatabase(name: string): Promise<void> {
  await asOwner(async (client) => {
    for (let turn = 0; turn < 10; turn++) {
      const { rowCount } = await client.query('select 1 from pg_stat_activity where datname = $1', [name]);
      if (rowCount === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await client.query(`drop database if exists ${name} with (force)`);
  });
}

async function asOwner(run: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: inject('pgUrl') });
  await client.connect();
  try {
    await run(client);
  } finally {
    await client.end();
  }
}

/** Two files that clone in the same moment can find the template in use (55006). */
async function withTemplateRetry(run: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await run();
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== '55006' || attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
