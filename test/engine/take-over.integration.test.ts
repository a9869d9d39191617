import { afterEach, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '#test/support/database.ts';
import { type FakeTarget, fakeAction, fakeTarget } from './fake-target.ts';
import {
  ada,
  catalogOf,
  confirmPlanned,
  grace,
  startProcess,
  stepOf,
  type TestProcess,
  untilStep,
  vera,
} from './harness.ts';

const database = testDatabase({ each: true });
let at: TestProcess;
let target: FakeTarget;

const flag = 'flag/production/voiceover-v2';
const on = { flag: 'voiceover-v2', environment: 'production' };
const kill = catalogOf([stepOf({ id: 'act', uses: 'flag.kill', with: on })]);
const stop = kill.runbooks[0]!;
const restore = catalogOf([stepOf({ id: 'act', uses: 'flag.restore', with: on })]).runbooks[0]!;

/** The first call on the target stays under way until it is asked to end; the next ones end at once. */
let calls: number;

beforeEach(async () => {
  target = fakeTarget('on');
  calls = 0;
  target.during = ({ signal }) =>
    calls++ > 0
      ? Promise.resolve()
      : new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  at = await startProcess({
    url: database.url,
    actions: [fakeAction('flag.kill', 'stop', target, 'off'), fakeAction('flag.restore', 'forward', target, '25 %')],
    catalog: {
      ...kill,
      runbooks: ['burning', 'burning-too', 'restore', 'restore-too'].map((slug) => ({
        ...(slug.startsWith('restore') ? restore : stop),
        slug,
      })),
    },
  });
});
afterEach(async () => {
  await at.stop();
});

/** A run whose call is under way, and another one's that waits for its target. */
async function oneWaits(first: string, second: string): Promise<[string, string]> {
  const open = (template: string) => at.runs.openRun({ template, inputs: {}, incidentId: null, service: null }, ada);
  const [holding, waiting] = [await open(first), await open(second)];
  await untilStep(at, waiting, 'act', ['planned']);
  await confirmPlanned(at, holding, 'act');
  await expect.poll(() => at.runs.holder(flag), { timeout: 10_000 }).toMatchObject({ runId: holding });
  await expect.poll(() => calls).toBe(1);
  await confirmPlanned(at, waiting, 'act', grace);
  await untilStep(at, waiting, 'act', ['blocked']);
  return [holding, waiting];
}

test('a person takes a target over from another stop with a reason: that one ends and is told, and the audit has it', async () => {
  const [holding, waiting] = await oneWaits('burning', 'burning-too');
  await at.runs.takeOver({ runId: waiting, stepId: 'act', reason: 'Ada lost her connection.', actor: grace });
  await untilStep(at, waiting, 'act', ['succeeded']);
  const ended = await untilStep(at, holding, 'act', ['failed']);
  expect(ended.reason).toBe('Grace took this over: Ada lost her connection.');
  expect(target.effects.map(({ key }) => key)).toEqual([expect.stringContaining(waiting)]);
  expect(await at.runs.holder(flag)).toBeNull();
  const lines = await at.db.selectFrom('audit').selectAll().where('action', '=', 'target.take-over').execute();
  expect(lines).toMatchObject([
    { actor: grace.email, target: flag, reason: 'Ada lost her connection.', before: { runId: holding, holder: 'Ada' } },
  ]);
});

test('nobody takes over without a reason or the right to act, and a step forward never from a stop', async () => {
  const [, waiting] = await oneWaits('burning', 'restore');
  const takeOver = (reason: string, actor = grace) =>
    at.runs.takeOver({ runId: waiting, stepId: 'act', reason, actor });
  await expect(takeOver('Let me.')).rejects.toMatchObject({ code: 'locked' });
  await expect(takeOver('Let me.', vera)).rejects.toMatchObject({ code: 'forbidden' });
  expect((await at.runs.get(waiting))?.steps[0]?.state).toBe('blocked');
});

test('a step forward takes over from another one with a reason only, and from nobody when the target is free', async () => {
  const [holding, waiting] = await oneWaits('restore', 'restore-too');
  const takeOver = (reason: string) => at.runs.takeOver({ runId: waiting, stepId: 'act', reason, actor: grace });
  await expect(takeOver('  ')).rejects.toMatchObject({ code: 'reason_needed' });
  await takeOver('It hangs.');
  await untilStep(at, waiting, 'act', ['succeeded']);
  await untilStep(at, holding, 'act', ['failed']);
  await expect(takeOver('Again.')).rejects.toMatchObject({ code: 'already_done' });
});
