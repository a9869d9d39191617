import { describe, expect, test } from 'vitest';
import type { Freeze } from '#app/domain/freeze/freeze.ts';
import type { ApprovalRequest, BrokenGlass } from '#app/domain/run/approval.ts';
import type { Gate } from '#app/domain/run/gate.ts';
import { actorOf, type Person } from '../support/pages/people.ts';
import { killPlan } from '../support/pages/runs.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld, now, type World } from '../support/pages/world.ts';

const hour = 3_600_000;
const run = '/runs/run-1';
const hash = 'a1b2c3d4e5f60718';
const rule = { people: 2, from: [], requester: 'excluded' as const, of: 'flag voiceover-v2' };
const missing: Gate = {
  ...{ state: 'approval', rules: [{ ...rule, given: 0 }], needed: 2, given: 0, freeze: null },
  why: '2 people (flag voiceover-v2) have to approve this first.',
};
const freeze: Freeze = {
  ...{ id: 'freeze-1', scope: 'everything', target: null, reason: 'Launch day.', timeZone: 'Europe/Vienna' },
  span: { kind: 'once', from: now - hour, until: now + hour },
  ...{ by: 'Root', byEmail: 'root@studio.example', madeAt: now - hour, endedAt: null, endedBy: null },
};
const frozen: Gate = {
  ...missing,
  ...{ state: 'frozen', why: 'Changes are frozen: Launch day.' },
  freeze: { id: 'freeze-1', reason: 'Launch day.', until: now + hour, timeZone: 'Europe/Vienna', weekly: false },
};
const grace = { ...actorOf('responder'), email: 'grace@studio.example', name: 'Grace Hopper' };
const request = (requester = grace): ApprovalRequest => ({
  ...{ id: 'req-1', runId: 'run-1', stepId: 'kill-flag', planHash: hash, reason: 'The cause is mended.', requester },
  ...{ askedAt: now - 60_000, expiresAt: now + hour, rules: [rule], approvals: [] },
  ...{ outcome: null, endedAt: null, endedBy: null, endedReason: null },
});

/** The burning world with a change forward in place of its stop. */
function gatedWorld(gate: Gate, asked: ApprovalRequest | null = null): World {
  const world = burningWorld();
  const step = world.runs[0]!.steps[1]!;
  const state = asked ? ('awaiting-approval' as const) : step.state;
  const plan = { ...killPlan(now), kind: 'forward' as const, needsReason: false };
  world.runs[0]!.steps[1] = { ...step, state, kind: 'forward', plan };
  return { ...world, gates: { 'kill-flag': { gate, request: asked } }, asked: asked ? [asked] : [] };
}

const look = (world: World, as: Person = 'responder', path = run) => visit(path, world, { as });

describe('a gated change on its run', () => {
  test('asks for approval with a reason, and says who has to approve', async () => {
    const { text, html } = await look(gatedWorld(missing));
    expect(text).toContain('flag voiceover-v2 asks for 2 people: 0 of 2 approved');
    expect(text).toMatch(/Ask for approval: /);
    expect(text).toContain('Say in one sentence why, for those who approve it.');
    expect(html).toContain('value="break-glass"');
  });

  test('in a freeze cannot be confirmed, says why and until when, and offers to break the glass', async () => {
    const { text, html } = await look(gatedWorld(frozen));
    expect(text).toMatch(/frozen until Sun,? 22 Nov,? (at )?05:26 Europe\/Vienna: Launch day\./);
    expect(html).toMatch(/<button type="submit" class="btn[^"]*" disabled=""[^>]*>/);
    expect(text).toContain('Changes are frozen: Launch day.');
    expect(text).toContain('Break the glass…');
  });

  test('that waits shows its approver one button, its requester the way back, and the viewer why not', async () => {
    const other = await look(gatedWorld(missing, request()));
    expect(other.text).toContain('Grace Hopper asked');
    expect(other.html).toContain('value="approve"');
    expect(other.html).toContain('value="reject"');
    expect(other.html).not.toContain('value="withdraw"');
    const own = await look(gatedWorld(missing, request(actorOf('responder'))));
    expect(own.html).not.toContain('value="approve"');
    expect(own.html).toContain('value="withdraw"');
    const viewer = await look(gatedWorld(missing, request()), 'viewer');
    expect(viewer.text).toContain('Viewers read; a responder approves.');
    expect(viewer.html).not.toContain('value="break-glass"');
  });

  test.each([
    [{ intent: 'approve' }, 'approve', { runId: 'run-1', stepId: 'kill-flag', hash }],
    [{ intent: 'reject', reason: 'Not now.' }, 'reject', { hash, reason: 'Not now.' }],
    [{ intent: 'withdraw' }, 'withdraw', { hash }],
    [
      { intent: 'break-glass', reason: 'It cannot wait.', acknowledged: 'yes' },
      'breakGlass',
      { hash, acknowledged: true },
    ],
  ])('%o is passed on with the plan that was seen', async (form, what, given) => {
    const { told, status } = await visit(run, gatedWorld(missing, request()), {
      form: { step: 'kill-flag', hash, ...form },
    });
    expect(status).toBe(303);
    expect(told).toEqual([{ what, with: expect.objectContaining(given) }]);
  });

  test('a rejection that was refused stands in its form again, with why', async () => {
    const form = { intent: 'reject', step: 'kill-flag', hash: 'hash-old', reason: 'Not before the premiere.' };
    const { status, text, html } = await visit(run, gatedWorld(missing, request()), { form });
    expect(status).toBe(409);
    expect(text).toContain('The world moved since this plan was made.');
    expect(html).toMatch(/<details class="fold" open="">(?:(?!<\/details>).)*value="Not before the premiere\."/s);
  });

  test('a product person never breaks the glass', async () => {
    const form = { intent: 'break-glass', step: 'kill-flag', hash, reason: 'It cannot wait.', acknowledged: 'yes' };
    const { status, told } = await visit(run, gatedWorld(missing), { form, as: 'product' });
    expect([status, told]).toEqual([403, []]);
  });
});

const broken: BrokenGlass = {
  ...{
    runId: 'run-1',
    stepId: 'kill-flag',
    at: now - 25 * hour,
    by: grace,
    reason: 'It could not wait.',
    missing: missing.why!,
  },
  ...{ requester: null, followUpId: 'fu-9', dueAt: now - hour, signedBy: null, signedAt: null, signedText: null },
};

test('broken glass stands on its run until somebody signs it off, and says when that is overdue', async () => {
  const { text, html } = await look({ ...burningWorld(), glass: [broken] });
  expect(text).toMatch(/Grace Hopper broke the glass at .*“It could not wait\.”.*Owed: a sign-off, overdue/);
  expect(html).toContain('/follow-ups#fu-9');
  const signed = { ...broken, signedBy: 'Ada Byron', signedAt: now, signedText: 'It was right.' };
  expect((await look({ ...burningWorld(), glass: [signed] })).text).toContain(
    'Signed off by Ada Byron: “It was right.”',
  );
});

test('a sign-off is signed with a sentence and never just cleared', async () => {
  const world = burningWorld();
  world.followUps = [
    {
      ...{ id: 'fu-9', kind: 'sign-off', target: 'sign-off/run-1/kill-flag', title: 'Sign off: Grace broke the glass' },
      ...{
        service: 'voiceover',
        owner: null,
        incidentId: null,
        runId: 'run-1',
        openedAt: now - hour,
        dueAt: now + hour,
      },
      ...{ clearedAt: null, clearedBy: null, wayBack: null },
    },
  ];
  const { html } = await look(world, 'responder', '/follow-ups');
  expect(html).toContain('value="sign-off"');
  expect(html).not.toContain('value="clear"');
  const form = { intent: 'sign-off', id: 'fu-9', sentence: 'It was right.' };
  const { told } = await visit('/follow-ups', world, { form });
  expect(told).toEqual([
    { what: 'signOff', with: expect.objectContaining({ followUpId: 'fu-9', sentence: 'It was right.' }) },
  ]);
});

describe('the page of approvals', () => {
  test('tells what waits for me from what waits for others, counts the first in the navigation, and shows the plan', async () => {
    const mine = await look(gatedWorld(missing, request()), 'responder', '/approvals');
    expect(mine.text).toMatch(/Waiting for you .*Grace Hopper asked .*“The cause is mended\.”/);
    expect(mine.html).toContain('value="approve"');
    expect(mine.text).toContain('Approvals 1 waiting for you');
    const own = await look(gatedWorld(missing, request(actorOf('responder'))), 'responder', '/approvals');
    expect(own.text).toContain('Nobody waits for you');
    expect(own.text).toMatch(/What you asked for .*The cause is mended\. .*waits/);
    expect(own.text).not.toContain('waiting for you');
    const viewer = await look(gatedWorld(missing, request()), 'viewer', '/approvals');
    expect(viewer.text).toMatch(/Nobody waits for you.*Waiting for others .*Grace Hopper asked/);
  });
});

describe('the page of freezes', () => {
  const weekly = {
    ...{ intent: 'freeze', what: 'environment/production', kind: 'weekly', zone: 'Europe/Berlin', reason: 'Weekends.' },
    ...{ from: '', until: '', fromDay: '5', fromTime: '16:00', untilDay: '1', untilTime: '08:00' },
  };

  test('shows those in force and past ones to everybody, and the form to an admin only', async () => {
    const over = { ...freeze, id: 'freeze-0', reason: 'Old one.', endedAt: now - 1, endedBy: 'Root' };
    const world = { ...burningWorld(), freezes: [freeze, over] };
    const viewer = await look(world, 'viewer', '/freezes');
    expect(viewer.text).toMatch(/Everything: Launch day\..*in force until.*Over Everything: Old one\./);
    expect(viewer.text).toContain('An admin makes and ends freezes; everybody sees them.');
    expect(viewer.html).not.toContain('name="zone"');
    expect((await look(world, 'admin', '/freezes')).html).toContain('name="zone"');
  });

  test('an admin makes a weekly one; a responder does not', async () => {
    const { told, status } = await visit('/freezes', burningWorld(), { form: weekly, as: 'admin' });
    expect(status).toBe(303);
    expect(told).toEqual([
      {
        what: 'freeze',
        with: {
          ...{ scope: 'environment', target: 'production', reason: 'Weekends.', timeZone: 'Europe/Berlin' },
          span: { kind: 'weekly', from: { day: 5, time: '16:00' }, until: { day: 1, time: '08:00' } },
          by: 'root@studio.example',
        },
      },
    ]);
    const refused = await visit('/freezes', burningWorld(), { form: weekly, as: 'responder' });
    expect([refused.status, refused.told]).toEqual([403, []]);
  });

  test.each([
    [{ what: 'planet/mars' }, 'Choose what is frozen.'],
    [{ zone: 'Mars/Olympus' }, 'Name a time zone as Europe/Berlin or UTC.'],
    [{ untilDay: '5', untilTime: '16:00' }, 'It would never end: choose another moment.'],
    [{ fromTime: '25:00' }, 'A day of the week and a time, such as Friday 16:00.'],
    [{ reason: ' ' }, 'Say in a sentence why: whoever is refused reads it.'],
    [{ kind: 'once', from: '2026-12-24T16:00', until: '2026-12-24T15:00' }, 'It ends before it begins.'],
    [{ kind: 'once', from: '2026-01-01T00:00', until: '2026-02-01T00:00' }, 'This end has passed already.'],
    [
      { kind: 'once', from: '2026-12-01T00:00', until: '2027-12-01T00:00' },
      'At most 92 days: a longer one is said again.',
    ],
    [{ kind: 'once', from: 'soon', until: '2027-12-01T00:00' }, 'A day and a time, such as 2026-12-24 16:00.'],
  ])('keeps the form where %o is refused, and says why', async (change, why) => {
    const { status, text, html, told } = await visit('/freezes', burningWorld(), {
      form: { ...weekly, ...change },
      as: 'admin',
    });
    expect([status, told]).toEqual([400, []]);
    expect(text).toContain(why);
    if (!('reason' in change)) expect(html).toContain('value="Weekends."');
  });

  test.each([
    [{ kind: 'once', from: '2026-12-24T16:00', until: '2026-12-24T15:00' }, 'until', 'untilTime'],
    [{ untilDay: '5', untilTime: '16:00' }, 'untilTime', 'until'],
  ])('says it at the field of the span that was chosen: %o', async (change, here, notHere) => {
    const { html } = await visit('/freezes', burningWorld(), { form: { ...weekly, ...change }, as: 'admin' });
    const field = (name: string) => new RegExp(`<input[^>]*name="${name}"[^>]*aria-describedby="wrong-until"`);
    expect(html).toMatch(field(here));
    expect(html).not.toMatch(field(notHere));
    // Said once, right after its field.
    expect(html.match(/id="wrong-until"/g)).toHaveLength(1);
    expect(html).toMatch(new RegExp(`name="${here}"[^>]*>(</span>)?<span id="wrong-until"`));
  });

  test('a freeze in force stands on the pages of what it keeps', async () => {
    const world = { ...burningWorld(), freezes: [freeze] };
    for (const path of ['/flags/voiceover-v2', '/services/voiceover']) {
      expect((await look(world, 'viewer', path)).text).toMatch(
        /In production, changes forward are frozen until .*: Launch day\./,
      );
      expect((await look(burningWorld(), 'viewer', path)).text).not.toContain('frozen');
    }
  });
});
