import { Migrator, sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DbHandle, openDb } from '#app/platform/db.server.ts';
import { isMigrated, migrate } from '#app/stores/migrate.server.ts';
import { migrations } from '#app/stores/migrations/index.ts';
import { createTestDatabase } from '#test/support/database.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let handle: DbHandle;
beforeEach(async () => {
  database = await createTestDatabase();
  handle = openDb(database.url, { onError: () => undefined });
  await sql.raw('drop schema public cascade; create schema public').execute(handle.db);
});
afterEach(async () => {
  await handle.close();
  await database.drop();
});

/** What a process did that knew these migrations only. */
const migrateBefore = async (known: (name: string) => boolean) => {
  const some = Object.fromEntries(Object.entries(migrations).filter(([name]) => known(name)));
  const migrator = new Migrator({ db: handle.db, provider: { getMigrations: async () => some } });
  expect((await migrator.migrateToLatest()).error).toBeUndefined();
};
const shape = async () =>
  (
    await sql<{ named: string }>`
      select table_name || '.' || column_name || ' ' || data_type as named from information_schema.columns
      where table_schema = 'public' union select indexdef from pg_indexes where schemaname = 'public' order by 1`.execute(
      handle.db,
    )
  ).rows.map(({ named }) => named);

test('a database that ran 013 and 014 before 011 was written takes it in, and ends like any other', async () => {
  await migrateBefore((name) => name < '011');
  await migrateBefore((name) => name !== '011-shared-work');
  expect(await isMigrated(handle.db)).toBe(false);
  expect(await migrate(handle.db)).toEqual(['011-shared-work']);
  expect(await isMigrated(handle.db)).toBe(true);
  expect(await migrate(handle.db)).toEqual([]);
  const late = await shape();

  await sql.raw('drop schema public cascade; create schema public').execute(handle.db);
  expect(await migrate(handle.db)).toEqual(Object.keys(migrations));
  expect(late).toEqual(await shape());
});
