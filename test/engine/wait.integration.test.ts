import { afterEach, expect, test } from 'vitest';
import { manual } from '#app/actions/manual.ts';
import { wait } from '#app/actions/wait.server.ts';
import { piecewiseClock } from '#app/platform/clock.ts';
import { testDatabase } from '#test/support/database.ts';
import { ada, catalogOf, confirmPlanned, grace, startProcess, stepOf, type TestProcess, untilStep } from './harness.ts';

const database = testDatabase({ each: true });
const started: TestProcess[] = [];

afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
});

const begun = Date.now();
const fast = piecewiseClock(() => [{ wall: begun, data: Date.UTC(2026, 10, 22, 3), speed: 600 }]);
const noSlo = { state: async () => null };
const steps = (time: string) =>
  catalogOf([
    stepOf({ id: 'wait', uses: 'wait', with: { for: time } }),
    stepOf({ id: 'then', uses: 'manual', with: { ask: 'And now?' }, when: "steps.wait.outputs.answer == 'yes'" }),
  ]);

async function start(time: string, options: Partial<Parameters<typeof startProcess>[0]> = {}): Promise<TestProcess> {
  const base = { url: database.url, actions: [wait(noSlo), manual()], catalog: steps(time), clock: fast };
  const process = await startProcess({ ...base, ...options });
  started.push(process);
  return process;
}

/** A run whose wait has begun. */
async function waiting(process: TestProcess): Promise<string> {
  const runId = await process.runs.openRun({ template: 'burning', inputs: {}, incidentId: null, service: null }, ada);
  await confirmPlanned(process, runId, 'wait');
  await untilStep(process, runId, 'wait', ['verifying']);
  return runId;
}

test('a wait outlives its process, ends at its time, and what follows can ask how', async () => {
  const first = await startProcess({
    url: database.url,
    actions: [wait(noSlo), manual()],
    catalog: steps('40m'),
    clock: fast,
  });
  const runId = await waiting(first);
  const { evidence } = await untilStep(first, runId, 'wait', ['verifying']);
  await first.stop();
  const second = await start('40m', { name: 'second' });
  const done = await untilStep(second, runId, 'wait', ['succeeded']);
  expect(done.outputs).toEqual({ answer: 'yes' });
  const { endsAt } = evidence as { endsAt: number };
  expect((done.evidence as { endedAt: number }).endedAt).toBeGreaterThanOrEqual(endsAt);
  await untilStep(second, runId, 'then', ['planned']);
});

test('a person ends a wait with a reason, and what needed its answer is passed over', async () => {
  const process = await start('3d');
  const runId = await waiting(process);
  await process.runs.skip({ runId, stepId: 'wait', reason: 'The vendor called.', actor: grace });
  expect(await untilStep(process, runId, 'wait', ['skipped'])).toMatchObject({
    reason: 'Skipped by Grace: The vendor called.',
  });
  await untilStep(process, runId, 'then', ['skipped']);
});

test('cancelling a run ends its wait', async () => {
  const process = await start('3d');
  const runId = await waiting(process);
  await process.runs.cancel({ runId, reason: 'Not ours.', actor: ada });
  await untilStep(process, runId, 'wait', ['skipped']);
  expect((await process.runs.get(runId))?.state).toBe('cancelled');
});

test('a console that only observes may wait: nothing outside is touched', async () => {
  const process = await start('40m', { mode: 'observe' });
  await untilStep(process, await waiting(process), 'wait', ['succeeded']);
});
