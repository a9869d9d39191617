import { afterEach, expect, test } from 'vitest';
import { githubDispatch } from '#app/actions/github-dispatch.server.ts';
import { createGitHubRead } from '#app/clients/github/read.server.ts';
import { createGitHubWrite } from '#app/clients/github/write.server.ts';
import { systemClock } from '#app/platform/clock.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { testDatabase } from '#test/support/database.ts';
import {
  catalogOf,
  openAndConfirm,
  startProcess,
  stepOf,
  type TestProcess,
  undoAsRead,
  untilStep,
} from '../engine/harness.ts';
import { place, startGitHub, type TestGitHub } from '../simulator/github/start.ts';

const database = testDatabase({ each: true });
let github: TestGitHub;
let process: TestProcess;

/** A console whose one runbook starts a workflow that lasts `lasts` ms. */
async function start(lasts: number): Promise<void> {
  github = await startGitHub({ clock: systemClock, manners: { listedAfter: 200, startsAfter: 0, lasts } });
  const resilience = createResilience({ system: 'GitHub' });
  const outside = {
    read: createGitHubRead(github.address, resilience),
    write: createGitHubWrite(github.address, resilience),
  };
  const given = { ...place, ref: 'main', inputs: { queue: 'render' } };
  process = await startProcess({
    url: database.url,
    actions: [githubDispatch({ ...outside, patience: { every: 50, listed: 5_000, ended: 5_000 } })],
    catalog: catalogOf([stepOf({ id: 'drain', uses: 'github.dispatch', with: given })]),
  });
}

afterEach(async () => {
  await process.stop();
  await github.stop();
});

test('an undo cancels a workflow that is under way, and nothing is left of it to undo', async () => {
  await start(600_000);
  const runId = await openAndConfirm(process, 'drain');
  expect(await untilStep(process, runId, 'drain', ['verifying'])).toMatchObject({ effectAt: null, undoable: true });
  expect(await process.runs.holder('workflow/acme/studio/drain.yml')).toBeNull();
  await undoAsRead(process, runId, 'drain');
  await untilStep(process, runId, 'drain', ['undone']);
  expect(github.github.runs()).toMatchObject([{ conclusion: 'cancelled' }]);
});

test('a workflow that has ended leaves nothing to undo, and its run is over', async () => {
  await start(200);
  const runId = await openAndConfirm(process, 'drain');
  const done = await untilStep(process, runId, 'drain', ['succeeded']);
  expect(done).toMatchObject({ undoable: false, captured: null });
  expect(done.evidence).toMatchObject({ ended: 'success', address: expect.stringContaining('/actions/runs/') });
  await expect.poll(async () => (await process.runs.get(runId))?.state).toBe('done');
});

test('a workflow that fails fails its step', async () => {
  await start(200);
  github.github.endAs('failure');
  const runId = await openAndConfirm(process, 'drain');
  const failed = await untilStep(process, runId, 'drain', ['failed']);
  expect(failed.reason).toMatch(/^The workflow ended as failure: /);
  expect(failed.undoable).toBe(false);
});
