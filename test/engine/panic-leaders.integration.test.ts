import { afterEach, beforeEach, expect, test } from 'vitest';
import { memberState } from '#app/domain/panic/panic.ts';
import { undoPanics } from '#app/engine/undo-panics.server.ts';
import { manualClock } from '#app/platform/clock.ts';
import { appendAudit } from '#app/stores/audit.server.ts';
import { createPanicStore } from '#app/stores/panic/panics.server.ts';
import { createSendRun } from '#app/stores/run/run-queue.server.ts';
import type { RunStore } from '#app/stores/stores.ts';
import { giveAccounts } from '#test/support/accounts.ts';
import { testDatabase } from '#test/support/database.ts';
import { type FakeTarget, fakeAction, fakeTarget } from './fake-target.ts';
import { ada, catalogOf, grace, startProcess, type TestProcess, untilStep } from './harness.ts';

/** A panic's way back while two leaders are at it: one has not heard yet that it leads no more. */
const database = testDatabase({ each: true });
const catalog = catalogOf([]);
const silent = async () => undefined;
let process: TestProcess;
let flags: FakeTarget;
let traffic: FakeTarget;
let clock: ReturnType<typeof manualClock>;

beforeEach(async () => {
  flags = fakeTarget('on');
  traffic = fakeTarget('new');
  clock = manualClock(Date.now());
  process = await startProcess({
    url: database.url,
    catalog,
    actions: [fakeAction('flag.kill', 'stop', flags, 'off'), fakeAction('cloudrun.traffic', 'stop', traffic, 'old')],
  });
  await giveAccounts(process.db, [ada, grace]);
});
afterEach(() => process.stop());

function panics() {
  const { db, boss, runs } = process;
  const deps = { db, send: createSendRun(boss), catalog: async () => catalog, clock, notify: silent };
  return createPanicStore({ ...deps, audit: appendAudit, environment: 'production', mode: 'act', runs });
}

/** What a leader does at one look, over runs of its own. */
function leader(runs: Pick<RunStore, 'get' | 'undo'> = process.runs) {
  const { db } = process;
  return undoPanics({ db, clock, runs, notify: silent, catalog: async () => catalog, environment: 'production' });
}

/** Does something right before the first call, or right after it. */
function once<Given extends unknown[], Answer>(
  call: (...given: Given) => Promise<Answer>,
  when: 'before' | 'after',
  what: () => Promise<unknown>,
) {
  let done = false;
  const other = async () => {
    if (done) return;
    done = true;
    await what();
  };
  return async (...given: Given) => {
    if (when === 'before') await other();
    const answer = await call(...given);
    if (when === 'after') await other();
    return answer;
  };
}

/** A set that was pressed, took effect, and whose way back Grace has just asked for. */
async function askedBack() {
  const set = { name: 'speech', title: 'Speech back', why: 'Voices fail.', environment: 'production' };
  const members = [
    { kind: 'flag' as const, name: 'voiceover-v2' },
    { kind: 'traffic' as const, name: 'voiceover' },
  ];
  const id = await panics().open({ ...set, members }, ada);
  const until = async (states: Parameters<typeof untilStep>[3]) => {
    for (const { run } of (await panics().get(id))!.members)
      await untilStep(process, run!.id, run!.steps[0]!.id, states);
    return (await panics().get(id))!;
  };
  const word = { id, reason: 'It was the network.', acknowledged: true, address: null };
  await panics().confirm({ ...word, hash: (await until(['planned'])).hash, actor: ada });
  await panics().undo({ ...word, hash: (await until(['succeeded'])).undoHash, actor: grace });
  return { id, until, last: (await panics().get(id))!.members[1]!.run! };
}

/** The last member goes back, and no word says otherwise; the first follows once it has, and all is well. */
async function goesBackInOrder({ id, until, last }: Awaited<ReturnType<typeof askedBack>>) {
  expect([flags.value, traffic.effects.length]).toEqual(['off', expect.any(Number)]);
  expect((await panics().get(id))!.members.map(({ problem }) => problem)).toEqual([null, null]);
  await untilStep(process, last.id, last.steps[0]!.id, ['undone']);
  expect(flags.value).toBe('off');
  await Promise.all([leader()(), leader()()]);
  const back = await until(['undone']);
  await leader()();
  expect(back.members.map((member) => [memberState(member), member.problem])).toEqual([
    ['undone', null],
    ['undone', null],
  ]);
  expect((await panics().get(id))!.undoEndedAt).not.toBeNull();
  expect([flags, traffic].map(({ value, effects }) => [value, effects.length])).toEqual([
    ['on', 2],
    ['new', 2],
  ]);
}

test('a leader that read the panic before another asked for a member leaves it to that one', async () => {
  const panic = await askedBack();
  await leader({ ...process.runs, get: once(process.runs.get, 'after', leader()) })();
  await goesBackInOrder(panic);
});

test('a leader that was held up until another asked in its place does not call that not undone', async () => {
  const panic = await askedBack();
  const other = async () => {
    clock.advance(31_000);
    await leader()();
  };
  await leader({ ...process.runs, undo: once(process.runs.undo, 'before', other) })();
  await goesBackInOrder(panic);
});

test('a step that somebody takes back alone in that moment goes back', async () => {
  const panic = await askedBack();
  const [step] = panic.last.steps;
  const alone = () =>
    process.runs.undo({ runId: panic.last.id, stepId: step!.id, hash: step!.undoHash!, reason: null, actor: ada });
  await leader({ ...process.runs, undo: once(process.runs.undo, 'before', alone) })();
  await goesBackInOrder(panic);
});

test('a leader that comes too late ends no later way back', async () => {
  const { id, until } = await askedBack();
  const later = async () => {
    await process.db
      .updateTable('panic')
      .set({ undo_at: clock.now() + 1 })
      .where('id', '=', id)
      .execute();
  };
  for (let looks = 0; looks < 2; looks++) {
    await leader()();
    if (looks === 1) await until(['undone']);
    else await untilStep(process, (await panics().get(id))!.members[1]!.run!.id, 'traffic', ['undone']);
  }
  await leader({ ...process.runs, get: once(process.runs.get, 'after', later) })();
  expect((await panics().get(id))!.undoEndedAt).toBeNull();
});
