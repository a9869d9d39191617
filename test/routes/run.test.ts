import { describe, expect, test } from 'vitest';
import { killPlan, step } from '../support/pages/runs.ts';
import { textOf, visit } from '../support/pages/visit.ts';
import { burningWorld, now } from '../support/pages/world.ts';
import { actingWorld, doubtfulWorld, verifiedWorld, worseWorld } from '../support/pages/worlds.ts';

const page = '/runs/run-1';
const confirm = { intent: 'confirm', step: 'kill-flag', hash: 'a1b2c3d4e5f60718' };

describe('the run page', () => {
  test('shows a plan whole before its button', async () => {
    const { text, html } = await visit(page, burningWorld());
    for (const part of [
      'voiceover-availability burns over 6× in 5 min',
      'about 0.3×: 1,389 of 13,450 fail with it on, 10 of 40,350 off',
      '2 applications, 14 instances',
      'in about 20 s',
      'Turns it on again for 25 % of users by userId.',
      'curl -X POST',
      'locks flag/production/voiceover-v2',
    ]) {
      expect(text).toContain(part);
    }
    expect(html).toContain('id="step-kill-flag"');
  });

  test('shows the receipt layer by layer, and counts down to the proof', async () => {
    const { text } = await visit(page, actingWorld());
    expect(text).toMatch(/accepted Unleash took the change.*served SDKs are served off, revision 88.*obeyed not yet:/);
    expect(text).toContain('the receipt closes in');
    expect(text).toContain('first proof in 8 min');
    expect(text).toContain('Verified when the last 5 min burn under 1×');
  });

  test('only a step that was done is marked as done, not one that was skipped', async () => {
    const { html } = await visit(page, verifiedWorld());
    const marks = [...html.matchAll(/<span class="step-mark ([a-z]*)"/g)].map(([, look]) => look);
    expect(marks.slice(0, 3)).toEqual(['done', 'done', '']);
  });

  test('a plan that cannot be carried out says why, and promises nothing', async () => {
    const world = burningWorld();
    const kill = world.runs[0]!.steps[1]!;
    world.runs[0]!.steps[1] = {
      ...kill,
      plan: killPlan(now, { diff: [], refused: 'No flag moved before the errors.' }),
    };
    const { text } = await visit(page, world);
    expect(text).toContain('cannot be done as it stands');
    expect(text).toContain('No flag moved before the errors.');
    for (const promise of ['planned, nothing changed yet', 'Expected', 'Verified', 'Undo'])
      expect(text).not.toContain(promise);
  });

  test('a change is called in effect only once it was seen to be', async () => {
    const world = actingWorld();
    expect((await visit(page, world)).text).toContain('in effect, verifying');
    world.runs[0]!.steps[1]!.effectAt = null;
    const { text } = await visit(page, world);
    expect(text).toContain('done, taking effect');
    expect(text).not.toContain('in effect, verifying');
  });

  test('undo shows what it will do before its button, bound to that; at harm it stands open', async () => {
    const { text, html } = await visit(page, actingWorld());
    expect(outsideFolds(html)).not.toContain('value="undo"');
    expect(text).toContain(
      'Undo… − now: off + after: on · 25 % of users by userId Restores what stood before: on · 25 % of users by userId.',
    );
    expect(text).toContain(
      'where somebody else has set it since, nothing is written and you are told. The page in PagerDuty gets a note of it. Undo this change',
    );
    expect(html).toMatch(/value="undo"[\s\S]*?name="hash" value="f0e1d2c3"[\s\S]*?Undo this change/);
    expect(html).not.toMatch(/<details[^>]*open=""[^>]*>\s*<summary[^>]*>Undo…/);
    const worse = await visit(page, worseWorld());
    expect(worse.text).toContain('worse');
    expect(worse.html).toMatch(/<details[^>]*open=""[^>]*>\s*<summary[^>]*>Undo…[\s\S]*class="btn go"[^>]*>\s*Undo/);
  });

  test('an unknown outcome asks a person to decide', async () => {
    const world = actingWorld();
    world.runs[0]!.steps[1] = step('kill-flag', 1, { state: 'unknown', reason: 'The process died after the call.' });
    const { text } = await visit(page, world);
    expect(text).toContain('It is done Try again Give up');
  });

  test('a run whose file has moved on leads to the file as it was, which is told as plain text', async () => {
    const world = burningWorld();
    world.runs[0]!.digest = 'as it was opened';
    expect((await visit(page, world)).html).toContain(`href="${page}/file"`);
    const file = await visit(`${page}/file`, world);
    expect(file.status).toBe(200);
    expect(file.html).toBe('# <b>As opened</b>\n');
    expect((await visit('/runs/nothing/file', world)).status).toBe(404);
  });

  test.each([
    ['stop', 'stop', 'responder', true],
    ['forward', 'stop', 'responder', false],
    ['forward', 'forward', 'responder', true],
    ['stop', 'stop', 'viewer', false],
  ] as const)('a waiting %s may be let take over from a %s by a %s: %s', async (kind, holding, role, offered) => {
    const world = actingWorld();
    const blocked = step('kill-flag', 1, { state: 'blocked', kind, plan: { ...killPlan(now), kind }, captured: null });
    world.runs[0]!.steps[1] = blocked;
    world.holder = { runId: 'run-2', stepId: 'kill', kind: holding, holder: 'Ada', since: now - 9_000 };
    const { html, text } = await visit(page, world, { as: role });
    expect(text).toContain('Ada has held the target for 9 s');
    expect(html.includes('name="intent" value="take-over"')).toBe(offered);
  });

  test.each([
    ['responder', 'ada@studio.example', null],
    ['admin', 'engine', null],
    ['product', 'linus@studio.example', null],
    ['product', 'ada@studio.example', 'You may cancel runs you opened only.'],
    ['product', 'engine', 'You may cancel runs you opened only.'],
    ['viewer', 'ada@studio.example', 'Viewers read; a responder acts.'],
  ] as const)('a run is let cancel by a %s when %s opened it, or says why not: %s', async (as, openedBy, why) => {
    const world = burningWorld();
    world.runs[0]!.openedBy = openedBy;
    const { html, text } = await visit(page, world, { as });
    expect(html.includes('name="intent" value="cancel"')).toBe(why === null);
    expect(text).toContain(`Cancel this run${why ? ` ${why}` : ''}`);
    world.runs[0]!.state = 'done';
    expect((await visit(page, world, { as })).text).not.toContain('Cancel this run');
  });

  test('a plan is made again outside every fold, skipping stays in one', async () => {
    const { html } = await visit(page, burningWorld());
    expect(outsideFolds(html)).toMatch(/value="replan"[\s\S]*Plan again/);
    expect(outsideFolds(html)).not.toContain('name="reason"');
  });

  test('an undo that was refused since somebody moved the flag leaves all ways open, none of them pushed', async () => {
    const { text, html } = await visit(page, brokenWorld({ movedOn: true }));
    expect(text).toContain(
      'Restores what stood before: on · 25 % of users by userId. Overwrites what somebody else has set since.',
    );
    expect(html).not.toMatch(/class="btn go"[^>]*>\s*Undo/);
    expect(outsideFolds(html)).toMatch(/name="decision" value="retry"[\s\S]*Plan again/);
    expect(html).toContain('name="intent" value="skip"');
  });

  test('a step whose change still stands says why it may not be skipped, in sight', async () => {
    const { html } = await visit(page, brokenWorld());
    expect(outsideFolds(html)).toMatch(/<button[^>]*disabled[^>]*>Skip this step/);
    expect(textOf(outsideFolds(html))).toContain('Skip this step What it changed still stands: undo it first.');
    expect(html).not.toContain('name="intent" value="skip"');
  });

  test('one reason for several disabled buttons is said once a step', async () => {
    const { text } = await visit(page, burningWorld(), { as: 'viewer' });
    const [steps = ''] = text.split(' Inputs ');
    expect(steps.match(/Viewers read; a responder acts\./g)).toHaveLength(1);
  });

  test("a person's step asks its question in words and offers its outcomes", async () => {
    const world = burningWorld();
    const plan = killPlan(now, {
      kind: 'people',
      target: null,
      after: { ask: 'Does the provider answer?', outcomes: ['answers', 'fails'] },
      diff: [{ sign: ' ', text: 'Does the provider answer?' }],
      confirmLabel: 'Record the outcome',
    });
    const asked = step('ask', 0, { uses: 'manual', kind: 'people', state: 'planned', plan, planHash: 'h' });
    world.runs[0] = { ...world.runs[0]!, steps: [asked] };
    const { text, html } = await visit(page, world);
    expect(text).toMatch(/Does the provider answer\?.*What is the outcome\? answers fails Record the outcome/);
    expect(text).not.toContain('Undo');
    expect(html.match(/name="outcome"/g)).toHaveLength(2);
  });

  test('a wait shows its end as a clock time, counts down to it, and is ended with a reason', async () => {
    const world = burningWorld();
    const plan = killPlan(now, { kind: 'people', target: null, title: 'Wait 10 min', diff: [], commands: [] });
    const evidence = { endsAt: now + 600_000, reading: '3× over 5m' };
    const waits = step('calm', 0, { uses: 'wait', kind: 'people', state: 'verifying', plan, evidence });
    world.runs[0] = { ...world.runs[0]!, state: 'open', steps: [waits] };
    const { text, html } = await visit(page, world);
    expect(text).toMatch(/waiting .*ends \d\d:\d\d, in 10 min .*reading 3× over 5m/);
    expect(text).toMatch(/End the wait now Why does it end before its time\?/);
    expect(text).not.toMatch(/in effect|verifying|taking effect/);
    expect(html).toContain('name="intent" value="skip"');
  });

  test('what a read kept stands line by line, an address as a link', async () => {
    const world = burningWorld();
    const evidence = { counted: '2 lines', newest: ['first <b>', 'second'], address: 'https://github.example/runs/1' };
    const read = step('look', 0, { uses: 'logs.query', kind: 'read', state: 'succeeded', evidence });
    world.runs[0] = { ...world.runs[0]!, steps: [read] };
    const { html } = await visit(page, world);
    expect(html).toMatch(/whitespace-pre-wrap[^>]*>first &lt;b&gt;\nsecond</);
    expect(html).toMatch(/<a [^>]*href="https:\/\/github\.example\/runs\/1"[^>]*rel="noopener noreferrer nofollow"/);
  });

  test('a done run offers nothing more', async () => {
    const { html } = await visit(page, verifiedWorld());
    expect(html).not.toContain('name="intent" value="undo"');
    expect(html).not.toContain('name="intent" value="cancel"');
  });

  test('while nothing is planned it says so and comes again', async () => {
    const world = burningWorld();
    world.runs[0] = { ...world.runs[0]!, state: 'open', steps: [step('kill-flag', 0)] };
    const { text, html } = await visit(page, world);
    expect(text).toContain('Planning: the engine reads the world.');
    expect(html).toContain('http-equiv="refresh"');
  });
});

/** The kill failed after it had written something, so that it can be undone. */
function brokenWorld(more: { movedOn?: boolean } = {}) {
  const world = actingWorld();
  const kill = {
    ...world.runs[0]!.steps[1]!,
    state: 'failed' as const,
    reason: 'Unleash refused.',
    captured: {},
    ...more,
  };
  world.runs[0]!.steps[1] = kill;
  return world;
}

/** A page without what stands behind its folds. */
function outsideFolds(html: string): string {
  return html.replace(/<details\b[\s\S]*?<\/details>/g, '');
}

describe('confirming', () => {
  test('sends run, step and hash, and goes back to the step', async () => {
    const { status, location, told } = await visit(page, burningWorld(), { form: confirm });
    expect([status, location]).toEqual([303, '/runs/run-1#step-kill-flag']);
    expect(told[0]).toMatchObject({
      what: 'confirm',
      with: {
        runId: 'run-1',
        stepId: 'kill-flag',
        hash: 'a1b2c3d4e5f60718',
        reason: null,
        acknowledged: false,
        acknowledgePage: false,
      },
    });
  });

  test('says that it also acknowledges the page, to those who may, and can be told not to', async () => {
    const { html, text } = await visit(page, burningWorld());
    expect(text).toContain('Also acknowledge #4117 in PagerDuty as me: I am working on it, and it stops escalating.');
    expect(html).toMatch(/<input[^>]*name="acknowledgePage"[^>]*checked=""/);
    const { told } = await visit(page, burningWorld(), { form: { ...confirm, acknowledgePage: 'yes' } });
    expect(told[0]?.with).toMatchObject({ acknowledgePage: true });
    expect((await visit('/incidents/inc-1', burningWorld())).text).toContain('Also acknowledge #4117');
    expect((await visit(page, burningWorld(), { as: 'product' })).text).not.toContain('Also acknowledge');
    const taken = burningWorld();
    taken.pagerDuty['inc-1']![0]!.status = 'acknowledged';
    expect((await visit(page, taken)).text).not.toContain('Also acknowledge');
  });

  test('from the incident page it goes back there', async () => {
    const { location } = await visit(page, burningWorld(), { form: { ...confirm, from: 'incident' } });
    expect(location).toBe('/incidents/inc-1#step-kill-flag');
  });

  test('a stale plan is refused in words and planned again', async () => {
    const { status, text, told } = await visit(page, burningWorld(), { form: { ...confirm, hash: 'old' } });
    expect(status).toBe(409);
    expect(text).toContain('The world moved since this plan was made. Read the new plan, then confirm it.');
    expect(told.map((each) => each.what)).toEqual(['confirm', 'replan']);
  });

  test('a missing tick keeps the sentence in the form', async () => {
    const { status, html } = await visit(page, doubtfulWorld(), {
      form: { ...confirm, reason: 'The bad flag is known.' },
    });
    expect(status).toBe(422);
    expect(html).toContain('value="The bad flag is known."');
  });

  test.each(['viewer'] as const)('%s may not', async (as) => {
    const { status, told } = await visit(page, burningWorld(), { as, form: confirm });
    expect([status, told]).toEqual([403, []]);
  });

  test('an old sign-in comes back to the open plan', async () => {
    const { location } = await visit(page, burningWorld(), { form: confirm, signedInAgo: 3_600_000 });
    expect(location).toBe('/sign-in?again=1&next=%2Fruns%2Frun-1%23step-kill-flag');
  });
});

describe('the other wishes', () => {
  test.each([
    ['skip', { intent: 'skip', step: 'kill-flag', reason: 'Linus does it by hand.' }, 'skip'],
    ['undo', { intent: 'undo', step: 'kill-flag', hash: 'f0e1d2c3' }, 'undo'],
    ['retry', { intent: 'resolve', step: 'kill-flag', decision: 'retry' }, 'resolveUnknown'],
    ['take-over', { intent: 'take-over', step: 'kill-flag', reason: 'Ada lost her connection.' }, 'takeOver'],
    ['cancel', { intent: 'cancel', reason: 'A false alarm.' }, 'cancel'],
    ['replan', { intent: 'replan', step: 'kill-flag' }, 'replan'],
  ])('%s reaches the store', async (_name, form, what) => {
    const { status, told } = await visit(page, actingWorld(), { form });
    expect([status, told[0]?.what]).toEqual([303, what]);
  });

  test('an undo without what it was read as is refused', async () => {
    const { status, told } = await visit(page, actingWorld(), { form: { intent: 'undo', step: 'kill-flag' } });
    expect([status, told]).toEqual([400, []]);
  });

  test('a skip without a reason is refused, a form without sense too', async () => {
    expect((await visit(page, actingWorld(), { form: { intent: 'skip', step: 'kill-flag', reason: '' } })).status).toBe(
      400,
    );
    expect((await visit(page, actingWorld(), { form: { intent: 'explode' } })).status).toBe(400);
  });
});
