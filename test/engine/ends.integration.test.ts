import { afterEach, expect, test } from 'vitest';
import { AppError } from '#app/errors.ts';
import { piecewiseClock } from '#app/platform/clock.ts';
import type { SloStore } from '#app/stores/stores.ts';
import { testDatabase } from '#test/support/database.ts';
import { anSlo } from '../domain/slo/make.ts';
import { fakeAction, fakeTarget } from './fake-target.ts';
import {
  ada,
  catalogOf,
  confirmPlanned,
  grace,
  openAndConfirm,
  startProcess,
  stepOf,
  type TestProcess,
  untilStep,
} from './harness.ts';

const database = testDatabase({ each: true });
const started: TestProcess[] = [];

afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
});

const minute = 60_000;
const on = { flag: 'voiceover-v2', environment: 'production' };
const kill = stepOf({ id: 'kill', uses: 'flag.kill', with: on });

async function start(options: Omit<Parameters<typeof startProcess>[0], 'url'>): Promise<TestProcess> {
  const process = await startProcess({ url: database.url, ...options });
  started.push(process);
  return process;
}

/** An SLO that failed 5 % of its requests until the flag went off, and `after` of them from then on. Data is at once there. */
function world(target: { effects: unknown[] }, after: number) {
  const begun = Date.now();
  const data = Date.UTC(2026, 10, 22, 3);
  const clock = piecewiseClock(() => [{ wall: begun, data, speed: 120 }]);
  let since = Number.POSITIVE_INFINITY;
  const slos: SloStore = {
    states: async () => [],
    state: async () => null,
    points: async () => [],
    async minutes(_slo, from, to) {
      if (target.effects.length > 0) since = Math.min(since, clock.now());
      const last = Math.min(to, clock.now());
      const all = [];
      for (let at = Math.ceil(from / minute) * minute; at <= last; at += minute) {
        all.push({ at, total: 1000, bad: Math.round(1000 * (at - minute < since ? 0.05 : after)) });
      }
      return all;
    },
  };
  const verified = {
    ...kill,
    verify: { slo: 'voiceover-availability', burnUnder: 1, window: '5m', within: 15 * minute },
  };
  const catalog = catalogOf([verified]);
  catalog.slos = [
    anSlo({
      indicator: { kind: 'ratio', total: { project: 'p', filter: 'all' }, bad: { project: 'p', filter: '5xx' } },
      paging: 'shadow',
      minBadEvents: 0,
      settle: minute,
    }),
  ];
  return { clock, slos, catalog };
}

test('the burn proves it: improved, counted only from after the effect', async () => {
  const target = fakeTarget('on');
  const process = await start({ actions: [fakeAction('flag.kill', 'stop', target, 'off')], ...world(target, 0) });
  const runId = await openAndConfirm(process, 'kill');
  const looking = await untilStep(process, runId, 'kill', ['verifying']);
  expect(looking.effectAt).not.toBeNull();
  const done = await untilStep(process, runId, 'kill', ['succeeded'], 30_000);
  expect(done).toMatchObject({ result: 'improved', verification: { outcome: 'improved', bad: 0, coverage: 1 } });
  expect(done.verification!.lookedAt).toBeGreaterThanOrEqual(done.verification!.firstInformativeAt);
});

test('a burn that stays is not improved, at the deadline and not before', async () => {
  const target = fakeTarget('on');
  const process = await start({ actions: [fakeAction('flag.kill', 'stop', target, 'off')], ...world(target, 0.05) });
  const runId = await openAndConfirm(process, 'kill');
  const done = await untilStep(process, runId, 'kill', ['succeeded'], 30_000);
  expect(done.result).toBe('not_improved');
  expect(done.verification!.lookedAt).toBeGreaterThanOrEqual(done.verification!.deadline);
});

test('a change that somebody else turns back while it is verified is not judged by the burn, and may be made anew', async () => {
  const target = fakeTarget('on');
  const process = await start({ actions: [fakeAction('flag.kill', 'stop', target, 'off')], ...world(target, 0.05) });
  const runId = await openAndConfirm(process, 'kill');
  await untilStep(process, runId, 'kill', ['verifying']);
  target.value = 'on for all';
  const over = await untilStep(process, runId, 'kill', ['failed', 'succeeded'], 30_000);
  expect(over).toMatchObject({ state: 'failed', result: 'none', movedOn: true, captured: 'on' });
  expect(over.reason).toBe(
    'It took effect, and somebody else has turned it back since: it is on for all now. What burns now says nothing about it.',
  );
  await process.runs.resolveUnknown({ runId, stepId: 'kill', decision: 'retry', actor: ada });
  await confirmPlanned(process, runId, 'kill');
  const anew = await untilStep(process, runId, 'kill', ['verifying']);
  expect(anew).toMatchObject({ captured: 'on for all' });
  expect(target.value).toBe('off');
});

test('cancelling asks the running call to end, and what was not done is said so', async () => {
  const target = fakeTarget('on');
  target.during = ({ signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
  });
  const runId = await openAndConfirm(process, 'kill');
  await expect.poll(() => process.runs.holder('flag/production/voiceover-v2')).not.toBeNull();
  await process.runs.cancel({ runId, reason: 'Wrong flag.', actor: grace });
  const over = await untilStep(process, runId, 'kill', ['skipped']);
  expect(over).toMatchObject({ captured: null });
  expect(await process.runs.get(runId)).toMatchObject({ state: 'cancelled' });
  expect(target.effects).toEqual([]);
  await expect.poll(() => process.runs.holder('flag/production/voiceover-v2')).toBeNull();
});

test('what nobody can verify asks a person; done is done, retry is planned again', async () => {
  const target = fakeTarget('none');
  target.loseAnswer = new AppError('unavailable', 'The connection was dropped.');
  const note = stepOf({ id: 'note', uses: 'pagerduty.note', with: { text: 'told' } });
  const action = fakeAction('pagerduty.note', 'people', target, 'written', { recovery: 'ask' });
  const process = await start({ actions: [action], catalog: catalogOf([note]) });
  const runId = await openAndConfirm(process, 'note');
  const lost = await untilStep(process, runId, 'note', ['unknown']);
  expect(lost.reason).toContain('not known');
  await process.runs.resolveUnknown({ runId, stepId: 'note', decision: 'done', actor: ada });
  await untilStep(process, runId, 'note', ['succeeded']);
  expect(target.effects).toHaveLength(1);
});

test('a repeatable effect that nobody can see is not called untaken for a lost answer: a person looks before it goes out anew', async () => {
  const target = fakeTarget('none');
  target.unsure = 'only its answer tells';
  target.loseAnswer = new AppError('unavailable', 'It did not answer within 10 s.');
  const tell = stepOf({ id: 'tell', uses: 'notify', with: { to: 'board', text: 'told' } });
  const action = fakeAction('notify', 'people', target, 'told', { recovery: 'idempotent' });
  const process = await start({ actions: [action], catalog: catalogOf([tell]) });
  const runId = await openAndConfirm(process, 'tell');
  const lost = await untilStep(process, runId, 'tell', ['unknown', 'failed']);
  expect(lost).toMatchObject({ state: 'unknown', reason: expect.stringContaining('took effect is not known') });
  expect(target.effects).toHaveLength(1);
});

test('a repeatable effect that is seen not to be there was not taken', async () => {
  const target = fakeTarget('none');
  target.failWith = new AppError('unavailable', 'It did not answer within 10 s.');
  const look = stepOf({ id: 'look', uses: 'notify', with: { to: 'board', text: 'told' } });
  const action = fakeAction('notify', 'people', target, 'told', { recovery: 'idempotent' });
  const process = await start({ actions: [action], catalog: catalogOf([look]) });
  const runId = await openAndConfirm(process, 'look');
  const failed = await untilStep(process, runId, 'look', ['unknown', 'failed']);
  expect(failed).toMatchObject({ state: 'failed', reason: 'Not taken: It did not answer within 10 s.' });
});

test('a segment that fails every time ends as unknown, and later jobs of its run go on', async () => {
  const target = fakeTarget('on');
  let broken = true;
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
    hooks: {
      async at(point) {
        if (broken && point === 'before-intent') throw new Error('the disk is full');
      },
    },
  });
  const runId = await openAndConfirm(process, 'kill');
  const dead = await untilStep(process, runId, 'kill', ['unknown'], 90_000);
  expect(dead.reason).toContain('the disk is full');
  expect(await process.runs.holder('flag/production/voiceover-v2')).toBeNull();
  broken = false;
  await process.runs.resolveUnknown({ runId, stepId: 'kill', decision: 'retry', actor: ada });
  await untilStep(process, runId, 'kill', ['planned']);
});

test('a first move that was cancelled on its way is not followed by the second, and can be undone', async () => {
  const target = fakeTarget('on');
  let release: () => void = () => undefined;
  target.during = () => new Promise((resolve) => (release = resolve));
  const base = fakeAction('flag.kill', 'stop', target, 'off', {
    hold: async (_context, move) => ({ verdict: 'go', text: 'fine', progress: move.progress, lookIn: 1_000 }),
  });
  const first = { next: 'hold' as const, progress: { moved: 1 }, evidence: null, outputs: {} };
  const apply: typeof base.apply = async (context, move) => ({ ...(await base.apply(context, move)), ...first });
  const process = await start({ actions: [{ ...base, apply }], catalog: catalogOf([kill]) });
  const runId = await openAndConfirm(process, 'kill');
  await expect.poll(() => process.runs.holder('flag/production/voiceover-v2')).not.toBeNull();
  // Deaf to the wish to end: the call comes back as if nothing had been asked.
  await process.runs.cancel({ runId, reason: 'Wrong flag.', actor: grace });
  release();
  const over = await untilStep(process, runId, 'kill', ['failed']);
  expect(over).toMatchObject({ captured: 'on', undoable: true });
  expect(await process.runs.get(runId)).toMatchObject({ state: 'open' });
  expect(target.effects).toHaveLength(1);
});

test('a flag change that a person saw done ends, though there is no receipt to follow', async () => {
  const target = fakeTarget('on');
  target.loseAnswer = new AppError('unavailable', 'The connection was dropped.');
  const follow = async () => {
    throw new Error('there is no receipt');
  };
  const action = fakeAction('flag.kill', 'stop', target, 'off', { recovery: 'ask', follow });
  const process = await start({ actions: [action], catalog: catalogOf([kill]) });
  const runId = await openAndConfirm(process, 'kill');
  await untilStep(process, runId, 'kill', ['unknown']);
  await process.runs.resolveUnknown({ runId, stepId: 'kill', decision: 'done', actor: ada });
  await untilStep(process, runId, 'kill', ['succeeded']);
});

test('a flag that was restored since can be killed again from the same incident', async () => {
  const target = fakeTarget('on');
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off'), fakeAction('flag.restore', 'forward', target, 'on')],
    catalog: catalogOf([kill]),
  });
  await process.db
    .insertInto('incident')
    .values({ id: 'i1', title: 'Voiceover burns', status: 'open', opened_at: Date.now(), children: '[]' })
    .execute();
  const open = (template: string) =>
    process.runs.openRun({ template, inputs: on, incidentId: 'i1', service: null }, ada);
  const once = async (template: string, stepId: string) => {
    const runId = await open(template);
    await confirmPlanned(process, runId, stepId);
    await untilStep(process, runId, stepId, ['succeeded']);
    return runId;
  };
  const first = await once('template:flag.kill', 'kill');
  expect(await open('template:flag.kill')).toBe(first);
  await once('template:flag.restore', 'restore');
  expect(await once('template:flag.kill', 'kill')).not.toBe(first);
  expect(target.value).toBe('off');
});

test('what was accepted and is not yet in force takes effect when it is, and is not fired again', async () => {
  const target = fakeTarget('on');
  target.unsure = 'Cloud Run is still reconciling';
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
  });
  const runId = await openAndConfirm(process, 'kill');
  const waits = await untilStep(process, runId, 'kill', ['blocked', 'verifying', 'succeeded']);
  expect(waits).toMatchObject({
    state: 'blocked',
    effectAt: null,
    reason: expect.stringContaining('still reconciling'),
  });
  const settled = Date.now();
  target.unsure = null;
  const done = await untilStep(process, runId, 'kill', ['succeeded']);
  expect(done.effectAt).toBeGreaterThanOrEqual(settled);
  expect(target.effects).toHaveLength(1);
});

test('a forward change that is accepted and not seen in force asks a person', async () => {
  const target = fakeTarget('off');
  target.unsure = 'Cloud Run is still reconciling';
  const process = await start({
    actions: [fakeAction('flag.restore', 'forward', target, 'on')],
    catalog: catalogOf([stepOf({ id: 'restore', uses: 'flag.restore', with: on })]),
  });
  const runId = await openAndConfirm(process, 'restore');
  const asks = await untilStep(process, runId, 'restore', ['unknown', 'succeeded', 'verifying']);
  expect(asks).toMatchObject({ state: 'unknown', captured: 'off' });
});
