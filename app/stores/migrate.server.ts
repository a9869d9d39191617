import { Migrator } from 'kysely';
import type { Db } from '../platform/db.server.ts';
import { migrations } from './migrations/index.ts';

/** Brings the schema up to date; safe to call from several processes at once (the migrator holds a lock). */
export async function migrate(db: Db): Promise<string[]> {
  const { error, results } = await migratorOf(db).migrateToLatest();
  if (error) throw error;
  return (results ?? []).filter((result) => result.status === 'Success').map((result) => result.migrationName);
}

/** True when no migration is pending. */
export async function isMigrated(db: Db): Promise<boolean> {
  return (await migratorOf(db).getMigrations()).every((migration) => migration.executedAt !== undefined);
}

/** Takes them in whichever order they were written: a database may have run a later number before an earlier one came. */
function migratorOf(db: Db): Migrator {
  const provider = { getMigrations: async () => migrations };
  return new Migrator({ db, provider, allowUnorderedMigrations: true });
}
