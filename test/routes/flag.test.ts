import { expect, test } from 'vitest';
import type { FlagState } from '#app/domain/flag/flag.ts';
import { rollout } from '../domain/flag/strategies.ts';
import { bakingRollout } from '../support/pages/rollouts.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld, now, seen, type World } from '../support/pages/world.ts';

const path = '/flags/voiceover-v2';
const hour = 3_600_000;

/** What SDKs are served of the flag, with one constraint and a segment. */
const served = {
  digest: 'seven',
  segments: [{ id: 3, name: 'Early studios', constraints: [{ contextName: 'plan', operator: 'IN', values: ['pro'] }] }],
  features: [
    {
      name: 'voiceover-v2',
      enabled: true,
      strategies: [
        {
          name: 'flexibleRollout',
          parameters: { rollout: '50', stickiness: 'userId', groupId: 'voiceover-v2' },
          constraints: [{ contextName: 'country', operator: 'IN', values: ['DK'] }],
          segments: [3],
        },
      ],
    },
  ],
};

/** The night, with what SDKs are served and who evaluates the flag. */
function world(change: (flag: FlagState) => void = () => {}): World {
  const made = burningWorld();
  change((made.observations['unleash flags']!.value as FlagState[])[0]!);
  const at = { application: 'voiceover', environment: 'production' };
  Object.assign(made.observations, {
    'unleash served/production': seen({ revision: 7, digest: 'seven' }),
    'unleash served-document/production': seen(served),
    'unleash usage/voiceover-v2': seen([{ ...at, hour: now - hour, yes: 1200, no: 3600, variants: { blue: 1200 } }]),
    'unleash fleet/production/voiceover': seen({
      ...at,
      count: 2,
      sdks: { 'unleash-client-node:6.12.1': 2 },
      instances: [{ id: 'voiceover-1', sdk: 'unleash-client-node:6.12.1', seenAt: now - 9_000 }],
      pollSeconds: 14.8,
      reportSeconds: 10,
    }),
    'unleash fleet/production/elsewhere': seen({ ...at, application: 'elsewhere', count: 9, sdks: {}, instances: [] }),
  });
  return made;
}

test('says in plain words who gets it, then why, who asks for it and what happened to it', async () => {
  const { status, text } = await visit(path, world());
  expect(status).toBe(200);
  expect(text).toContain('voiceover-v2: 25 % of production');
  expect(text).toContain('owned by linus@studio.example, voice');
  expect(text).toContain('safe when off');
  expect(text).toContain('voiceover in production 2 instances · unleash-client-node:6.12.1 · ask every 15 s');
  expect(text).toContain('1,200 yes, 3,600 no in 48 h');
  expect(text).toContain('blue 1,200 (100 %) by variant in 48 h');
  expect(text).not.toContain('elsewhere');
  expect(text).toMatch(/History.*voiceover-v2 rolled out 5 → 25 % by Linus/);
  expect(text).toMatch(/Runs that touched it Voiceover is burning its error budget/);
});

test('strategies are told with their segments by name, their group and their variants', async () => {
  const { text } = await visit(
    path,
    world(({ environments: [production] }) => {
      production!.strategies.push(
        rollout(100, {
          segments: [3],
          variants: [
            { name: 'blue', weight: 300 },
            { name: 'red', weight: 700 },
          ],
        }),
        rollout(10, { disabled: true }),
      );
    }),
  );
  expect(text).toContain('25–100 % of production, depending on who asks');
  expect(text).toContain('everyone where in segment Early studios');
  expect(text).toContain('Strategy 2 of 3, any one is enough');
  expect(text).toContain('Variants: blue 30 %, red 70 %');
  expect(text).toContain('switched off');
});

test('asks for the fields that count and answers as the SDK does; the address keeps what was asked', async () => {
  const empty = await visit(path, world());
  for (const field of ['c.userId', 'c.country', 'c.plan']) expect(empty.html).toContain(`name="${field}"`);
  const said = await visit(`${path}?ask=1&environment=production&c.userId=ada&c.country=DK&c.plan=pro`, world());
  expect(said.html).toContain('value="ada"');
  expect(said.text).toMatch(/(yes|no: off) .*bucket \d+ of 100 for userId "ada" in group "voiceover-v2"/);
  const abroad = await visit(`${path}?ask=1&c.userId=ada&c.country=SE&c.plan=pro`, world());
  expect(abroad.text).toContain('no: off');
  expect(abroad.text).toContain('No strategy lets this context in.');
});

test('nobody can be asked for while what SDKs are served is not known', async () => {
  const { text } = await visit(path, burningWorld());
  expect(text).toContain('What SDKs are served in production has not been read yet.');
});

test('a parent that is off is named, parents and children are led to', async () => {
  const { text, html } = await visit(
    path,
    world((flag) => {
      flag.parents = ['base'];
      flag.children = ['leaf'];
    }),
  );
  expect(text).toContain('Its parent base is not there: nobody gets it.');
  expect(text).toContain('on in production, and it reaches nobody');
  expect(html).toContain('href="/flags/base"');
  expect(html).toContain('href="/flags/leaf"');
});

test('a flag that only a file has is said to be missing in Unleash, one that nobody has is 404', async () => {
  expect((await visit('/flags/voiceover-fallback', world())).text).toContain('Unleash does not have it');
  expect((await visit('/flags/nonsense', world())).status).toBe(404);
});

test('one that no file declares is shown, and turned by nobody', async () => {
  const made = world();
  made.catalog = { ...made.catalog!, flags: [] };
  const { text } = await visit(path, made);
  expect(text).toContain('no owner is declared');
  expect(text).toContain('No file in flags/ declares it: its owner and its safe state are not known.');
  const form = { intent: 'kill', environment: 'production' };
  const posted = await visit(path, made, { form });
  expect([posted.status, posted.told]).toEqual([403, []]);
  expect(posted.text).toContain('its safe state are not known');
});

test('a press opens the run of exactly this flag and environment, and leads to its plan', async () => {
  const { status, location, told } = await visit(path, world(), {
    form: { intent: 'kill', environment: 'production' },
  });
  expect([status, location]).toEqual([303, '/runs/run-1#step-confirm-burn']);
  expect(told).toEqual([
    {
      what: 'openRun',
      with: {
        template: 'template:flag.kill',
        inputs: { flag: 'voiceover-v2', environment: 'production' },
        incidentId: null,
        service: 'voiceover',
        by: 'ada@studio.example',
      },
    },
  ]);
});

test('product people turn what they or their team own, and nothing else', async () => {
  const form = { intent: 'kill', environment: 'production' };
  expect((await visit(path, world(), { as: 'product', form })).status).toBe(303);
  const others = world();
  for (const flag of others.catalog!.flags) flag.owners = ['visuals'];
  const refused = await visit(path, others, { as: 'product', form });
  expect([refused.status, refused.told]).toEqual([403, []]);
  expect((await visit(path, others, { as: 'product' })).text).toContain(
    'You may act on flags you own only. It belongs to visuals: ask them, or a responder.',
  );
  expect((await visit(path, others, { as: 'viewer' })).text).toContain('Viewers read; a responder acts.');
});

test('another share is asked for by the same door, with the variants, and nonsense never leaves the page', async () => {
  const form = { intent: 'expose', environment: 'production', percent: '5', variants: '' };
  const { told } = await visit(path, world(), { form });
  expect(told).toMatchObject([
    {
      what: 'openRun',
      with: {
        template: 'template:flag.expose',
        inputs: { flag: 'voiceover-v2', environment: 'production', percent: '5' },
      },
    },
  ]);
  for (const percent of ['150', 'abc', '-1', '12.5', '']) {
    const { status, text, told: nothing } = await visit(path, world(), { form: { ...form, percent } });
    expect([percent, status, nothing]).toEqual([percent, 400, []]);
    expect(text).toContain('A share is a whole number from 0 to 100.');
  }
});

test('in a protected environment a press never confirms; in one that is not, it does, bound to the plan just made', async () => {
  const made = world();
  const flag = made.catalog!.flags.find(({ name }) => name === 'voiceover-v2')!;
  flag.environments.push({ name: 'development', protected: false });
  const step = { ...made.runs[0]!.steps[1]!, id: 'expose', index: 0 };
  made.runs = [{ ...made.runs[0]!, steps: [step] }];
  const press = (environment: string) =>
    visit(path, made, { form: { intent: 'expose', environment, percent: '50' }, as: 'product' });
  step.plan = { ...step.plan!, readAt: now };
  const guarded = await press('production');
  expect(guarded.told.map(({ what }) => what)).toEqual(['openRun']);
  expect(guarded.location).toBe('/runs/run-1#step-expose');
  const quick = await press('development');
  expect(quick.told.map(({ what }) => what)).toEqual(['openRun', 'confirm']);
  expect(quick.told[1]!.with).toMatchObject({ hash: step.planHash, actor: { email: 'linus@studio.example' } });
  expect(quick.location).toBe('/flags/voiceover-v2#in-development');
  // What was planned before the press is read anew first.
  step.plan = { ...step.plan!, readAt: now - 1 };
  expect((await press('development')).told.map(({ what }) => what)).toEqual(['openRun', 'replan', 'confirm']);
  step.plan = { ...step.plan!, needsReason: true };
  expect((await press('development')).location).toBe('/runs/run-1#step-expose');
});

test('in the environment that the console stands in a press never confirms, whatever the file says', async () => {
  const made = world();
  const flag = made.catalog!.flags.find(({ name }) => name === 'voiceover-v2')!;
  flag.environments = [{ name: 'production', protected: false }];
  const step = { ...made.runs[0]!.steps[1]!, id: 'expose', index: 0 };
  step.plan = { ...step.plan!, readAt: now };
  made.runs = [{ ...made.runs[0]!, steps: [step] }];
  const form = { intent: 'expose', environment: 'production', percent: '50' };
  expect((await visit(path, made, { form })).told.map(({ what }) => what)).toEqual(['openRun']);
  expect((await visit(path, made)).text).not.toContain('a press is enough');
});

test('the form stands at what there is now', async () => {
  const { html } = await visit(path, world());
  expect(html).toMatch(/name="percent"[^>]*value="25"/);
});

/** The flag as Ada killed it an hour ago, told to its owners. */
function killedWorld(): World {
  const made = world();
  const target = 'flag/production/voiceover-v2';
  const left = { id: 'fu-1', kind: 'flag-killed' as const, target, title: 'voiceover-v2 is off in production' };
  const wayBack = { template: 'template:flag.restore', label: 'Restore voiceover-v2', inputs: {} };
  made.followUps = [
    {
      ...left,
      service: 'voiceover',
      owner: 'voice',
      incidentId: 'inc-1',
      runId: 'run-1',
      openedAt: now - hour,
      dueAt: null,
      clearedAt: null,
      clearedBy: null,
      wayBack,
    },
  ];
  made.observations[`firebreak killed/${target}`] = seen({
    target,
    flag: 'voiceover-v2',
    environment: 'production',
    title: left.title,
    at: now - hour,
    by: 'Ada Byron',
    owners: ['voice'],
    why: 'It burns since 25 %.',
    evidence: ['fails 1,389 of 13,450 with it on'],
    comeBack: ['the incident is over'],
    firstShare: 5,
    incidentId: 'inc-1',
    runId: 'run-1',
    stepId: 'kill-flag',
  });
  return made;
}

test('while a kill stands its page says why, on what evidence and what brings it back, and offers 5 % under guard', async () => {
  const { text, html } = await visit(path, killedWorld());
  expect(text).toMatch(/Why it was made safe.*Ada Byron did it at .*: It burns since 25 %\. For voice\./);
  expect(text).toContain('Evidence: fails 1,389 of 13,450 with it on.');
  expect(text).toContain('To come back: the incident is over.');
  expect(html).toContain('Back at 5');
  expect(text).toContain(
    'in one step is looked at by voiceover-availability afterwards; nothing takes it back by itself.',
  );
  const byStages = 'href="/rollouts/new?flag=voiceover-v2&amp;environment=production&amp;from=5"';
  // In the notice, and beside the press.
  expect(html.split(byStages)).toHaveLength(3);
  const unproved = killedWorld();
  unproved.catalog!.flags.find(({ name }) => name === 'voiceover-v2')!.slos = [];
  expect((await visit(path, unproved)).text).toContain('in one step is proved by no SLO here: look at it yourself.');
});

test('the overview tells its owners, nobody else, and nobody once it is cleared', async () => {
  const title = 'Your flags that were made safe';
  const told = await visit('/', killedWorld(), { as: 'product' });
  expect(told.text).toContain(title);
  expect(told.html).toContain('href="/flags/voiceover-v2#in-production"');
  expect(told.html).toContain('href="/rollouts/new?flag=voiceover-v2&amp;environment=production&amp;from=5"');
  expect((await visit('/', killedWorld(), { as: 'responder' })).text).not.toContain(title);
  const cleared = killedWorld();
  cleared.followUps[0]!.clearedAt = now;
  expect((await visit('/', cleared, { as: 'product' })).text).not.toContain(title);
});

test('while Unleash does not answer the page says so, and of what time its answer is', async () => {
  const made = world();
  for (const key of ['unleash flags', 'unleash served/production']) {
    made.observations[key] = { ...made.observations[key]!, at: now - 600_000, error: 'no answer', errorAt: now };
  }
  const { text } = await visit(`${path}?ask=1&c.userId=ada`, made);
  expect(text).toMatch(/stale · 10\s?min/);
  expect(text).toContain('Unleash does not answer: no answer. Below is what was last known.');
  expect(text).toContain('The answer is by what SDKs were served when it was last read.');
  expect(text).toContain('25 % of production');
  expect((await visit(path, world())).text).not.toContain('does not answer');
});

test('where a guarded rollout stands is said first: the share, when its next step comes and why it does not', async () => {
  const made = world();
  expect((await visit(path, made)).text).toMatch(/voiceover-v2: 25 % of production, next step 03:4\d, watched/);
  const held = { reason: 'no-data' as const, text: 'No data.', since: now };
  made.rollouts = [bakingRollout(now, { state: 'held', held })];
  const { text } = await visit(path, made);
  expect(text).toMatch(/voiceover-v2: 25 % of production, next step 03:4\d, rollout held because no data comes/);
  made.rollouts = [bakingRollout(now, { state: 'approved', effectAt: null })];
  expect((await visit(path, made)).text).toContain('voiceover-v2: 25 % of production, started');
  made.rollouts = [];
  expect((await visit(path, made)).text).not.toContain('next step');
});
