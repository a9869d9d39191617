import { describe, expect, test } from 'vitest';
import type { FlagState } from '#app/domain/flag/flag.ts';
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
