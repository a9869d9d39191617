import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type DbHandle, openDb } from '#app/platform/db.server.ts';
import { appRole, ensureAppRole, loginOf } from '#app/stores/app-role.server.ts';
import { appendAudit, createAuditStore } from '#app/stores/audit.server.ts';
import { isMigrated, migrate } from '#app/stores/migrate.server.ts';
import { createBoss, createSendRun, runQueue, startBoss } from '#app/stores/run/run-queue.server.ts';
import { testDatabase } from '#test/support/database.ts';

const onError = () => undefined;
const database = testDatabase();
let owner: DbHandle;
let app: DbHandle;

const line = {
  at: 1_000,
  actor: 'ada@example.com',
  action: 'step.confirmed',
  target: 'flag/production/new-checkout',
  runId: null,
  stepId: null,
  reason: null,
  before: null,
  after: null,
  address: null,
};

beforeAll(async () => {
  owner = openDb(database.url, { max: 4, onError });
  const boss = createBoss({ url: database.url, supervise: false, onError });
  await startBoss(boss);
  await boss.stop({ graceful: false });
  await ensureAppRole(owner.db);
  app = openDb(database.url, { max: 4, role: appRole, onError });
  await app.db.transaction().execute((tx) => appendAudit(tx, line));
});
afterAll(async () => {
  await app?.close();
  await owner?.close();
});

test.each([
  'update audit set actor = $$somebody else$$',
  'delete from audit',
  'truncate audit',
  'drop table audit',
  'alter table audit disable trigger all',
  'insert into audit select * from audit on conflict (seq) do update set actor = $$somebody else$$',
])('the application cannot rewrite the audit: %s', async (statement) => {
  await expect(sql.raw(statement).execute(app.db)).rejects.toThrow(/permission denied|must be owner/);
  expect(await createAuditStore(app.db).verify()).toEqual({ ok: true, brokenAt: null, entries: 1 });
});

test('the application reads and appends', async () => {
  await app.db.transaction().execute((tx) => appendAudit(tx, line));
  const { entries } = await createAuditStore(app.db).verify();
  expect(entries).toBe(2);
  // One is left for the other tests of this file.
  await owner.db.deleteFrom('audit').where('seq', '=', 2).execute();
});

test('every other table the application reads, writes and clears', async () => {
  await app.db.insertInto('cursor').values({ name: 'x', value: '1' }).execute();
  await app.db.updateTable('cursor').set({ value: '2' }).where('name', '=', 'x').execute();
  await app.db.deleteFrom('cursor').where('name', '=', 'x').execute();
  await sql`select nextval('lock_epoch')`.execute(app.db);
});

test('processes that start at once do not get in each other’s way', async () => {
  await Promise.all(Array.from({ length: 6 }, () => ensureAppRole(owner.db)));
});

test('a login that is not the owner takes the role, and cannot be more', async () => {
  const login = `web_"${Math.random().toString(36).slice(2)}`;
  const quoted = `"${login.replaceAll('"', '""')}"`;
  await sql.raw(`create role ${quoted} login password 'a-password'`).execute(owner.db);
  const url = new URL(database.url);
  url.username = encodeURIComponent(login);
  url.password = 'a-password';
  expect(loginOf(url.href)).toBe(login);
  await ensureAppRole(owner.db, [login]);
  const web = openDb(url.href, { max: 1, role: appRole, onError });
  try {
    expect(await web.db.selectFrom('audit').select('seq').execute()).toHaveLength(1);
    await expect(sql.raw('reset role; delete from audit').execute(web.db)).rejects.toThrow(/permission denied/);
  } finally {
    await web.close();
    await sql.raw(`drop owned by ${quoted}; drop role ${quoted}`).execute(owner.db);
  }
});

test('migrations run once, from however many processes', async () => {
  const name = `migrate_${Math.random().toString(36).slice(2)}`;
  const admin = new pg.Client({ connectionString: inject('pgUrl') });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(inject('pgUrl'));
  url.pathname = `/${name}`;
  const processes = Array.from({ length: 4 }, () => openDb(url.href, { max: 2, onError }));
  try {
    expect(await isMigrated(processes[0]!.db)).toBe(false);
    const applied = await Promise.all(processes.map(({ db }) => migrate(db)));
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await isMigrated(processes[1]!.db)).toBe(true);
    expect(await migrate(processes[0]!.db)).toEqual([]);
  } finally {
    await Promise.all(processes.map(({ close }) => close()));
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
});

test('the queue works under the application’s role, and that role cannot change its tables', async () => {
  const boss = createBoss({ url: database.url, role: appRole, supervise: true, onError });
  await boss.start();
  try {
    const heard = new Promise<unknown>((resolve) => {
      void boss.work(runQueue, async ([job]) => resolve(job?.data));
    });
    await app.db.transaction().execute((tx) => createSendRun(boss)(tx, { runId: 'r1', look: null }));
    expect(await heard).toEqual({ runId: 'r1', look: null });
    await expect(boss.getDb().executeSql('drop table pgboss.job')).rejects.toThrow(/must be owner/);
    await boss.supervise(runQueue);
  } finally {
    await boss.stop({ graceful: false });
  }
});
