import { Migrator, sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { isMigrated, migrate } from '#app/stores/migrate.server.ts';
import { migrations } from '#app/stores/migrations/index.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase({ each: true });
beforeEach(async () => {
  await sql.raw('drop schema public cascade; create schema public').execute(database.db);
});

/** What a process did that knew these migrations only. */
const migrateBefore = async (known: (name: string) => boolean) => {
  const some = Object.fromEntries(Object.entries(migrations).filter(([name]) => known(name)));
  const migrator = new Migrator({ db: database.db, provider: { getMigrations: async () => some } });
  expect((await migrator.migrateToLatest()).error).toBeUndefined();
};
const shape = async () =>
  (
    await sql<{ named: string }>`
      select table_name || '.' || column_name || ' ' || data_type as named from information_schema.columns
      where table_schema = 'public' union select indexdef from pg_indexes where schemaname = 'public' order by 1`.execute(
      database.db,
    )
  ).rows.map(({ named }) => named);

test('a database that ran 013 and 014 before 011 was written takes it in, and ends like any other', async () => {
  await migrateBefore((name) => name < '011');
  await migrateBefore((name) => name !== '011-shared-work');
  expect(await isMigrated(database.db)).toBe(false);
  expect(await migrate(database.db)).toEqual(['011-shared-work']);
  expect(await isMigrated(database.db)).toBe(true);
  expect(await migrate(database.db)).toEqual([]);
  const late = await shape();

  await sql.raw('drop schema public cascade; create schema public').execute(database.db);
  expect(await migrate(database.db)).toEqual(Object.keys(migrations));
  expect(late).toEqual(await shape());
});
