import { afterEach, expect, test } from 'vitest';
import { AppError } from '#app/errors.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeAction, fakeTarget } from './fake-target.ts';
import { ada, catalogOf, openAndConfirm, startProcess, stepOf, type TestProcess, untilStep } from './harness.ts';

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

test('a process that stops hands its step back, and another ends it', async () => {
  const target = fakeTarget('on');
  const stuck = fakeAction('flag.kill', 'stop', target, 'off');
  const hanging = {
    ...stuck,
    apply: (context: Parameters<typeof stuck.apply>[0]) =>
      new Promise<never>((_resolve, reject) =>
        context.signal.addEventListener('abort', () => reject(context.signal.reason)),
      ),
  };
  const first = await startProcess({
    url: database.url,
    actions: [hanging],
    catalog: catalogOf([kill]),
    name: 'first',
  });
  const runId = await openAndConfirm(first, 'kill');
  await expect.poll(() => first.runs.holder('flag/production/voiceover-v2')).not.toBeNull();
  await first.stop();
  expect(target.effects).toEqual([]);
  const second = await start({ actions: [stuck], catalog: catalogOf([kill]), name: 'second' });
  await untilStep(second, runId, 'kill', ['succeeded']);
  expect(target.effects.map(({ key }) => key)).toEqual([`${runId}/kill/apply/1`]);
});

test('a stop that loses a conditional write reads again and tries once more', async () => {
  const target = fakeTarget('on');
  let lost = 0;
  target.during = async () => {
    if (lost++ === 0) throw new AppError('plan_stale');
  };
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
  });
  const runId = await openAndConfirm(process, 'kill');
  expect(await untilStep(process, runId, 'kill', ['succeeded'])).toMatchObject({ attempt: 2, captured: 'on' });
  expect(target.effects).toHaveLength(1);
});

test('a forward change that loses a conditional write is shown to a person again', async () => {
  const target = fakeTarget('off');
  target.during = async () => {
    throw new AppError('plan_stale');
  };
  const process = await start({
    actions: [fakeAction('flag.restore', 'forward', target, '25 %')],
    catalog: catalogOf([restore]),
  });
  const runId = await openAndConfirm(process, 'restore');
  const asked = await untilStep(process, runId, 'restore', ['planned']);
  expect(asked.reason).toContain('Somebody else changed the target');
  expect(asked).toMatchObject({ confirmedBy: null, captured: null });
});

test('what was refused can be tried again, planned anew', async () => {
  const target = fakeTarget('on');
  target.failWith = new AppError('bad_input', 'Unleash refused it.');
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
  });
  const runId = await openAndConfirm(process, 'kill');
  expect(await untilStep(process, runId, 'kill', ['failed'])).toMatchObject({
    reason: 'Unleash refused it.',
    captured: null,
    undoable: false,
    undoHash: null,
  });
  target.failWith = null;
  await process.runs.resolveUnknown({ runId, stepId: 'kill', decision: 'retry', actor: ada });
  const { planHash } = await untilStep(process, runId, 'kill', ['planned']);
  const words = { reason: null, acknowledged: false, outcome: null, address: null };
  await process.runs.confirm({ runId, stepId: 'kill', hash: planHash!, actor: ada, ...words });
  await untilStep(process, runId, 'kill', ['succeeded']);
});
