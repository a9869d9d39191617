import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { memberState, memberStep, panicSummary } from '#app/domain/panic/panic.ts';
import { AppError } from '#app/errors.ts';
import { appendAudit, createAuditStore } from '#app/stores/audit.server.ts';
import { ada, grace, linus, vera } from './harness.ts';
import { panicWorld, set, word } from './panic-world.ts';

const world = panicWorld();
const { flags, traffic, panics, planned, settled, askBack, goBack, undone } = world;

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

  await askBack(done);
  expect([flags.value, traffic.value]).toEqual(['off', 'old']);
  await goBack();
  await undone(done, 1);
  // The first goes back only after the last has.
  expect([flags.value, traffic.value]).toEqual(['off', 'new']);
  await goBack();
  await settled(id, ['undone']);
  await goBack();
  expect([flags.value, traffic.value]).toEqual(['on', 'new']);
  expect((await panics().get(id))!.undoEndedAt).not.toBeNull();
  expect((await createAuditStore(world.process.db).verify()).brokenAt ?? null).toBeNull();
  const lines = await createAuditStore(world.process.db).page({ limit: 50 });
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
  await world.process.runs.confirm({ ...alone, ...word, actor: grace });
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

test('a panic waits for whoever records at one of its steps before it writes its first line, so that neither ends the other', async () => {
  const id = await panics().open(set, ada);
  const dry = await planned(id);
  const last = dry.members[1]!.run!;
  const pressed = await world.process.db.transaction().execute(async (tx) => {
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
  expect((await createAuditStore(world.process.db).verify()).ok).toBe(true);
});

/** True while a statement of this database waits for a lock. */
async function someoneWaits(): Promise<boolean> {
  const { rows } = await sql`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
    world.process.db,
  );
  return rows.length > 0;
}
