import { afterEach, beforeEach, expect, test } from 'vitest';
import { buryRun } from '#app/engine/runs/dead-letter.server.ts';
import type { EngineDeps } from '#app/engine/runs/deps.ts';
import { systemClock } from '#app/platform/clock.ts';
import { appendAudit } from '#app/stores/audit.server.ts';
import { createSendRun } from '#app/stores/run/run-queue.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { ada, catalogOf, startProcess, stepOf, type TestProcess } from './harness.ts';

const database = testDatabase({ each: true });
let at: TestProcess;

const kill = stepOf({ id: 'kill', uses: 'flag.kill', with: { flag: 'voiceover-v2', environment: 'production' } });

beforeEach(async () => {
  at = await startProcess({ url: database.url, actions: [], catalog: catalogOf([kill]), engine: false });
});
afterEach(async () => {
  await at.stop();
});

test('what cannot be driven to its end in a cancelled run opens the run again, so that somebody can decide', async () => {
  const runId = await at.runs.openRun({ template: 'burning', inputs: {}, incidentId: null, service: null }, ada);
  await at.db.updateTable('run').set({ state: 'cancelled', ended_at: 1 }).where('id', '=', runId).execute();
  await at.db.updateTable('run_step').set({ state: 'running' }).where('run_id', '=', runId).execute();
  const deps = { db: at.db, clock: systemClock, send: createSendRun(at.boss), notify: async () => undefined };
  await buryRun({ ...deps, audit: appendAudit } as unknown as EngineDeps, { runId, look: null }, 'the disk is full');
  expect(await at.runs.get(runId)).toMatchObject({ state: 'open', endedAt: null, steps: [{ state: 'unknown' }] });
  await at.runs.resolveUnknown({ runId, stepId: 'kill', decision: 'abort', actor: ada });
  expect((await at.runs.get(runId))?.steps[0]?.state).toBe('failed');
});
