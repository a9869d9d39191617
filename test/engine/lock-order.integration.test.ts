import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buryRun } from '#app/engine/runs/dead-letter.server.ts';
import type { EngineDeps } from '#app/engine/runs/deps.ts';
import { AppError } from '#app/errors.ts';
import { systemClock } from '#app/platform/clock.ts';
import { appendAudit } from '#app/stores/audit.server.ts';
import { lockedStep } from '#app/stores/run/decide-step.server.ts';
import { holderOf } from '#app/stores/run/locks.server.ts';
import { createSendRun } from '#app/stores/run/run-queue.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { type FakeTarget, fakeAction, fakeTarget } from './fake-target.ts';
import { kill } from './gated.ts';
import { catalogOf, grace, openAndConfirm, startProcess, type TestProcess, untilStep } from './harness.ts';

const database = testDatabase({ each: true });
let target: FakeTarget;
let process: TestProcess;
let release: () => void;
/** Whether the kill leaves a follow-up. */
let leaves: boolean;

const followUp = {
  ...({ kind: 'flag-killed', target: 'flag/production/voiceover-v2', title: 'Bring it back', service: null } as const),
  ...{ owner: null, wayBack: null, dueIn: null },
};

beforeEach(async () => {
  target = fakeTarget('on');
  leaves = false;
  const gone = new Promise<void>((resolve) => (release = resolve));
  target.during = () => gone;
  target.loseAnswer = new AppError('unavailable', 'The connection was dropped.');
  process = await startProcess({
    url: database.url,
    actions: [
      {
        ...fakeAction('flag.kill', 'stop', target, 'off', { recovery: 'ask' }),
        leaves: () => ({ followUp: leaves ? followUp : null, clears: null }),
      },
    ],
    catalog: catalogOf([kill]),
  });
});
afterEach(async () => {
  release();
  await process.stop();
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

test('an engine that records a change with a follow-up never keeps the step from whoever decides about its run', async () => {
  target.loseAnswer = null;
  leaves = true;
  const runId = await openAndConfirm(process, 'kill');
  await underWay();
  await process.db.transaction().execute(async (tx) => {
    await tx.selectFrom('run').select('id').where('id', '=', runId).forUpdate().execute();
    release();
    await expect.poll(engineWaits, { timeout: 10_000 }).toBe(true);
    await sql`set local lock_timeout = '500ms'`.execute(tx);
    expect((await lockedStep(tx, runId, 'kill')).step.state).toBe('running');
  });
  await untilStep(process, runId, 'kill', ['succeeded']);
  expect(await process.db.selectFrom('follow_up').select('run_id').execute()).toEqual([{ run_id: runId }]);
});

test('a run that is buried waits for its target before it writes its step, as whoever records does', async () => {
  const runId = await openAndConfirm(process, 'kill');
  await underWay();
  let burying: Promise<void> | undefined;
  await process.db.transaction().execute(async (tx) => {
    await holderOf(tx, 'flag/production/voiceover-v2', true);
    const send = createSendRun(process.boss);
    const deps = { db: process.db, clock: systemClock, send, notify: async () => undefined, audit: appendAudit };
    burying = buryRun(deps as unknown as EngineDeps, { runId, look: null }, 'the disk is full');
    await expect.poll(engineWaits, { timeout: 10_000 }).toBe(true);
    await sql`set local lock_timeout = '500ms'`.execute(tx);
    await tx.updateTable('run_step').set({ reason: 'Read again.' }).where('run_id', '=', runId).execute();
  });
  await burying;
  await untilStep(process, runId, 'kill', ['unknown']);
});

/** True while a statement of this database waits for a row. */
async function engineWaits(): Promise<boolean> {
  const { rows } = await sql`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(process.db);
  return rows.length > 0;
}
