import { join } from 'node:path';
import { readConfig } from '../app/config.server.ts';
import { ensureBuild } from './supervisor/build.ts';
import { startPostgres } from './supervisor/postgres.ts';
import { root } from './supervisor/process.ts';

/**
 * `npm start`: the console against the real world, by the settings of `docs/operating.md`. Without `DATABASE_URL` an
 * embedded PostgreSQL is started (refused on Cloud Run). The server runs in this process's own group and is started
 * again by whoever runs us: Cloud Run, systemd.
 */
ensureBuild((line) => process.stderr.write(`${line}\n`));
if (!process.env.DATABASE_URL) {
  // What is missing is said before anything is started.
  try {
    readConfig({ ...process.env, DATABASE_URL: 'postgres://127.0.0.1/firebreak' });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
  const postgres = await startPostgres({
    dataDir: join(root, '.firebreak', 'postgres'),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.env.DATABASE_URL = await postgres.ensureDatabase('firebreak');
  process.once('exit', () => {
    // Fast mode and last: by now the pools are closed.
    try {
      process.kill(postgres.pid, 'SIGINT');
    } catch {
      // It is gone already.
    }
  });
}
await import('../server.ts');
