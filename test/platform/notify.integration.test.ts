import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLog } from '#app/platform/log.ts';
import { createNotices, type Notices } from '#app/platform/notify.server.ts';
import { createRedactor } from '#app/platform/redact.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase({ each: true });
let notices: Notices;
let heard: string[];
let lines: string[];

beforeEach(async () => {
  [heard, lines] = [[], []];
  const log = createLog('info', createRedactor(), { write: (line) => lines.push(line) });
  notices = await createNotices(database.url, database.db, log);
  notices.subscribe((topic) => heard.push(topic));
});
afterEach(async () => {
  await notices?.stop();
});

async function asOwner(statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}
const killListener = () =>
  asOwner(`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'firebreak-listen' and datname = current_database()`);
const listening = async () =>
  (
    await asOwner(`select 1 from pg_stat_activity
      where application_name = 'firebreak-listen' and datname = current_database()`)
  ).rowCount;

test('a notice inside a transaction is heard at commit, and never after a rollback', async () => {
  await database.db
    .transaction()
    .execute(async (tx) => {
      await notices.notify('runs', tx);
      throw new Error('no');
    })
    .catch(() => undefined);
  await database.db.transaction().execute(async (tx) => {
    await notices.notify('run/1', tx);
    await notices.notify('slos');
    await vi.waitFor(() => expect(heard).toContain('slos'));
    expect(heard).not.toContain('run/1');
  });
  await vi.waitFor(() => expect(heard).toEqual(['slos', 'run/1']));
});

test('a broken connection comes back once, and everything is looked at again', async () => {
  await killListener();
  await vi.waitFor(() => expect(heard).toContain('catalog'), 10_000);
  expect(heard).toEqual(expect.arrayContaining(['incidents', 'runs', 'slos', 'changes', 'follow-ups']));
  heard.length = 0;
  await notices.notify('incidents');
  await vi.waitFor(() => expect(heard).toEqual(['incidents']));
  expect(await listening()).toBe(1);
  expect(lines.join('')).toContain('the notice connection broke');
});

test('who stopped hears nothing, and a stop leaves no connection', async () => {
  const other: string[] = [];
  const leave = notices.subscribe((topic) => other.push(topic));
  leave();
  await notices.notify('runs');
  await vi.waitFor(() => expect(heard).toEqual(['runs']));
  expect(other).toEqual([]);
  await notices.stop();
  await vi.waitFor(async () => expect(await listening()).toBe(0));
});

test('a stop while it tries to come back is final', async () => {
  await killListener();
  await vi.waitFor(() => expect(lines.join('')).toContain('broke'));
  await notices.stop();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await listening()).toBe(0);
});
