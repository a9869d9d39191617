import { describe, expect, test } from 'vitest';
import type { FlagState } from '#app/domain/flag/flag.ts';
import type { RolloutPlan } from '#app/domain/rollout/plan.ts';
import { bakingRollout } from '../support/pages/rollouts.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld, now } from '../support/pages/world.ts';
import { verifiedWorld } from '../support/pages/worlds.ts';

const minute = 60_000;
const world = (...given: Parameters<typeof bakingRollout>[1][]) => ({
  ...burningWorld(),
  ...(given.length > 0 ? { rollouts: given.map((part) => bakingRollout(now, part)) } : {}),
  rolloutEntries: [
    { at: now - 90 * minute, stage: 0, state: 'draft' as const, by: 'Linus', text: 'Drawn up.', percent: null },
    { at: now - 60 * minute, stage: 0, state: 'verifying' as const, by: 'Firebreak', text: '1 % is set.', percent: 1 },
    {
      at: now - 14 * minute,
      stage: 1,
      state: 'verifying' as const,
      by: 'Firebreak',
      text: '25 % is set.',
      percent: 25,
    },
  ],
});
const page = (part: Parameters<typeof bakingRollout>[1] = {}, as: Parameters<typeof visit>[2] = {}) =>
  visit('/rollouts/rollout-1', world(part), as);

describe('the page of a rollout', () => {
  test('says in plain words first where it stands, when the next step comes and what that may cost', async () => {
    const { text, status } = await page();
    expect(status).toBe(200);
    expect(text).toContain('voiceover-v2 in production: 25 % of production, watched');
    // Took effect 03:12, 30 min of data, 4 min until they are complete.
    expect(text).toMatch(/Next step, to 100 %, at 03:46 \(in 20 min/);
    expect(text).toMatch(/it may cost at most 10 min of budget, of 44 min in all/);
    expect(text).toContain('The last 4 min of that are for its data: a stage is judged only once they are in.');
    expect(text).not.toContain('waits for the word of');
    expect(text).toContain('owned by linus@studio.example, voice');
    expect(text).toContain('steps in the name of Linus');
  });

  test('shows each guard with its figures and each stage with what it can see', async () => {
    const { text } = await page();
    expect(text).toContain('1 of 9,000, 10 min');
    expect(text).toContain('14.4×');
    expect(text).toMatch(/1\. 1 %, watched for 30 min .*Blind: not even a total failure of the 1 % would be seen/);
    expect(text).toMatch(/2\. 25 %, watched for 30 min .*Seen once 6 % of those who have it fail/);
    expect(text).toMatch(/voiceover-availability: what the SLO counts, of the whole service/);
  });

  test('draws the share over the burn, and says both to those who do not see it', async () => {
    const { html } = await page();
    expect(html).toMatch(/aria-label="Share: 1 % at 02:26, 25 % at 03:12"/);
    expect(html).toContain('aria-label="Burn of ');
  });

  test('draws nothing where it does not know the share: before its first step, and after a rollback', async () => {
    const entries = world({}).rolloutEntries;
    const back = { ...entries[2]!, at: now - 5 * minute, state: 'rolled_back' as const, percent: 0 };
    const over = { state: 'rolled_back' as const, endedAt: now - 5 * minute };
    const { html } = await visit('/rollouts/rollout-1', { ...world(over), rolloutEntries: [...entries, back] });
    expect(html).toMatch(/aria-label="Share: 1 % at 02:26, 25 % at 03:12, rolled back at 03:21"/);
    const draft = { state: 'draft' as const, stage: 0, effectAt: null };
    const first = await visit('/rollouts/rollout-1', { ...world(draft), rolloutEntries: entries.slice(0, 1) });
    expect(first.text).toContain('Burn before the first step');
    expect(first.html).not.toContain('aria-label="Share');
  });

  test('a hold says why, and that what was planned is not yet', async () => {
    const held = { reason: 'no-data' as const, text: 'No data for 6 min.', since: now - 5 * minute };
    const { text } = await page({ state: 'held', held });
    expect(text).toContain('25 % of production, held because no data comes');
    expect(text).toContain('Held 5 min ago: No data for 6 min.');
    expect(text).toContain('not before 03:46');
  });

  test('a next stage that somebody approves says that it waits for their word, until it is given', async () => {
    const { plan } = bakingRollout(now);
    const stages = plan.stages.map((stage, index) => (index === 2 ? { ...stage, approve: ['voice'] } : stage));
    const asked = await page({ plan: { ...plan, stages } });
    expect(asked.text).toContain('The step then waits for the word of voice.');
    const given = await page({ plan: { ...plan, stages }, approvals: { 2: { by: 'Root', at: now } } });
    expect(given.text).not.toContain('waits for the word of');
  });

  test('a guard by counts shows what it asks, and a stage at which it sees nothing is blind', async () => {
    const { plan } = bakingRollout(now);
    const source = {
      kind: 'metric' as const,
      name: 'declined',
      project: 'film-studio',
      total: 'all',
      bad: 'no',
      under: 0.02,
    };
    const guards = [{ source, over: null, judge: 'service' as const }];
    const { text } = await page({ plan: { ...plan, stages: plan.stages.map((stage) => ({ ...stage, guards })) } });
    expect(text).toMatch(/declined: requests of the whole service, from two metrics .* 2 % or more bad ones are harm/);
    expect(text).toMatch(/What it asks of the project film-studio all: all bad: no/);
    expect(text).toMatch(/1\. 1 %, watched for 30 min .*Blind: not even a total failure of the 1 % would be seen/);
    expect(text).toMatch(/2\. 25 %, watched for 30 min .*Seen once 8 % of those who have it fail/);
  });

  test('one in shadow says that it changes nothing', async () => {
    const { text } = await page({ shadow: true });
    expect(text).toContain('would be at 25 % of production');
    expect(text).toContain('changes nothing');
  });

  test('there is none of another name', async () => {
    expect((await visit('/rollouts/nobody', world())).status).toBe(404);
  });
});

describe('what may be decided', () => {
  const words = (text: string) =>
    ['Start it', 'Pause', 'Resume', 'Skip the rest', 'Roll back now', 'Call it off'].filter((each) =>
      new RegExp(`${each}(?!d)`).test(text),
    );

  test.each([
    [{ state: 'draft' as const, stage: 0, effectAt: null }, ['Start it', 'Call it off']],
    [{}, ['Pause', 'Skip the rest', 'Roll back now']],
    [
      { state: 'held' as const, held: { reason: 'paused' as const, text: 'Paused.', since: now } },
      ['Resume', 'Skip the rest', 'Roll back now'],
    ],
    [{ state: 'done' as const, stage: 2, endedAt: now }, []],
  ])('of %j: %j', async (part, expected) => {
    expect(words((await page(part)).text)).toEqual(expected);
  });

  test('the thumb of a phone leads to what one may decide, the way back before all else', async () => {
    const thumb = async (...given: Parameters<typeof page>) =>
      /<div class="thumb"><a class="btn" href="#decide">([^<]*)/.exec(
        (await page(...given)).html.replaceAll('<!-- -->', ''),
      )?.[1];
    const held = { reason: 'paused' as const, text: 'Paused.', since: now };
    expect(await thumb()).toBe('Roll back now…');
    expect(await thumb({ state: 'held', held })).toBe('Roll back now…');
    expect(await thumb({ state: 'draft', stage: 0, effectAt: null })).toBe('Start it…');
    expect(await thumb({}, { as: 'viewer' })).toBeUndefined();
    expect(await thumb({ state: 'done', stage: 2, endedAt: now })).toBeUndefined();
  });

  test('a blind stage asks whoever starts it whether they know', async () => {
    const { text } = await page({ state: 'draft', stage: 0, effectAt: null });
    expect(text).toContain('I know that stage 1 is blind');
  });

  test('a word is sent with the rollout as it was read', async () => {
    const form = { intent: 'abort', epoch: '7', reason: 'It feels wrong.' };
    const { told, location } = await page({}, { form });
    expect(location).toBe('/rollouts/rollout-1');
    expect(told).toMatchObject([
      { what: 'decide', with: { id: 'rollout-1', epoch: 7, decision: 'abort', reason: 'It feels wrong.' } },
    ]);
  });

  test('a word that was refused stands in its form again', async () => {
    const reason = 'Lunch first. '.repeat(50);
    const { html, status, told } = await page({}, { form: { intent: 'pause', epoch: '7', reason } });
    expect([status, told]).toEqual([400, []]);
    const value = (label: string) =>
      new RegExp(`<span>${label}: why[^<]*</span><input[^>]*value="Lunch first`).test(html);
    expect([value('Pause'), value('Roll back now')]).toEqual([true, false]);
  });

  test.each(['viewer', 'product'] as const)('a %s of another team is told why not', async (as) => {
    const { text } = await visit('/rollouts/rollout-1', worldOfOthers(), { as });
    expect(text).toContain(as === 'viewer' ? 'Viewers read; a responder acts.' : 'You may act on flags you own only.');
  });

  function worldOfOthers() {
    const given = world({});
    const catalog = given.catalog!;
    const flags = catalog.flags.map((flag) => ({ ...flag, owners: ['somebody-else'] }));
    return { ...given, catalog: { ...catalog, flags } };
  }
});

describe('drawing one up', () => {
  const form = {
    ...{ intent: 'draw', subject: 'flag production voiceover-v2', plan: 'typed', judge: 'service' },
    ...{ stages: '5 % for 10m\n100 % for 1h by voice', slo: 'voiceover-availability', minRequests: '50' },
  };

  test('the form begins with careful steps and the SLOs of the flag', async () => {
    const { html, text } = await visit('/rollouts/new?flag=voiceover-v2&environment=production', world());
    expect(text).toContain('Roll out voiceover-v2 in production under guard');
    // Above the 25 % that stand.
    expect(html).toMatch(/<textarea[^>]*>60 % for 30m\n100 % for 1h<\/textarea>/);
    expect(text).toContain('Now: 25 % of production. A rollout only goes up: the first stage has to be above that');
    expect(html).toMatch(
      /name="slo"[^>]* checked[^>]*value="voiceover-availability"|value="voiceover-availability"[^>]* checked/,
    );
  });

  test('what is typed is drawn up, and nothing starts', async () => {
    const { told, location } = await visit('/rollouts/new', world(), { form });
    expect(location).toBe('/rollouts/rollout-new');
    expect(told).toMatchObject([
      {
        what: 'draw',
        with: {
          subject: { kind: 'flag', flag: 'voiceover-v2', environment: 'production' },
          service: 'voiceover',
          plan: {
            stages: [
              { percent: 5, hold: 10 * minute, minRequests: 50, approve: [] },
              { percent: 100, hold: 60 * minute, approve: ['voice'] },
            ],
          },
        },
      },
    ]);
  });

  test('an old sign-in comes back to the form of the same flag', async () => {
    const asked = '/rollouts/new?flag=voiceover-v2&environment=production';
    const { location } = await visit(asked, world(), { form: { intent: 'draw' }, signedInAgo: 3_600_000 });
    expect(location).toBe(`/sign-in?again=1&next=${encodeURIComponent(asked)}`);
  });

  /** A plan in the flag's file that guards by more than SLOs. */
  function declaring() {
    const made = world();
    const unleash = { kind: 'impact' as const, name: 'failed answers', total: 'answers', bad: 'failed', under: 0.02 };
    const { plan } = bakingRollout(now);
    const guards = [...plan.stages[0]!.guards, { source: unleash, over: null, judge: 'cohort' as const }];
    const stages = plan.stages.map((stage) => ({ ...stage, guards, window: { short: 4, long: 20 } }));
    made.catalog!.flags.find(({ name }) => name === 'voiceover-v2')!.rollout = { ...plan, stages };
    return made;
  }

  test('what is typed over a declared plan keeps its impact metrics and windows, and drops them only where they are unticked', async () => {
    const page = await visit('/rollouts/new?flag=voiceover-v2&environment=production', declaring());
    expect(page.text).toMatch(/failed answers, only those who have it as its file says: requests of those who have it/);
    const key = 'impact/failed answers, only those who have it/';
    expect(page.html).toMatch(new RegExp(`name="kept"[^>]* checked[^>]*value="${key}"`));
    const guardsOf = async (more: Record<string, string>) => {
      const { told } = await visit('/rollouts/new', declaring(), { form: { ...form, ...more } });
      const { plan } = told[0]!.with as { plan: RolloutPlan };
      expect(plan.stages[1]!.window).toEqual({ short: 4, long: 20 });
      return plan.stages[1]!.guards.map(({ source }) => source.kind);
    };
    expect(await guardsOf({ kept: key })).toEqual(['slo', 'impact']);
    expect(await guardsOf({})).toEqual(['slo']);
    const gone = await visit('/rollouts/new', world(), { form: { ...form, kept: key } });
    expect([gone.status, gone.told]).toEqual([400, []]);
    expect(gone.text).toContain('it declares one of these guards no more');
  });

  const counts = {
    ...{ metricName: 'declined voices', metricProject: 'film-studio', metricUnder: '2' },
    metricTotal: 'metric.type="run.googleapis.com/request_count" resource.label.service_name="voiceover"',
    metricBad: 'metric.type="run.googleapis.com/request_count" metric.label.response_code="402"',
  };
  const asked = '/rollouts/new?flag=voiceover-v2&environment=production';

  test('a guard by counts is typed as files write one, beside the SLOs', async () => {
    const page = await visit(asked, world());
    expect(page.html).toMatch(/<details class="fold wide counted-guards"><summary>Also judge by a metric/);
    expect(page.html).toMatch(/<option value="film-studio" selected=""/);
    const impact = { impactName: 'failed', impactTotal: 'voices', impactBad: 'voices.failed', impactUnder: '0.5' };
    const windows = { short: '4m', long: '20m' };
    const { told } = await visit('/rollouts/new', world(), { form: { ...form, ...counts, ...impact, ...windows } });
    const { plan } = told[0]!.with as { plan: RolloutPlan };
    expect(plan.stages[1]!.window).toEqual({ short: 4, long: 20 });
    expect(plan.stages[1]!.guards.map(({ source }) => source)).toEqual([
      { kind: 'slo', slo: 'voiceover-availability' },
      {
        ...{ kind: 'metric', name: 'declined voices', project: 'film-studio', under: 0.02 },
        ...{ total: counts.metricTotal, bad: counts.metricBad },
      },
      { kind: 'impact', name: 'failed', total: 'voices', bad: 'voices_failed', under: 0.005 },
    ]);
  });

  test.each([
    [
      { metricTotal: 'every request' },
      'metricTotal',
      'exactly one metric type, this one names none. Begin with metric.type=',
    ],
    [{ metricProject: 'somebody-elses' }, 'metricProject', 'Metrics are read here of film-studio'],
    [{ metricUnder: '250' }, 'metricUnder', '250 % is no bound for bad ones'],
    [{ metricName: 'voiceover-availability' }, 'metricName', 'Two guards are called “voiceover-availability”'],
    [{ short: 'soon' }, 'short', 'Write a window as a whole number and a unit'],
  ])('%j of a guard by counts is refused at its field, and what was typed stays', async (part, field, said) => {
    const sent = { ...form, ...counts, ...part };
    const { html, text, status, told } = await visit('/rollouts/new', world(), { form: sent });
    expect([status, told]).toEqual([400, []]);
    expect(text).toContain(said);
    expect(html).toContain(`aria-describedby="wrong-${field}"`);
    // Its fold is open, so that it is seen without JavaScript.
    expect(html).toMatch(/<details class="fold wide counted-guards" open="">/);
    expect(html).toMatch(new RegExp(`name="metricName"[^>]*value="${sent.metricName}"`));
  });

  test('what other files of the service guard by is offered by name, and taken where it is ticked', async () => {
    const others = () => {
      const made = declaring();
      const { flags } = made.catalog!;
      const [own] = flags.filter(({ name }) => name === 'voiceover-v2');
      const { rollout: plan, ...bare } = own!;
      const other = { ...bare, name: 'voiceover-fast', rollout: plan! };
      made.catalog!.flags = [bare, other];
      return made;
    };
    const page = await visit(asked, others());
    expect(page.text).toMatch(/failed answers, only those who have it as the file of voiceover-fast says: requests of/);
    const key = 'voiceover-fast/impact/failed answers, only those who have it/';
    expect(page.html).toContain(`value="${key}"`);
    expect(page.html).not.toMatch(new RegExp(`checked[^>]*value="${key}"`));
    const { told } = await visit('/rollouts/new', others(), { form: { ...form, kept: key } });
    const { plan } = told[0]!.with as { plan: RolloutPlan };
    expect(plan.stages[0]!.guards.map(({ source }) => source.kind)).toEqual(['slo', 'impact']);
  });

  test('a revision is told that impact metrics cannot tell it apart', async () => {
    const { html, text } = await visit('/rollouts/new?service=voiceover&revision=voiceover-00042', world());
    expect(html).toContain('name="metricTotal"');
    expect(html).not.toContain('name="impactTotal"');
    expect(text).toContain('A revision has no impact metrics: they are told apart by flags.');
    expect(text).toContain('Now: 100 % of the requests to voiceover.');
  });

  test('the way back after a kill begins at 5 %, with the later stages and the guards of the file', async () => {
    const killed = declaring();
    const [flag] = killed.observations['unleash flags']!.value as FlagState[];
    for (const environment of flag!.environments) environment.enabled = false;
    const { html } = await visit('/rollouts/new?flag=voiceover-v2&environment=production&from=5', killed);
    expect(html).toMatch(/<textarea[^>]*>5 % for 30m\n25 % for 30m\n100 % for 30m<\/textarea>/);
    expect(html).toMatch(/name="plan"[^>]*checked=""[^>]*value="typed"/);
  });

  test.each([
    [{ stages: '5 percent' }, 'Line 1: write a stage as'],
    [{ stages: '25 % for 10m\n5 % for 10m' }, 'each stage goes further up'],
    [{ stages: '25 % for 2m' }, 'its short window of 5 min never fills'],
    [{ stages: '' }, 'Write at least one stage'],
    [{ stages: '5 % for 10m\n'.repeat(200) }, 'The list of stages may have 2,000 characters at most'],
    [{ minRequests: 'many' }, 'Requests are a whole number'],
    [{ minRequests: '0' }, 'Requests are a whole number from 1 on'],
    [{ subject: 'flag production nobody' }, 'No file declares'],
    [{ plan: 'declared' }, 'declares no plan'],
  ])('%j is refused in plain words, and what was typed stays', async (part, said) => {
    const { text, html, told, status } = await visit('/rollouts/new', world(), { form: { ...form, ...part } });
    expect(status).toBe(400);
    expect(text).toContain(said);
    expect(told).toEqual([]);
    if (!('subject' in part)) expect(html).toContain('name="stages"');
    // Said once: at its field, where it is one's fault.
    expect(html.split(said)).toHaveLength(2);
    if ('stages' in part) expect(html).toMatch(/aria-describedby="wrong-stages"/);
  });

  test('without anything named it offers what there is', async () => {
    const { text } = await visit('/rollouts/new', world());
    expect(text).toContain('A flag');
    expect(text).toMatch(/A revision of \w+ .*has \d+ % of traffic/);
  });
});

test('the list tells those that go on from those that are over', async () => {
  const { text } = await visit('/rollouts', world({}, { id: 'rollout-2', state: 'rolled_back', endedAt: now }));
  expect(text).toMatch(/Going on voiceover-v2 in production 25 % of production, watched · stage 2 of 3/);
  expect(text).toMatch(/Over voiceover-v2 in production rolled back/);
  expect((await visit('/rollouts', { ...world(), rollouts: [] })).text).toContain('Nothing is being rolled out');
});

test('the flag’s page leads to the rollout that goes on, or to the form of a new one', async () => {
  expect((await visit('/flags/voiceover-v2', world({}))).text).toContain(
    'Guarded rollout: 25 % of production, watched',
  );
  const none = await visit('/flags/voiceover-v2', { ...world(), rollouts: [] });
  expect(none.html).toContain('/rollouts/new?flag=voiceover-v2&amp;environment=production');

  // Where everybody has it a first stage would only take it away.
  const everybody = { ...world(), rollouts: [] };
  const [flag] = everybody.observations['unleash flags']!.value as FlagState[];
  flag!.environments[0]!.strategies[0]!.parameters!.rollout = '100';
  expect((await visit('/flags/voiceover-v2', everybody)).text).toContain('everyone in production');
  expect((await visit('/flags/voiceover-v2', everybody)).html).not.toContain('/rollouts/new?flag=voiceover-v2');
});

test('the page of a step’s run leads back to its rollout', async () => {
  const whole = verifiedWorld();
  const [run] = whole.runs;
  const alone = await visit(`/runs/${run!.id}`, whole);
  expect(alone.text).not.toContain('a step of');
  whole.rollouts = [bakingRollout(whole.now)];
  whole.rolloutOfRun = { [run!.id]: 'rollout-1' };
  const page = await visit(`/runs/${run!.id}`, whole);
  expect(page.text).toContain('a step of the rollout of voiceover-v2 in production');
  expect(page.html).toContain('href="/rollouts/rollout-1"');
});
