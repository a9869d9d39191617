import { afterEach, expect, test } from 'vitest';
import type { Action } from '#app/actions/action.ts';
import { AppError } from '#app/errors.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeAction, fakeTarget } from './fake-target.ts';
import {
  ada,
  catalogOf,
  confirmPlanned,
  grace,
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

const on = { flag: 'voiceover-v2', environment: 'production' };
const kill = stepOf({ id: 'kill', uses: 'flag.kill', with: on });
const restore = stepOf({ id: 'restore', uses: 'flag.restore', with: on });

async function start(options: Omit<Parameters<typeof startProcess>[0], 'url'>): Promise<TestProcess> {
  const process = await startProcess({ url: database.url, ...options });
  started.push(process);
  return process;
}

/**
 * Two runs, one of which restores and the other kills, on two processes over the same flag: what they write is one value outside, or
 * is seen apart.
 */
async function killAgainstRestore(
  during: (signal: AbortSignal) => Promise<void>,
  target = fakeTarget('on'),
  forward = fakeTarget('on'),
) {
  forward.during = async ({ step, signal }) => {
    if (step.id === 'restore') await during(signal);
  };
  const restoring = fakeAction('flag.restore', 'forward', forward, '25 %');
  const options = {
    actions: [restoring, fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: {
      ...catalogOf([restore]),
      runbooks: [...catalogOf([restore]).runbooks, { ...catalogOf([kill]).runbooks[0]!, slug: 'stop' }],
    },
  };
  const [one, two] = [await start(options), await start(options)];
  const forwardRun = await one.runs.openRun({ template: 'burning', inputs: {}, incidentId: null, service: null }, ada);
  await confirmPlanned(one, forwardRun, 'restore');
  await expect.poll(() => one.runs.holder('flag/production/voiceover-v2'), { timeout: 10_000 }).not.toBeNull();
  const stopRun = await two.runs.openRun({ template: 'stop', inputs: {}, incidentId: null, service: null }, grace);
  await confirmPlanned(two, stopRun, 'kill', grace);
  return { one, two, target, forward, forwardRun, stopRun };
}

test('a stop makes a forward call in flight end, and goes first', async () => {
  const { one, two, target, forward, forwardRun, stopRun } = await killAgainstRestore(
    (signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  await untilStep(two, stopRun, 'kill', ['succeeded']);
  const given = await untilStep(one, forwardRun, 'restore', ['failed']);
  expect(given.reason).toContain('stop on the same target goes first');
  expect(forward.effects).toEqual([]);
  expect(target.value).toBe('off');
});

test('a forward call that does not end in 5 s loses its target, and its late record is refused', async () => {
  let finish: () => void = () => undefined;
  const deaf = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { one, two, target, forward, forwardRun, stopRun } = await killAgainstRestore(() => deaf);
  await untilStep(two, stopRun, 'kill', ['succeeded']);
  expect(target.effects).toHaveLength(1);
  finish();
  await expect.poll(() => forward.effects.length).toBe(1);
  const late = await untilStep(one, forwardRun, 'restore', ['failed']);
  expect(late).toMatchObject({ reason: expect.stringContaining('Grace stopped this'), outputs: {} });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await one.runs.get(forwardRun))?.steps[0]).toMatchObject({ state: 'failed', outputs: {} });
});

test('a stop acts again when the call that gave way to it writes late', async () => {
  let finish: () => void = () => undefined;
  const onItsWay = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const flag = fakeTarget('on');
  const { one, two, forwardRun, stopRun } = await killAgainstRestore(() => onItsWay, flag, flag);
  await expect.poll(() => flag.effects.map(({ value }) => value), { timeout: 20_000 }).toEqual(['off']);
  // The stop has written, and waits before it looks again: what was on its way arrives only now.
  finish();
  await expect.poll(() => flag.effects.map(({ value }) => value)).toEqual(['off', '25 %']);
  await untilStep(two, stopRun, 'kill', ['succeeded']);
  const key = `${stopRun}/kill/apply/1`;
  expect(flag.effects).toEqual([
    { key, value: 'off' },
    { key: `${forwardRun}/restore/apply/1`, value: '25 %' },
    { key, value: 'off' },
  ]);
  expect(flag.value).toBe('off');
  expect(await untilStep(one, forwardRun, 'restore', ['failed'])).toMatchObject({ outputs: {} });
});

test('a second stop waits for the first and then finds it done', async () => {
  const target = fakeTarget('on');
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  target.during = () => gate;
  const options = {
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: {
      ...catalogOf([kill]),
      runbooks: ['burning', 'stop'].map((slug) => ({ ...catalogOf([kill]).runbooks[0]!, slug })),
    },
  };
  const process = await start(options);
  const open = (template: string) =>
    process.runs.openRun({ template, inputs: {}, incidentId: null, service: null }, ada);
  const [first, second] = [await open('burning'), await open('stop')];
  await untilStep(process, second, 'kill', ['planned']);
  await confirmPlanned(process, first, 'kill');
  await expect
    .poll(() => process.runs.holder('flag/production/voiceover-v2'))
    .toMatchObject({ runId: first, holder: 'Ada' });
  await confirmPlanned(process, second, 'kill', grace);
  const waiting = await untilStep(process, second, 'kill', ['blocked']);
  expect(waiting.reason).toContain('Ada acts on the same target');
  go();
  await untilStep(process, first, 'kill', ['succeeded']);
  const after = await untilStep(process, second, 'kill', ['planned']);
  expect(after.plan?.refused).toBe('It is off already.');
  expect(target.effects).toHaveLength(1);
});

test('a stop that the outside does not take waits in sight, and fires when it can', async () => {
  const target = fakeTarget('on');
  target.failWith = new AppError('unavailable', 'Unleash does not answer.');
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
  });
  const runId = await process.runs.openRun({ template: 'burning', inputs: {}, incidentId: null, service: null }, ada);
  await confirmPlanned(process, runId, 'kill');
  const queued = await untilStep(process, runId, 'kill', ['blocked']);
  expect(queued.reason).toContain('Not taken yet: Unleash does not answer.');
  expect(await process.runs.holder('flag/production/voiceover-v2')).toBeNull();
  target.failWith = null;
  await untilStep(process, runId, 'kill', ['succeeded']);
  expect(target.effects).toHaveLength(1);
});

test('an answer lost on the way is not fired again: the target says that it is done', async () => {
  const target = fakeTarget('on');
  target.loseAnswer = new AppError('unavailable', 'The connection was dropped.');
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
  });
  const runId = await process.runs.openRun({ template: 'burning', inputs: {}, incidentId: null, service: null }, ada);
  await confirmPlanned(process, runId, 'kill');
  await untilStep(process, runId, 'kill', ['succeeded']);
  expect(target.effects).toHaveLength(1);
});

test('a queued stop can be called off', async () => {
  const target = fakeTarget('on');
  target.failWith = new AppError('unavailable', 'Unleash does not answer.');
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
  });
  const runId = await process.runs.openRun({ template: 'burning', inputs: {}, incidentId: null, service: null }, ada);
  await confirmPlanned(process, runId, 'kill');
  await untilStep(process, runId, 'kill', ['blocked']);
  await process.runs.skip({ runId, stepId: 'kill', reason: 'It recovered by itself.', actor: grace });
  const over = await untilStep(process, runId, 'kill', ['skipped']);
  expect(over.reason).toBe('Cancelled by Grace: It recovered by itself.');
  target.failWith = null;
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(target.effects).toEqual([]);
});

test('a forward change is never queued', async () => {
  const target = fakeTarget('off');
  target.failWith = new AppError('unavailable', 'Unleash does not answer.');
  const process = await start({
    actions: [fakeAction('flag.restore', 'forward', target, '25 %')],
    catalog: catalogOf([restore]),
  });
  const runId = await process.runs.openRun({ template: 'burning', inputs: {}, incidentId: null, service: null }, ada);
  await confirmPlanned(process, runId, 'restore');
  expect(await untilStep(process, runId, 'restore', ['failed'])).toMatchObject({ captured: null });
});

test('a change of several writes that stopped half way keeps what it captured', async () => {
  const target = fakeTarget('off');
  target.during = async () => {
    target.value = 'half on';
    throw new AppError('unavailable', 'Unleash does not answer.');
  };
  const process = await start({
    actions: [fakeAction('flag.restore', 'forward', target, '25 %')],
    catalog: catalogOf([restore]),
  });
  const runId = await process.runs.openRun({ template: 'burning', inputs: {}, incidentId: null, service: null }, ada);
  await confirmPlanned(process, runId, 'restore');
  expect(await untilStep(process, runId, 'restore', ['failed'])).toMatchObject({ captured: 'off', undoable: true });
  target.during = null;
  await undoAsRead(process, runId, 'restore');
  await untilStep(process, runId, 'restore', ['undone']);
  expect(target.value).toBe('off');
});

test('a queued stop that sets what it says is sent again with its key while the target cannot be read', async () => {
  const target = fakeTarget('on');
  target.failWith = new AppError('unavailable', 'Unleash does not answer.');
  target.unsure = 'Unleash cannot be read.';
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off', { repeatable: () => true, follow: obeyed })],
    catalog: catalogOf([kill]),
  });
  const runId = await process.runs.openRun({ template: 'burning', inputs: {}, incidentId: null, service: null }, ada);
  await confirmPlanned(process, runId, 'kill');
  await untilStep(process, runId, 'kill', ['blocked']);
  target.failWith = null;
  await untilStep(process, runId, 'kill', ['succeeded']);
  expect(target.effects).toEqual([{ key: `${runId}/kill/apply/1`, value: 'off' }]);
});

/** Watched to its end at the first look. */
const obeyed: Action['follow'] = async (_context, _move, evidence, doneAt) => ({
  evidence,
  progress: null,
  effectAt: doneAt,
  ended: true,
  failed: null,
  lookIn: 1_000,
});
