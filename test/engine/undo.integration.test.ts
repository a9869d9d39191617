import { afterEach, expect, test } from 'vitest';
import { AppError } from '#app/errors.ts';
import { openFollowUp } from '#app/stores/follow-ups.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeAction, fakeTarget } from './fake-target.ts';
import {
  ada,
  catalogOf,
  grace,
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

const on = { flag: 'voiceover-v2', environment: 'production' };
const kill = stepOf({ id: 'kill', uses: 'flag.kill', with: on });

async function start(options: Omit<Parameters<typeof startProcess>[0], 'url'>): Promise<TestProcess> {
  const process = await startProcess({ url: database.url, ...options });
  started.push(process);
  return process;
}

test('an undo that waits and is called off leaves the change standing, and it can be undone again', async () => {
  const target = fakeTarget('on');
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
  });
  const runId = await openAndConfirm(process, 'kill');
  await untilStep(process, runId, 'kill', ['succeeded']);
  target.unreadable = new AppError('unavailable', 'Unleash does not answer.');
  await undoAsRead(process, runId, 'kill', 'It was not the flag.');
  await untilStep(process, runId, 'kill', ['blocked']);
  await process.runs.skip({ runId, stepId: 'kill', reason: 'Leave it off for now.', actor: grace });
  const over = await untilStep(process, runId, 'kill', ['failed']);
  expect(over).toMatchObject({ captured: 'on', undoable: true, reason: expect.stringContaining('Cancelled by Grace') });
  target.unreadable = null;
  await undoAsRead(process, runId, 'kill');
  await untilStep(process, runId, 'kill', ['undone']);
  expect(target.value).toBe('on');
});

test('an undo that a person saw done leaves no follow-up behind', async () => {
  const target = fakeTarget('on');
  const action = fakeAction('flag.kill', 'stop', target, 'off', { recovery: 'ask' });
  const process = await start({ actions: [action], catalog: catalogOf([kill]) });
  const runId = await openAndConfirm(process, 'kill');
  const done = await untilStep(process, runId, 'kill', ['succeeded']);
  const left = {
    kind: 'flag-killed',
    target: done.plan!.target!,
    title: 'killed',
    service: null,
    owner: null,
  } as const;
  await process.db
    .transaction()
    .execute((tx) => openFollowUp(tx, { ...left, incidentId: null, runId, openedAt: 1, dueAt: null, wayBack: null }));
  target.loseAnswer = new AppError('unavailable', 'The connection was dropped.');
  await undoAsRead(process, runId, 'kill');
  await untilStep(process, runId, 'kill', ['unknown']);
  await process.runs.resolveUnknown({ runId, stepId: 'kill', decision: 'done', actor: ada });
  await untilStep(process, runId, 'kill', ['undone']);
  const open = await process.db.selectFrom('follow_up').select('id').where('cleared_at', 'is', null).execute();
  expect(open).toEqual([]);
});

test('a failed change that may stand half done is not skipped: it is undone', async () => {
  const target = fakeTarget('off');
  target.during = async () => {
    target.value = 'half on';
    throw new AppError('unavailable', 'Unleash does not answer.');
  };
  const process = await start({
    actions: [fakeAction('flag.restore', 'forward', target, '25 %')],
    catalog: catalogOf([stepOf({ id: 'restore', uses: 'flag.restore', with: on })]),
  });
  const runId = await openAndConfirm(process, 'restore');
  await untilStep(process, runId, 'restore', ['failed']);
  const skip = () => process.runs.skip({ runId, stepId: 'restore', reason: 'Leave it.', actor: ada });
  await expect(skip()).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining('undo it first') });
  // Planned anew it is still half done: neither is it skipped then, and it can still be undone.
  await process.runs.resolveUnknown({ runId, stepId: 'restore', decision: 'retry', actor: ada });
  expect(await untilStep(process, runId, 'restore', ['planned'])).toMatchObject({ undoable: true });
  await expect(skip()).rejects.toMatchObject({ code: 'locked' });
  target.during = null;
  await undoAsRead(process, runId, 'restore');
  await untilStep(process, runId, 'restore', ['undone']);
  expect(target.value).toBe('off');
});

test('an undo of what can no longer be taken back is no dead end: the step is skipped', async () => {
  const target = fakeTarget('off');
  let over = false;
  const dispatch = fakeAction('flag.restore', 'forward', target, '25 %', { settled: async () => over });
  const process = await start({
    actions: [dispatch],
    catalog: catalogOf([stepOf({ id: 'restore', uses: 'flag.restore', with: on })]),
  });
  const runId = await openAndConfirm(process, 'restore');
  await untilStep(process, runId, 'restore', ['succeeded']);
  target.failWith = new AppError('bad_input', 'It has ended already.');
  await undoAsRead(process, runId, 'restore');
  // Refused, and yet it may stand: it stays to be undone.
  expect(await untilStep(process, runId, 'restore', ['failed'])).toMatchObject({ captured: 'off', undoable: true });
  over = true;
  await undoAsRead(process, runId, 'restore');
  await expect.poll(async () => (await process.runs.get(runId))?.steps[0]?.captured).toBeNull();
  await untilStep(process, runId, 'restore', ['failed']);
  await process.runs.skip({ runId, stepId: 'restore', reason: 'It ended by itself.', actor: ada });
  await untilStep(process, runId, 'restore', ['skipped']);
});

test('an undo does not overwrite unseen what somebody else set since; asked again, it does', async () => {
  const target = fakeTarget('on');
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
  });
  const runId = await openAndConfirm(process, 'kill');
  const first = await untilStep(process, runId, 'kill', ['succeeded']);
  target.value = '5 %';
  const undo = () => undoAsRead(process, runId, 'kill');
  await undo();
  const refused = await untilStep(process, runId, 'kill', ['failed', 'undone']);
  expect(refused).toMatchObject({ state: 'failed', undoable: true, movedOn: true });
  // Whoever still looks at the first undo has not read that it overwrites.
  const unread = process.runs.undo({ runId, stepId: 'kill', hash: first.undoHash!, reason: null, actor: ada });
  await expect(unread).rejects.toMatchObject({ code: 'plan_stale' });
  expect(refused.reason).toContain('it is 5 % now');
  expect(target.value).toBe('5 %');
  await undo();
  await untilStep(process, runId, 'kill', ['undone']);
  expect(target.value).toBe('on');
});

test('a change that somebody else has moved on from may be passed over', async () => {
  const target = fakeTarget('on');
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
  });
  const runId = await openAndConfirm(process, 'kill');
  await untilStep(process, runId, 'kill', ['succeeded']);
  target.value = '5 %';
  await undoAsRead(process, runId, 'kill');
  await untilStep(process, runId, 'kill', ['failed']);
  await process.runs.skip({ runId, stepId: 'kill', reason: 'It is back already.', actor: ada });
  await untilStep(process, runId, 'kill', ['skipped']);
  expect(target.effects).toHaveLength(1);
});
