import { expect, test } from 'vitest';
import { systemClock } from '#app/platform/clock.ts';
import { disable } from '#test/support/accounts.ts';
import { ada, grace } from './harness.ts';
import { panicWorld, set } from './panic-world.ts';

const world = panicWorld();
const { flags, traffic, panics, settled, pressed, askBack, goBack, undone } = world;

const freeze = (id: string, from: number) =>
  world.process.db
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
  world.process.db
    .insertInto('incident')
    .values({ id, title: 'Voices fail', status: 'open', service: 'voiceover', opened_at: at, children: '[]' })
    .execute();

test('a way back whose process died before it asked is asked for again, after a while', async () => {
  const done = await pressed({ ...set, members: [set.members[0]!] });
  const { id } = done;
  await askBack(done);
  const late = systemClock.wall();
  const goBackAt = (wall: number) => goBack({ now: systemClock.now, wall: () => wall });
  await world.process.db.updateTable('panic_member').set({ undo_asked_at: late }).where('panic_id', '=', id).execute();
  await goBackAt(late);
  expect([(await panics().get(id))!.undoEndedAt, flags.value]).toEqual([null, 'off']);
  await goBackAt(late + 31_000);
  await settled(id, ['undone']);
  expect(flags.value).toBe('on');
});

test('whoever was disabled since they asked for the way back brings nothing back; somebody else may', async () => {
  const done = await pressed();
  const { id } = done;
  await askBack(done);
  await disable(world.process.db, grace);
  await goBack();
  const refused = (await panics().get(id))!;
  const gone = 'Not undone: Grace, who asked for it, may not act any more. Somebody else may ask again.';
  expect(refused.members.map(({ problem }) => problem)).toEqual([gone, gone]);
  expect([flags.value, traffic.value, refused.undoEndedAt === null]).toEqual(['off', 'old', false]);
  await askBack(refused, { by: ada });
  await goBack();
  const step = await undone(refused, 1);
  expect([traffic.value, step.confirmedBy]).toEqual(['new', 'Ada']);
});

test('what speaks against the way back is named and ticked, and what was ticked stops nothing', async () => {
  await incident('inc', systemClock.now());
  const done = await pressed();
  const read = (await panics().get(done.id))!;
  expect(read.against.map(({ text, members }) => [text, members])).toEqual([
    ['An incident is open on voiceover: Voices fail.', ['voiceover', 'voiceover-v2']],
  ]);
  await expect(askBack(read)).rejects.toMatchObject({ code: 'reason_needed' });
  // What nobody has read is not ticked: a freeze begins between the look and the press.
  await freeze('f1', systemClock.now());
  await expect(askBack(read, { acknowledged: true })).rejects.toMatchObject({ code: 'plan_stale' });
  const again = (await panics().get(done.id))!;
  expect(again.against.map(({ key }) => key.split('/')[0])).toEqual(['incident', 'freeze']);
  await askBack(again, { acknowledged: true });
  await goBack();
  await undone(done, 1);
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
  await askBack(done);
  await goBack();
  await undone(done, 1);
  await happens();
  await goBack();
  const kept = (await panics().get(done.id))!;
  expect(kept.members[0]!.problem).toMatch(`Not undone: ${why} Nobody had read that`);
  expect([flags.value, traffic.value, kept.undoEndedAt === null]).toEqual(['off', 'new', false]);
  await askBack(kept, { acknowledged: true });
  await goBack();
  await undone(kept, 0);
  expect(flags.value).toBe('on');
});
