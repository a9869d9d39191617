import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDb } from '#app/platform/db.server.ts';
import { migrate } from '#app/stores/migrate.server.ts';
import { startPostgres } from '#scripts/supervisor/postgres.ts';
import { startUnleash } from '#scripts/supervisor/unleash.ts';
import { clearLeftovers, testFolder } from './leftovers.ts';
import { templateDatabase } from './provided.ts';

/** One PostgreSQL with a migrated template, and one real Unleash, for the whole run. Returns the tear-down. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await clearLeftovers();
  const folder = testFolder(process.pid);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const log = () => undefined;
  const postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    log,
    throwaway: true,
    maxConnections: 300,
  });
  const [unleash] = await Promise.all([
    startUnleash({ databaseUrl: await postgres.ensureDatabase('unleash'), dataDir: join(folder, 'unleash'), log }),
    migrateTemplate(await postgres.ensureDatabase(templateDatabase)),
  ]);
  project.provide('pgUrl', postgres.ownerUrl);
  project.provide('unleash', {
    url: unleash.url,
    adminToken: unleash.adminToken,
    clientToken: unleash.clientToken,
    devClientToken: unleash.devClientToken,
  });
  return async () => {
    await unleash.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function migrateTemplate(url: string): Promise<void> {
  const handle = openDb(url, {
    max: 2,
    onError: (error) => {
      throw error;
    },
  });
  try {
    await migrate(handle.db);
  } finally {
    await handle.close();
  }
}
