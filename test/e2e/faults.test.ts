import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Studio } from '#test/support/studio.ts';
import { openHouse, patience, words } from './house.ts';
import { firebreakLink, thePage } from './outside.ts';

const house = openHouse('bad-flag');
const systems = ['monitoring', 'logging', 'cloud-run', 'pagerduty', 'unleash'];

async function fail(studio: Studio, kind: string): Promise<void> {
  for (const system of systems) await studio.sim('POST', '/sim/fault', { system, kind });
}

/** Path of the incident that stands, found while all is well. */
let incident = '';

test('before any trouble the page is fresh', async () => {
  incident = await firebreakLink(house.studio, await thePage(house.studio));
  const page = await house.as('ada', incident);
  await page.getByRole('region', { name: 'What changed, likeliest first' }).getByText('strong evidence').waitFor();
  await expect.poll(() => words(panel(page, 'What fails')), { timeout: patience }).toMatch(/bad requests from/);
  expect(await words(page.locator('main'))).not.toContain('does not answer');
});

/** What a page says while this system alone stalls, and which of its parts know nothing of it; PagerDuty last, since who is on call is read seldom. */
const alone: [system: string, path: string | null, labelled: RegExp, fresh: string[]][] = [
  ['cloud-run', '/services/voiceover', /Cloud Run does not answer/, ['On call']],
  ['unleash', '/flags', /Unleash does not answer/, []],
  ['logging', null, /Cloud Logging does not answer/, ['On call']],
  ['monitoring', null, /Cloud Monitoring does not answer: .*last known figures/, ['On call']],
  ['pagerduty', null, /PagerDuty does not answer/, ['What fails', 'What changed, likeliest first']],
];

describe('with one outside system in trouble', () => {
  test.each(alone)('%s stalls alone: the incident page answers, it is labelled, all else is fresh', async (...row) => {
    const [system, path, labelled, fresh] = row;
    const { studio } = house;
    const page = await house.as('ada', path ?? incident);
    const says = (part: Locator) => expect.poll(() => words(part), { timeout: patience });
    try {
      await studio.sim('POST', '/sim/fault', { system, kind: 'stall' });
      studio.clock.run(10);
      await says(page.locator('main')).toMatch(labelled);
      // A page that is opened only now stands just as well.
      const late = await house.as('grace', incident);
      await late.getByRole('heading', { name: 'Bring voiceover-v2 to off in production' }).waitFor();
      for (const title of fresh) await says(panel(page, title)).not.toMatch(/stale|does not answer/);
      if (path !== null) await says(late.locator('main')).not.toMatch(/stale ·|does not answer/);
    } finally {
      await studio.sim('POST', '/sim/fault', { system, kind: 'none' });
      studio.clock.run(1);
    }
  });
});

describe('with every outside system in trouble at once', () => {
  test.each(['stall', '429', '500', 'garbage', 'reset'])(
    '%s: the incident page stands with the last known values, each with its age',
    async (kind) => {
      const { studio } = house;
      const page = await house.as('ada', incident);
      const before = await figures(page);
      try {
        await fail(studio, kind);
        studio.clock.run(30);
        await page.getByText(/^Cloud Monitoring does not answer: .*last known figures/).waitFor();
        // A page that is opened only now, by somebody else, stands just as well.
        const late = await house.as('grace', incident);
        for (const title of ['What changed, likeliest first', 'What fails', 'On call']) {
          await expect.poll(() => words(panel(late, title)), { timeout: patience }).toMatch(/stale · \d/);
        }
        expect(await words(panel(late, 'On call'))).toContain('Ada Byron');
        expect(await words(panel(late, 'What fails'))).toMatch(/model "v2-large" not found/);
        expect(await words(panel(late, 'What changed, likeliest first'))).toMatch(/fails [\d,]+ of [\d,]+ with it on/);
        const now = await figures(late);
        expect(now.budget).toMatch(/^\d+ %$/);
        expect(shape(now.sentence)).toBe(shape(before.sentence));
        // What to do stands beside it, and as text to be done by hand.
        await late.getByRole('heading', { name: 'Bring voiceover-v2 to off in production' }).waitFor();
        await late.goto(`${studio.url}/runbooks/voiceover-burn`);
        const commands = await words(late.locator('main'));
        expect(commands).toContain('gcloud run services update-traffic voiceover');
        expect(commands).toContain('features/voiceover-v2/environments/production/off');
        // Well again, the page says so by itself.
        await fail(studio, 'none');
        const trouble = page.getByText(/^Cloud Monitoring does not answer/);
        await expect.poll(() => trouble.count(), { timeout: patience }).toBe(0);
      } finally {
        await fail(studio, 'none');
        studio.clock.run(1);
      }
    },
  );
});

test('when the process that watches is killed, another one goes on', async () => {
  const { studio } = house;
  studio.clock.run(30);
  const open = await house.as('ada', incident);
  const second = await studio.secondConsole();
  const evaluatedTo = async () => {
    const response = await fetch(`${second.url}/ready`);
    return ((await response.json()) as { evaluatedTo: number }).evaluatedTo;
  };
  // One that hangs sends no news and no refusal: the page that stays open turns stale by itself.
  process.kill(studio.console.pid, 'SIGSTOP');
  await expect
    .poll(() => words(panel(open, 'What changed, likeliest first')), { timeout: patience })
    .toMatch(/stale · /);
  await open.getByText(/^Nobody evaluates this/).waitFor();
  await open.goto('about:blank');
  process.kill(studio.console.pid, 'SIGKILL');
  await studio.console.exited;
  const killedAt = studio.clock.now();
  studio.clock.run(30);
  // Everything of before the kill is evaluated `settle` after it: more than that can only be the other one's work.
  await expect.poll(evaluatedTo, { timeout: patience }).toBeGreaterThan(killedAt);
  studio.clock.run(1);
});

function panel(page: Page, name: string) {
  return page.getByRole('region', { name });
}

async function figures(page: Page): Promise<{ sentence: string; budget: string }> {
  const hero = panel(page, 'How bad it is');
  return {
    sentence: await words(hero.locator('.say-sentence')),
    budget: await words(hero.locator('.tile').first().locator('b')),
  };
}

/** A sentence without its figures. Where the clock time lies on another day, the day stands before it. */
function shape(sentence: string): string {
  return sentence.replace(/(\w{3} \d+ \w{3} )?[\d.,:]+/g, '#');
}
