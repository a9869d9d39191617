import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '#app/errors.ts';
import { lockedStep } from '#app/stores/decide-step.server.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { type FakeTarget, fakeAction, fakeTarget } from './fake-target.ts';
import { kill } from './gated.ts';
import { catalogOf, grace, openAndConfirm, startProcess, type TestProcess, untilStep } from './harness.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let target: FakeTarget;
let process: TestProcess;
let release: () => void;

beforeEach(async () => {
  database = await createTestDatabase();
  target = fakeTarget('on');
  const gone = new Promise<void>((resolve) => (release = resolve));
  target.during = () => gone;
  target.loseAnswer = new AppError('unavailable', 'The connection was dropped.');
  process = await startProcess({
    url: database.url,
    actions: [fakeAction('flag.kill', 'stop', target, 'off', { recovery: 'ask' })],
    catalog: catalogOf([kill]),
  });
});
afterEach(async () => {
  release();
  await process.stop();
  await database.drop();
});

const underWay = () => expect.poll(() => process.runs.holder('flag/production/voiceover-v2')).not.toBeNull();

test('a person who decides about a cancelled run never waits for an engine that waits for them', async () => {
  const runId = await openAndConfirm(process, 'kill');
  await underWay();
  await process.runs.cancel({ runId, reason: 'Wrong flag.', actor: grace });
  await process.db.transaction().execute(async (tx) => {
    // Half way through a decision: the run is held, its steps are not yet.
    await tx.selectFrom('run').select('id').where('id', '=', runId).forUpdate().execute();
    release();
    await expect.poll(engineWaits, { timeout: 10_000 }).toBe(true);
    await sql`set local lock_timeout = '500ms'`.execute(tx);
    expect((await lockedStep(tx, runId, 'kill')).step.state).toBe('running');
  });
  await untilStep(process, runId, 'kill', ['unknown']);
  expect(await process.runs.get(runId)).toMatchObject({ state: 'open' });
});

test('a run that is cancelled while the outcome of its step gets lost is open again for whoever decides', async () => {
  const runId = await openAndConfirm(process, 'kill');
  await underWay();
  await process.db.transaction().execute(async (tx) => {
    await tx.updateTable('run').set({ state: 'cancelled' }).where('id', '=', runId).execute();
    release();
    const recorded = async () => (await process.runs.get(runId))?.steps[0]?.state === 'unknown';
    await expect.poll(async () => (await engineWaits()) || (await recorded()), { timeout: 10_000 }).toBe(true);
  });
  await untilStep(process, runId, 'kill', ['unknown']);
  expect(await process.runs.get(runId)).toMatchObject({ state: 'open' });
});

/** True while a statement of this database waits for a row. */
async function engineWaits(): Promise<boolean> {
  const { rows } = await sql`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(process.db);
  return rows.length > 0;
}
