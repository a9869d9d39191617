import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Action } from '#app/actions/action.ts';
import type { EngineHooks } from '#app/engine/runs/port.ts';
import { createFreezeStore } from '#app/stores/freezes.server.ts';
import { disable, giveAccounts } from '#test/support/accounts.ts';
import { testDatabase } from '#test/support/database.ts';
import { type FakeTarget, fakeAction, fakeTarget } from './fake-target.ts';
import { by, confirm, gated, glass, kill, mary, openPlanned, restore, root } from './gated.ts';
import { ada, catalogOf, grace, startProcess, type TestProcess, undoAsRead, untilStep } from './harness.ts';

const database = testDatabase({ each: true });
let target: FakeTarget;
let process: TestProcess;
/** What the data say of the first move. */
let verdict: 'wait' | 'go';

beforeEach(async () => {
  target = fakeTarget('none');
  verdict = 'wait';
});
afterEach(async () => {
  await process.stop();
});

/** A change that sets a little first, and the rest once that was judged. */
function inTwoMoves(uses: string, kind: 'forward' | 'stop'): Action {
  const base = fakeAction(uses, kind, target, 'all', {
    hold: async (_context, { progress }) => ({ verdict, text: 'watched', progress, lookIn: 100 }),
  });
  const first = { next: 'hold' as const, progress: { moved: 'some' } };
  return {
    ...base,
    async apply(context, move) {
      const done = await base.apply(context, move);
      if (move.progress !== null) return done;
      target.value = 'some';
      return { ...done, ...first };
    },
    async observe(context, move, direction) {
      if (direction === 'undo' || move.progress !== null) return base.observe(context, move, direction);
      const applied = { ...first, evidence: null, outputs: {} };
      const text = `it is ${target.value}`;
      return target.value === 'some' ? { state: 'done', text, applied } : { state: 'not_done', text };
    },
  };
}

async function start(catalog = catalogOf([restore]), hooks?: EngineHooks): Promise<void> {
  const actions = [inTwoMoves('flag.restore', 'forward'), inTwoMoves('flag.kill', 'stop')];
  process = await startProcess({ url: database.url, catalog, actions, ...(hooks ? { hooks } : {}) });
  await giveAccounts(process.db, [ada, grace, mary, root]);
}

function freeze(): Promise<string> {
  const span = { kind: 'once' as const, from: 0, until: Date.now() + 3_600_000 };
  const wanted = { scope: 'environment' as const, target: 'production', reason: 'Launch day.', timeZone: 'UTC', span };
  const store = createFreezeStore(
    process.db,
    async () => undefined,
    async () => undefined,
  );
  return store.make(wanted, { actor: root, at: Date.now(), address: null });
}

const moved = () => expect.poll(() => target.value, { timeout: 20_000 }).toBe('some');
const stands = 'What was moved first stands; the rest waits to be confirmed, or is undone.';

test.each<[string, () => Promise<unknown>, string]>([
  ['a freeze that begins', () => freeze(), 'Changes are frozen: Launch day.'],
  [
    'the fall of whoever confirmed it',
    () => disable(process.db, ada),
    'Ada, who asked for this, may not act any more. Somebody else has to ask.',
  ],
])('%s between two moves keeps the second from going', async (_, happens, why) => {
  await start();
  const of = await openPlanned(process, ada);
  await confirm(process, of, ada);
  await moved();
  await happens();
  verdict = 'go';
  const step = await untilStep(process, of.runId, 'restore', ['planned', 'succeeded', 'failed']);
  expect([step.state, step.reason, target.value]).toEqual(['planned', `${why} ${stands}`, 'some']);
  expect(step.undoable).toBe(true);
  // The way back asks nobody.
  await undoAsRead(process, of.runId, 'restore');
  await untilStep(process, of.runId, 'restore', ['undone']);
  expect(target.value).toBe('none');
});

test('a run that is cancelled after the first move says that this stands', async () => {
  await start();
  const of = await openPlanned(process, ada);
  await confirm(process, of, ada);
  await moved();
  await freeze();
  verdict = 'go';
  await untilStep(process, of.runId, 'restore', ['planned']);
  await process.runs.cancel({ runId: of.runId, reason: 'Not today', actor: ada });
  const [step] = (await process.runs.get(of.runId))!.steps;
  expect([step?.state, step?.reason]).toEqual([
    'skipped',
    'Cancelled by Ada: Not today. Whatever it had changed before that still stands.',
  ]);
});

test('an approval that is void by the second move has to be given anew, for the rest', async () => {
  await start(gated({ people: 1, from: [], requester: 'excluded' }));
  const of = await openPlanned(process, ada);
  await confirm(process, of, ada);
  await process.runs.approve({ ...of, ...by(grace) });
  await moved();
  await disable(process.db, grace);
  verdict = 'go';
  const step = await untilStep(process, of.runId, 'restore', ['planned', 'succeeded', 'failed']);
  expect(step.reason).toMatch(/^Not done: what was approved does not hold any more/);
  const rest = { ...of, hash: step.planHash! };
  await confirm(process, rest, ada);
  await process.runs.approve({ ...rest, ...by(mary) });
  await untilStep(process, of.runId, 'restore', ['succeeded', 'failed']);
  expect(target.value).toBe('all');
});

test.each(['approved', 'begun with broken glass'])('what was %s goes on to its second move', async (how) => {
  await start(gated({ people: 1, from: [], requester: 'excluded' }));
  verdict = 'go';
  const of = await openPlanned(process, ada);
  if (how === 'approved') {
    await confirm(process, of, ada);
    await process.runs.approve({ ...of, ...by(grace) });
  } else {
    await freeze();
    await process.runs.breakGlass({ ...of, ...glass, ...by(ada) });
  }
  await untilStep(process, of.runId, 'restore', ['succeeded', 'failed']);
  expect(target.value).toBe('all');
});

test('a process that died before its second move leaves it to the gate', async () => {
  let intents = 0;
  await start(undefined, {
    async at(point) {
      if (point !== 'after-intent' || ++intents !== 2) return;
      await freeze();
      throw Object.assign(new Error('the process died'), { name: 'Fenced' });
    },
  });
  const of = await openPlanned(process, ada);
  verdict = 'go';
  await confirm(process, of, ada);
  const step = await untilStep(process, of.runId, 'restore', ['planned', 'succeeded', 'failed'], 40_000);
  expect([step.state, step.reason]).toEqual(['planned', `Changes are frozen: Launch day. ${stands}`]);
  expect([target.value, step.undoable]).toEqual(['some', true]);
});

test('a stop in two moves goes on through a freeze', async () => {
  await start(catalogOf([kill]));
  const of = await openPlanned(process, ada, 'kill');
  await confirm(process, of, ada);
  await moved();
  await freeze();
  verdict = 'go';
  await untilStep(process, of.runId, 'kill', ['succeeded']);
  expect(target.value).toBe('all');
});
