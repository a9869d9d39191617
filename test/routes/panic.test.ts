import { expect, test } from 'vitest';
import { panicOf } from '../support/pages/panics.ts';
import { step } from '../support/pages/runs.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld } from '../support/pages/world.ts';
import { verifiedWorld } from '../support/pages/worlds.ts';

test('the sets stand with when to press them and what they make safe', async () => {
  const world = burningWorld();
  world.catalog!.panicSets = [
    {
      ...{ name: 'speech', title: 'Speech back', why: 'Voices fail.', environment: 'production' },
      members: [
        { kind: 'flag', name: 'voiceover-v2' },
        { kind: 'traffic', name: 'voiceover' },
      ],
    },
  ];
  const { text } = await visit('/panic', world);
  expect(text).toContain(
    'Voices fail. In production: voiceover-v2 to its safe state · traffic of voiceover to the previous healthy revision Dry run…',
  );
  const posted = await visit('/panic', world, { form: { intent: 'dry-run', set: 'speech' } });
  expect([posted.location, posted.told[0]]).toEqual([
    '/panic/panic-1',
    { what: 'panic-open', with: { set: 'speech', by: 'ada@studio.example' } },
  ]);
  const gone = await visit('/panic', world, { form: { intent: 'dry-run', set: 'other' } });
  expect([gone.status, gone.told]).toEqual([404, []]);
});

test('without a set the page says how to get one', async () => {
  expect((await visit('/panic', burningWorld())).text).toContain('A file in flags/ with kind: PanicSet names flags');
});

test('the dry run shows the plan of every member, and the one button is bound to all of them', async () => {
  const { text, html } = await visit('/panic/panic-1', burningWorld());
  expect(text).toContain('Dry run: nothing has changed. 1 of 2 can be made safe.');
  expect(text).toContain('There is no service voiceover.');
  expect(html).toContain('name="hash" value="panic-hash"');
  expect(text).toMatch(/Make it safe/);
  const form = { intent: 'panic', hash: 'panic-hash', reason: 'all of it fails', acknowledged: 'yes' };
  const { told, location } = await visit('/panic/panic-1', burningWorld(), { form });
  expect(location).toBe('/panic/panic-1');
  expect(told).toMatchObject([
    { what: 'panic-confirm', with: { id: 'panic-1', hash: 'panic-hash', acknowledged: true } },
  ]);
  const long = await visit('/panic/panic-1', burningWorld(), { form: { ...form, reason: 'why '.repeat(200) } });
  expect([long.status, long.told]).toEqual([400, []]);
  expect(long.text).toContain('The reason may have 500 characters at most; it has 799 characters now.');
  expect(long.html).toContain(`value="${'why '.repeat(200)}"`);
});

test('after the press each member says what came of it, and the way back is offered for what this panic moved', async () => {
  const world = verifiedWorld();
  const pressed = {
    ...panicOf(world),
    confirmedBy: 'Ada Byron',
    confirmedAt: world.now - 60_000,
    reason: 'It burned.',
  };
  pressed.members[0]!.confirmed = true;
  pressed.members[0]!.run!.steps[0]!.undoHash = 'u1';
  world.panic = pressed;
  const { text, html } = await visit('/panic/panic-1', world);
  expect(text).toContain('1 of 2 made safe · 1 without a plan · pressed by Ada Byron');
  expect(html).toContain('name="hash" value="undo-hash"');
  expect(text).not.toContain('over by now');
  expect(text).not.toContain('Against it speaks');
  world.panicAgainst = [{ key: 'freeze/f1/1', text: 'Changes are frozen: Launch day.', members: ['voiceover-v2'] }];
  const against = await visit('/panic/panic-1', world);
  expect(against.text).toContain('Against it speaks: Changes are frozen: Launch day. (voiceover-v2)');
  expect(against.html).toMatch(/type="checkbox"[^>]*name="acknowledged"/);
  const form = { intent: 'undo-all', hash: 'undo-hash', reason: 'over', acknowledged: 'yes' };
  const { told } = await visit('/panic/panic-1', world, { form });
  expect(told).toMatchObject([{ what: 'panic-undo', with: { id: 'panic-1', acknowledged: true } }]);
  // Once its run has ended, its undo has, too: the page says where it is put back.
  const [step] = pressed.members[0]!.run!.steps;
  step!.undoHash = null;
  pressed.members[0]!.run!.endedAt = world.now;
  const later = await visit('/panic/panic-1', world);
  expect(later.text).toContain(
    'The run of 1 is over by now: what it made safe is put back on its own, from its follow-up.',
  );
  expect(later.html).toContain('href="/follow-ups"');
  step!.undoHash = 'u1';
  pressed.members[0]!.run!.endedAt = null;
  pressed.members[0]!.confirmed = false;
  expect((await visit('/panic/panic-1', world)).text).not.toContain('Undo all of it');
});

test('what is still being made safe is named as not among what goes back', async () => {
  const world = verifiedWorld();
  const pressed = {
    ...panicOf(world),
    confirmedBy: 'Ada Byron',
    confirmedAt: world.now - 60_000,
    reason: 'It burned.',
  };
  const [flag, traffic] = pressed.members;
  flag!.confirmed = true;
  flag!.run!.steps[0]!.undoHash = 'u1';
  const moving = step('back', 0, { uses: 'cloudrun.rollback', state: 'running' });
  pressed.members[1] = { ...traffic!, confirmed: true, problem: null, run: { ...flag!.run!, steps: [moving] } };
  world.panic = pressed;
  const { text } = await visit('/panic/panic-1', world);
  expect(text).toContain('Undo what is done so far…');
  expect(text).toContain('Still being made safe, and not among them: voiceover.');
  moving.undoHash = 'u2';
  expect((await visit('/panic/panic-1', world)).text).toContain('Undo all of it…');
});

test.each(['viewer', 'product'] as const)('a %s looks and presses nothing', async (as) => {
  const { text, html } = await visit('/panic/panic-1', burningWorld(), { as });
  expect(text).toContain('A responder presses it; you may look.');
  expect(html).not.toContain('name="hash"');
  const press = { intent: 'panic', hash: 'panic-hash', reason: 'because', acknowledged: 'yes' };
  for (const form of [press, { intent: 'put-away' }] as Record<string, string>[]) {
    const { status, told } = await visit('/panic/panic-1', burningWorld(), { as, form });
    expect([status, told]).toEqual([403, []]);
  }
});

test('an unknown panic is not found', async () => {
  expect((await visit('/panic/none', burningWorld())).status).toBe(404);
});
