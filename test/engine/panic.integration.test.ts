import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { memberState, memberStep, panicSummary } from '#app/domain/panic/panic.ts';
import type { PanicSet } from '#app/domain/panic/panic-set.ts';
import { undoPanics } from '#app/engine/undo-panics.server.ts';
import { AppError } from '#app/errors.ts';
import { systemClock } from '#app/platform/clock.ts';
import { appendAudit, createAuditStore } from '#app/stores/audit.server.ts';
import { createPanicStore } from '#app/stores/panic/panics.server.ts';
import { createSendRun } from '#app/stores/run/run-queue.server.ts';
import { disable, giveAccounts } from '#test/support/accounts.ts';
import { testDatabase } from '#test/support/database.ts';
import { type FakeTarget, fakeAction, fakeTarget } from './fake-target.ts';
import { ada, catalogOf, grace, linus, startProcess, type TestProcess, untilStep, vera } from './harness.ts';

const database = testDatabase({ each: true });
let process: TestProcess;
let flags: FakeTarget;
let traffic: FakeTarget;
const catalog = catalogOf([]);
const silent = async () => undefined;

const set: PanicSet = {
  name: 'speech',
  title: 'Speech back',
  why: 'Voices fail.',
  environment: 'production',
  members: [
    { kind: 'flag', name: 'voiceover-v2' },
    { kind: 'traffic', name: 'voiceover' },
  ],
};

beforeEach(async () => {
  flags = fakeTarget('on');
  traffic = fakeTarget('new');
  process = await startProcess({
    url: database.url,
    catalog,
    actions: [
      { ...fakeAction('flag.kill', 'stop', flags, 'off') },
      { ...fakeAction('cloudrun.traffic', 'stop', traffic, 'old') },
    ],
  });
  await giveAccounts(process.db, [ada, grace]);
});
afterEach(async () => {
  await process.stop();
});

function panics() {
  const { db, boss, runs } = process;
  const send = createSendRun(boss);
  const deps = {
    db,
    send,
    catalog: async () => catalog,
    clock: systemClock,
    notify: silent,
    audit: appendAudit,
    environment: 'production',
  };
  return createPanicStore({ ...deps, mode: 'act', runs });
}

const word = { reason: 'Everything fails.', acknowledged: true, actor: ada, address: null };

async function planned(id: string) {
  for (const { run } of (await panics().get(id))!.members) {
    if (run) await untilStep(process, run.id, run.steps[0]!.id, ['planned']);
  }
  return (await panics().get(id))!;
}

async function settled(id: string, states: Parameters<typeof untilStep>[3]) {
  for (const { run, confirmed } of (await panics().get(id))!.members) {
    if (run && confirmed) await untilStep(process, run.id, run.steps[0]!.id, states);
  }
  return (await panics().get(id))!;
}

function backTask(clock: Parameters<typeof undoPanics>[0]['clock'] = systemClock) {
  const { db, runs } = process;
  return undoPanics({ db, clock, runs, notify: silent, catalog: async () => catalog, environment: 'production' });
}

const freeze = (id: string, from: number) =>
  process.db
    .insertInto('change_freeze')
    .values({
      ...{
        id,
        scope: 'everything',
        target: null,
        reason: 'Launch day',
        time_zone: 'UTC',
        made_at: from,
        last_at: null,
      },
      ...{ span: JSON.stringify({ kind: 'once', from, until: from + 3_600_000 }), by_name: 'Root', by_email: 'root' },
      ...{ ended_at: null, ended_by: null },
    })
    .execute();

/** `at` may lie before now: PagerDuty's incidents are seen later than they begin. */
const incident = (id: string, at: number) =>
  process.db
    .insertInto('incident')
    .values({ id, title: 'Voices fail', status: 'open', service: 'voiceover', opened_at: at, children: '[]' })
    .execute();

async function pressed() {
  const id = await panics().open(set, ada);
  await panics().confirm({ id, hash: (await planned(id)).hash, ...word });
  return settled(id, ['succeeded']);
}

const chain = () => createAuditStore(process.db).verify();

test('one word makes every member safe by a run of its own, and the way back is last in, first out', async () => {
  const id = await panics().open(set, ada);
  const dry = await planned(id);
  expect([...flags.effects, ...traffic.effects]).toEqual([]);
  expect(dry.members.map(memberState)).toEqual(['ready', 'ready']);
  // Whoever presses the same finds the same dry run.
  expect(await panics().open(set, grace)).toBe(id);

  await panics().confirm({ id, hash: (await planned(id)).hash, ...word });
  const done = await settled(id, ['succeeded']);
  expect([flags.value, traffic.value]).toEqual(['off', 'old']);
  expect(panicSummary(done)).toBe('2 of 2 made safe');
  expect(done).toMatchObject({ confirmedBy: 'Ada', reason: 'Everything fails.' });
  await expect(panics().confirm({ id, hash: dry.hash, ...word, actor: grace })).rejects.toMatchObject({
    code: 'already_done',
    message: 'Ada already did this.',
  });

  await panics().undo({
    id,
    hash: done.undoHash,
    reason: 'It was the network.',
    acknowledged: false,
    actor: grace,
    address: null,
  });
  expect([flags.value, traffic.value]).toEqual(['off', 'old']);
  const goBack = backTask();
  await goBack();
  await untilStep(process, done.members[1]!.run!.id, memberStep(done.members[1]!)!.id, ['undone']);
  // The first goes back only after the last has.
  expect([flags.value, traffic.value]).toEqual(['off', 'new']);
  await goBack();
  await settled(id, ['undone']);
  await goBack();
  expect([flags.value, traffic.value]).toEqual(['on', 'new']);
  expect((await panics().get(id))!.undoEndedAt).not.toBeNull();
  expect((await chain()).brokenAt ?? null).toBeNull();
  const lines = await createAuditStore(process.db).page({ limit: 50 });
  expect(
    lines.filter(({ action }) => action.startsWith('panic.')).map(({ actor, action }) => `${actor} ${action}`),
  ).toEqual(['grace@studio.example panic.undo', 'ada@studio.example panic.confirmed']);
});

test('one member that fails stops no other, and the way back covers what was moved', async () => {
  flags.failWith = new AppError('bad_input', 'Unleash says no.');
  const id = await panics().open(set, ada);
  await panics().confirm({ id, hash: (await planned(id)).hash, ...word });
  const ended = await settled(id, ['succeeded', 'failed']);
  expect(ended.members.map(memberState)).toEqual(['failed', 'in-effect']);
  expect([flags.value, traffic.value]).toEqual(['on', 'old']);
  expect(panicSummary(ended)).toBe('1 of 2 made safe · 1 failed');
});

test('a member that cannot be planned is shown and left out; the hash covers the others', async () => {
  const more = { ...set, name: 'more', members: [...set.members, { kind: 'flag' as const, name: 'x'.repeat(300) }] };
  const id = await panics().open(more, ada);
  const dry = await planned(id);
  expect(dry.members.map(memberState)).toEqual(['ready', 'ready', 'no-run']);
  expect(dry.members[2]!.problem).toContain('flag:');
  await panics().confirm({ id, hash: dry.hash, ...word });
  await settled(id, ['succeeded']);
  expect([flags.value, traffic.value]).toEqual(['off', 'old']);
});

test('what a colleague did in between changes what is confirmed: the hash no longer holds', async () => {
  const id = await panics().open(set, ada);
  const dry = await planned(id);
  const [first] = dry.members;
  const step = memberStep(first!)!;
  const alone = { runId: first!.run!.id, stepId: step.id, hash: step.planHash!, outcome: null };
  await process.runs.confirm({ ...alone, ...word, actor: grace });
  await expect(panics().confirm({ id, hash: dry.hash, ...word })).rejects.toMatchObject({ code: 'plan_stale' });
  const now = (await panics().get(id))!;
  await panics().confirm({ id, hash: now.hash, ...word });
  await settled(id, ['succeeded']);
  const done = (await panics().get(id))!;
  // Hers is hers: the way back of this panic does not touch it.
  expect(done.members.map(({ confirmed }) => confirmed)).toEqual([false, true]);
});

test('of twenty who press at once one does, and each effect happens once', async () => {
  const id = await panics().open(set, ada);
  const { hash } = await planned(id);
  const store = panics();
  const answers = await Promise.allSettled(Array.from({ length: 20 }, () => store.confirm({ id, hash, ...word })));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const answer of answers)
    if (answer.status === 'rejected')
      expect(['already_done', 'plan_stale', 'not_planned']).toContain(answer.reason.code);
  await settled(id, ['succeeded']);
  expect([flags.effects.length, traffic.effects.length]).toEqual([1, 1]);
});

test('product people and viewers do not press it, nobody without a sentence and a tick', async () => {
  for (const actor of [linus, vera]) {
    await expect(panics().open(set, actor)).rejects.toMatchObject({ code: 'forbidden' });
  }
  const id = await panics().open(set, ada);
  const { hash } = await planned(id);
  for (const actor of [linus, vera]) {
    await expect(panics().confirm({ id, hash, ...word, actor })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(panics().undo({ id, hash, ...word, actor })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(panics().putAway(id, actor)).rejects.toMatchObject({ code: 'forbidden' });
  }
  await expect(panics().confirm({ id, hash, ...word, reason: ' ' })).rejects.toMatchObject({ code: 'reason_needed' });
  await expect(panics().confirm({ id, hash, ...word, acknowledged: false })).rejects.toMatchObject({
    code: 'reason_needed',
  });
  await panics().putAway(id, ada);
  await expect(panics().confirm({ id, hash, ...word })).rejects.toMatchObject({ code: 'already_done' });
  const [run] = (await panics().get(id))!.members;
  expect(run!.run!.state).toBe('cancelled');
  expect([...flags.effects, ...traffic.effects]).toEqual([]);
});

test('a way back whose process died before it asked is asked for again, after a while', async () => {
  const id = await panics().open({ ...set, members: [set.members[0]!] }, ada);
  await panics().confirm({ id, hash: (await planned(id)).hash, ...word });
  const done = await settled(id, ['succeeded']);
  await panics().undo({
    id,
    hash: done.undoHash,
    reason: 'It was the network.',
    acknowledged: false,
    actor: grace,
    address: null,
  });
  const late = systemClock.wall();
  const goBack = (wall: number) => backTask({ now: systemClock.now, wall: () => wall })();
  await process.db.updateTable('panic_member').set({ undo_asked_at: late }).where('panic_id', '=', id).execute();
  await goBack(late);
  expect([(await panics().get(id))!.undoEndedAt, flags.value]).toEqual([null, 'off']);
  await goBack(late + 31_000);
  await settled(id, ['undone']);
  expect(flags.value).toBe('on');
});

test('whoever was disabled since they asked for the way back brings nothing back; somebody else may', async () => {
  const id = await panics().open(set, ada);
  await panics().confirm({ id, hash: (await planned(id)).hash, ...word });
  const done = await settled(id, ['succeeded']);
  await panics().undo({
    id,
    hash: done.undoHash,
    reason: 'It was the network.',
    acknowledged: false,
    actor: grace,
    address: null,
  });
  await disable(process.db, grace);
  const goBack = backTask();
  await goBack();
  const refused = (await panics().get(id))!;
  const gone = 'Not undone: Grace, who asked for it, may not act any more. Somebody else may ask again.';
  expect(refused.members.map(({ problem }) => problem)).toEqual([gone, gone]);
  expect([flags.value, traffic.value, refused.undoEndedAt === null]).toEqual(['off', 'old', false]);
  await panics().undo({
    id,
    hash: refused.undoHash,
    reason: 'It was the network.',
    acknowledged: false,
    actor: ada,
    address: null,
  });
  await goBack();
  const last = refused.members[1]!;
  const step = await untilStep(process, last.run!.id, memberStep(last)!.id, ['undone']);
  expect([traffic.value, step.confirmedBy]).toEqual(['new', 'Ada']);
});

test('a panic waits for whoever records at one of its steps before it writes its first line, so that neither ends the other', async () => {
  const id = await panics().open(set, ada);
  const dry = await planned(id);
  const last = dry.members[1]!.run!;
  const pressed = await process.db.transaction().execute(async (tx) => {
    // As an engine that records what came of the step: the step first, the line of the audit last.
    await tx.updateTable('run_step').set({ reason: 'Read again.' }).where('run_id', '=', last.id).execute();
    const pressing = panics().confirm({ id, hash: dry.hash, ...word });
    await expect.poll(someoneWaits, { timeout: 10_000 }).toBe(true);
    await sql`set local lock_timeout = '500ms'`.execute(tx);
    const about = { runId: last.id, stepId: null, reason: null, before: null, after: null, address: null };
    await appendAudit(tx, { at: 1, actor: 'engine', action: 'step.planned', target: 'run', ...about });
    return { pressing };
  });
  await pressed.pressing;
  await settled(id, ['succeeded']);
  expect([flags.value, traffic.value]).toEqual(['off', 'old']);
  expect((await chain()).ok).toBe(true);
});

/** True while a statement of this database waits for a lock. */
async function someoneWaits(): Promise<boolean> {
  const { rows } = await sql`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(process.db);
  return rows.length > 0;
}

test('what speaks against the way back is named and ticked, and what was ticked stops nothing', async () => {
  await incident('inc', systemClock.now());
  const done = await pressed();
  const read = await panics().get(done.id);
  expect(read!.against.map(({ text, members }) => [text, members])).toEqual([
    ['An incident is open on voiceover: Voices fail.', ['voiceover', 'voiceover-v2']],
  ]);
  const undo = { id: done.id, reason: 'It was the network.', actor: grace, address: null };
  await expect(panics().undo({ ...undo, hash: read!.undoHash, acknowledged: false })).rejects.toMatchObject({
    code: 'reason_needed',
  });
  // What nobody has read is not ticked: a freeze begins between the look and the press.
  await freeze('f1', systemClock.now());
  await expect(panics().undo({ ...undo, hash: read!.undoHash, acknowledged: true })).rejects.toMatchObject({
    code: 'plan_stale',
  });
  const again = (await panics().get(done.id))!;
  expect(again.against.map(({ key }) => key.split('/')[0])).toEqual(['incident', 'freeze']);
  await panics().undo({ ...undo, hash: again.undoHash, acknowledged: true });
  const goBack = backTask();
  await goBack();
  await untilStep(process, done.members[1]!.run!.id, memberStep(done.members[1]!)!.id, ['undone']);
  await goBack();
  await settled(done.id, ['undone']);
  expect([flags.value, traffic.value]).toEqual(['on', 'new']);
  expect((await panics().get(done.id))!.undoDespite).toEqual([
    'An incident is open on voiceover: Voices fail.',
    'Changes are frozen: Launch day.',
  ]);
});

test.each<[string, () => Promise<unknown>, string]>([
  ['a freeze that begins', () => freeze('f1', systemClock.now()), 'Changes are frozen: Launch day.'],
  [
    'an incident, also one that is heard of late',
    () => incident('inc', systemClock.now() - 60_000),
    'An incident is open on voiceover: Voices fail.',
  ],
])('%s after the way back was asked for keeps the members that have not gone yet', async (_, happens, why) => {
  const done = await pressed();
  const undo = { id: done.id, reason: 'It was the network.', acknowledged: false, actor: grace, address: null };
  await panics().undo({ ...undo, hash: done.undoHash });
  const goBack = backTask();
  await goBack();
  await untilStep(process, done.members[1]!.run!.id, memberStep(done.members[1]!)!.id, ['undone']);
  await happens();
  await goBack();
  const kept = (await panics().get(done.id))!;
  expect(kept.members[0]!.problem).toMatch(`Not undone: ${why} Nobody had read that`);
  expect([flags.value, traffic.value, kept.undoEndedAt === null]).toEqual(['off', 'new', false]);
  await panics().undo({ ...undo, hash: kept.undoHash, acknowledged: true });
  await goBack();
  await untilStep(process, kept.members[0]!.run!.id, memberStep(kept.members[0]!)!.id, ['undone']);
  expect(flags.value).toBe('on');
});
