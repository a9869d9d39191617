import { afterEach, expect, test } from 'vitest';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeAction, fakeTarget } from './fake-target.ts';
import {
  ada,
  catalogOf,
  confirmPlanned,
  openAndConfirm,
  startProcess,
  stepOf,
  type TestProcess,
  undoAsRead,
  untilStep,
} from './harness.ts';

const database = testDatabase({ each: true });
const started: TestProcess[] = [];

afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
});

const flag = { flag: 'voiceover-v2', environment: 'production' };
const kill = stepOf({ id: 'kill', uses: 'flag.kill', with: flag });

async function start(options: Omit<Parameters<typeof startProcess>[0], 'url'>): Promise<TestProcess> {
  const process = await startProcess({ url: database.url, ...options });
  started.push(process);
  return process;
}

test('a run is planned, confirmed, takes effect once and is audited from end to end', async () => {
  const target = fakeTarget('on');
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
  });
  const runId = await process.runs.openRun({ template: 'burning', inputs: {}, incidentId: null, service: null }, ada);
  expect(await process.runs.waitForPlan(runId, 'kill', 5_000)).toBe(true);
  const planned = await untilStep(process, runId, 'kill', ['planned']);
  expect(planned.plan).toMatchObject({ before: 'on', after: 'off', target: 'flag/production/voiceover-v2' });
  expect(target.effects).toEqual([]);

  await confirmPlanned(process, runId, 'kill');
  const done = await untilStep(process, runId, 'kill', ['succeeded']);
  expect(done).toMatchObject({ result: 'none', captured: 'on', undoable: true, confirmedBy: 'Ada' });
  expect(target.effects).toEqual([{ key: `${runId}/kill/apply/1`, value: 'off' }]);
  expect(await process.runs.holder('flag/production/voiceover-v2')).toBeNull();

  const audit = createAuditStore(process.db);
  const actions = (await audit.page({ limit: 20, runId })).map((entry) => entry.action).reverse();
  expect(actions).toEqual(['run.opened', 'step.confirmed', 'step.intent', 'step.done']);
  expect(await audit.verify()).toMatchObject({ ok: true });
});

test('undo restores what was captured, and the run ends when nothing is left to undo', async () => {
  const target = fakeTarget('25 %');
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
  });
  const runId = await openAndConfirm(process, 'kill');
  await untilStep(process, runId, 'kill', ['succeeded']);
  await undoAsRead(process, runId, 'kill');
  await untilStep(process, runId, 'kill', ['undone']);
  expect(target.effects.map((effect) => effect.value)).toEqual(['off', '25 %']);
  await expect.poll(async () => (await process.runs.get(runId))?.state).toBe('done');
});
