import pg from 'pg';
import { afterEach, expect, inject, test } from 'vitest';
import { appendAudit } from '#app/stores/audit.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeAction, fakeTarget } from './fake-target.ts';
import { catalogOf, openAndConfirm, startProcess, stepOf, type TestProcess, untilStep } from './harness.ts';

const database = testDatabase({ each: true });
let process: TestProcess;

afterEach(async () => {
  await process.stop();
});

const kill = stepOf({ id: 'kill', uses: 'flag.kill', with: { flag: 'voiceover-v2', environment: 'production' } });

test('no audit row, no action: an intent that cannot be audited does not start', async () => {
  const target = fakeTarget('on');
  let deaf = true;
  process = await startProcess({
    url: database.url,
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
    audit: async (tx, entry) => {
      if (deaf && entry.action === 'step.intent') throw new Error('the audit cannot be written');
      return appendAudit(tx, entry);
    },
  });
  const runId = await openAndConfirm(process, 'kill');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(target.effects).toEqual([]);
  const attempts = await process.db.selectFrom('step_attempt').selectAll().execute();
  expect(attempts).toEqual([]);
  deaf = false;
  await untilStep(process, runId, 'kill', ['succeeded']);
  expect(target.effects).toHaveLength(1);
});

test('connections that break in the midst of an effect cost a retry, and no second effect', async () => {
  const target = fakeTarget('on');
  process = await startProcess({
    url: database.url,
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
    hooks: {
      async at(point) {
        if (point === 'after-effect' && target.effects.length === 1) await breakConnections(database.url);
      },
    },
  });
  const runId = await openAndConfirm(process, 'kill');
  await untilStep(process, runId, 'kill', ['succeeded'], 40_000);
  expect(target.effects).toHaveLength(1);
});

/** Ends every connection to a database, as a restart of the server would. */
async function breakConnections(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('pgUrl') });
  await client.connect();
  const name = new URL(url).pathname.slice(1);
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  await client.end();
}
