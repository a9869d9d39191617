import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openDb } from '#app/platform/db.server.ts';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { migrate } from '#app/stores/migrate.server.ts';
import { isAlive, waitUntil } from '#scripts/supervisor/child.ts';
import { type PostgresServer, startPostgres } from '#scripts/supervisor/postgres.ts';
import { removePostgres } from '#scripts/supervisor/postgres-home.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { startLoad } from './load.ts';
import { violations } from './soak-findings.ts';
import { createOutside } from './soak-world.ts';

const log = () => undefined;
/** How the server dies, one after the other: at once with all its children, and alone, its children finding out. */
const deaths: NodeJS.Signals[] = ['SIGQUIT', 'SIGKILL', 'SIGKILL', 'SIGQUIT'];
/** Wall ms under load before each death, and until the server comes back. */
const underLoad = 6_000;
const away = 2_500;

test('PostgreSQL dies under load and comes back: no process ends or stays stuck, nothing confirmed is lost, nothing done twice', {
  timeout: 900_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-pg-'));
  const dataDir = join(folder, 'postgres');
  // With all its durability: what was answered must be there.
  let postgres = await startPostgres({ dataDir, log, maxConnections: 200 });
  const url = await postgres.ensureDatabase('firebreak');
  const owner = openDb(url, { max: 1, onError: log });
  await migrate(owner.db);
  await owner.close();
  const outside = await createTestDatabase();
  await createOutside(outside.url);
  let dying = true;
  const load = await startLoad({
    url,
    outside: outside.url,
    seed: 7,
    atOnce: 40,
    more: (opened) => dying || opened < 60,
  });
  try {
    for (const signal of deaths) {
      await sleep(underLoad);
      postgres = await dieAndComeBack(postgres, dataDir, signal);
    }
    const back = new Date();
    dying = false;
    await load.ended();

    // Nobody had to start them anew, and each of them drives runs again.
    expect(load.fleet.fallen()).toEqual([]);
    const drives = await load.pool.query('select distinct process from claim_note where at > $1 order by 1', [back]);
    expect(drives.rows.map(({ process }) => process)).toEqual(load.fleet.names());
    expect(await violations(load.world, load.pool)).toEqual([]);
    expect(await createAuditStore(load.page.db).verify()).toMatchObject({ ok: true });
    const { rows } = await load.pool.query<{ word: string }>(
      `select run_id || '/' || step_id || '/' || (after->>'hash') as word from audit where action = 'step.confirmed'`,
    );
    const kept = new Set(rows.map(({ word }) => word));
    const { confirmed } = load.people.answers;
    expect(confirmed.filter(({ runId, stepId, hash }) => !kept.has(`${runId}/${stepId}/${hash}`))).toEqual([]);
    process.stdout.write(
      `PostgreSQL died ${deaths.length} times under ${load.opened()} runs; ${confirmed.length} confirmations were answered, ${rows.length} are there\n`,
    );
  } finally {
    await load.end();
    await postgres.stop();
    removePostgres(dataDir);
    rmSync(folder, { recursive: true });
    await outside.drop();
  }
});

async function dieAndComeBack(
  { pid, port }: PostgresServer,
  dataDir: string,
  signal: NodeJS.Signals,
): Promise<PostgresServer> {
  process.kill(pid, signal);
  await waitUntil(() => !isAlive(pid), 10_000);
  await sleep(away);
  // The children of a server that was killed may hold its memory a moment longer.
  for (let attempt = 1; ; attempt++) {
    try {
      return await startPostgres({ dataDir, log, port, maxConnections: 200 });
    } catch (error) {
      if (attempt === 20) throw error;
      await sleep(500);
    }
  }
}
