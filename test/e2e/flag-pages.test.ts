import { expect, test } from 'vitest';
import { hindrances } from './every-page.ts';
import { fast, moment, openHouse, patience, words } from './house.ts';
import { flagInUnleash, traffic } from './outside.ts';

const house = openHouse('quiet');
const day = 86_400_000;

test('on-call narrows the list by state and order, and reads on a flag’s page who asks for it and who moved it', async () => {
  const { studio } = house;
  const page = await house.as('ada', '/flags');
  await page.getByLabel('Order').selectOption({ label: 'Highest exposure first' });
  await page.getByRole('button', { name: 'Show' }).click();
  const list = page.getByRole('table');
  const first = list.getByRole('row').nth(1);
  await first.getByRole('link', { name: 'studio-api-read-cache' }).waitFor();
  expect(await words(first)).toMatch(/production 100 % everyone .*safe.* studio-api/);
  await page
    .getByRole('navigation', { name: 'States' })
    .getByRole('link', { name: /^On for some \d/ })
    .click();
  await expect.poll(() => list.getByRole('link', { name: 'studio-api-read-cache' }).count()).toBe(0);
  await page.getByLabel('Name, service or owner').fill('no such thing');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByText('No flag is like that').waitFor();
  await page.getByRole('link', { name: /^Show all \d+/ }).click();
  expect(await hindrances(page)).toEqual([]);

  // Somebody moves it in Unleash's own pages: within seconds it stands here with who it was, before and after.
  const flag = 'studio-api-new-timeline';
  await list.getByRole('link', { name: flag }).click();
  await studio.sim('POST', '/sim/flag', { flag, by: 'grace@studio.example', rollout: 12 });
  const history = page.getByRole('region', { name: 'History' });
  const moved = history.getByText(/rolled out .*12\s%/).first();
  await moved.waitFor();
  await history.getByText('by grace').first().waitFor();
  await history.getByText('Before and after').first().click();
  expect(await words(history.locator('.before-after').first())).toMatch(/After .*"rollout": "12"/);
  // Who moved it is told from Unleash's events, how it stands from the flag itself.
  await page.getByRole('heading', { level: 1, name: /^New timeline: 12\s% of production/ }).waitFor();
  // Instances are asked for once a minute.
  const asks = page.getByRole('region', { name: 'Who evaluates it' });
  await expect
    .poll(() => words(asks), { timeout: patience })
    .toMatch(
      /studio-api in production .*instances? · unleash-node-sdk:\d.*report every \d+ s .*[\d,]+ yes, [\d,]+ no in 48 h/,
    );
  expect(await words(page.getByRole('region', { name: 'Lifecycle' }))).toMatch(
    /Expires 2027-02-28 .*Can burn studio-api-availability/,
  );
  await page.getByRole('region', { name: 'Runs that touched it' }).getByText('None yet').waitFor();
  expect(await hindrances(page)).toEqual([]);
});

test('product plans a share for later in its own zone, cancels one, and finds the other done in its name', async () => {
  const { studio } = house;
  const flag = 'voiceover-v2';
  const before = await flagInUnleash(studio, flag);
  const page = await house.as('linus', `/flags/${flag}`);
  const production = page.getByRole('region', { name: 'production' });
  const planned = page.getByRole('region', { name: 'Planned for later' });
  const plan = async (percent: number, at: number) => {
    await production.getByText('Set a share at a later time…').click();
    await production.getByLabel('Share, percent').fill(String(percent));
    await production.getByLabel('When, Europe/Berlin').fill(berlin(at));
    await production.getByRole('button', { name: 'Plan it' }).click();
  };
  // What is refused stays to be read, with what was typed, also when live data come.
  await plan(30, studio.clock.now() - 3_600_000);
  const refused = page.getByText('This time has passed already.');
  await refused.waitFor();
  await page.waitForResponse((answer) => answer.url().includes('.data') && answer.request().method() === 'GET');
  await page.waitForTimeout(500);
  expect(await refused.count()).toBe(1);
  expect(await production.getByLabel('Share, percent').inputValue()).toBe('30');
  await page.goto(`${studio.url}/flags/${flag}`);
  await plan(30, studio.clock.now() + 2 * 3_600_000);
  await planned.getByText(`Set ${flag} to 30 % in production`).waitFor();
  expect(await words(planned)).toMatch(new RegExp(`${moment} Europe/Berlin, in (1 h \\d+ min|2 h).* · by Linus`));
  await planned.getByRole('button', { name: 'Cancel' }).click();
  await planned.getByText(/cancelled by Linus/).waitFor();

  await page.goto(`${studio.url}/flags/${flag}`);
  const at = Math.ceil(studio.clock.now() / 60_000) * 60_000 + 3 * 60_000;
  await plan(20, at);
  await planned.getByText('planned', { exact: true }).waitFor();
  expect(await flagInUnleash(studio, flag)).toEqual(before);
  // Fast until shortly before; the plan itself is made in its own time.
  studio.clock.run(fast);
  await expect.poll(() => studio.clock.now(), { timeout: patience, interval: 20 }).toBeGreaterThan(at - 10_000);
  studio.clock.run(1);
  await expect.poll(() => flagInUnleash(studio, flag), { timeout: patience }).toEqual({ enabled: true, rollout: 20 });
  await planned.getByText('done by a run').waitFor();
  await planned.getByRole('link', { name: `Set ${flag} to 20 % in production` }).click();
  await page.getByText(/Confirmed by Linus at/).waitFor();
});

test('a prepared set of which one thing fails says what is safe, and tries the rest again by itself', async () => {
  const { studio } = house;
  const standing = async () => ({
    fallback: (await flagInUnleash(studio, 'voiceover-fallback')).enabled,
    model: await flagInUnleash(studio, 'voiceover-v2'),
    served: await traffic(studio, 'voiceover'),
  });
  const before = await standing();
  const page = await house.as('grace', '/panic');
  await page.locator('#speech').getByRole('button', { name: 'Dry run…' }).click();
  await page.getByText('Dry run: nothing has changed. 3 of 3 can be made safe.').waitFor();
  await page.getByLabel(/Why, in one sentence/).fill('Voices are wrong and nobody knows why.');
  await page.getByLabel(/I read what is done below/).check();
  await studio.sim('POST', '/sim/fault', { system: 'cloud-run', kind: '500' });
  await page.getByRole('button', { name: 'Make all 3 safe' }).click();
  await page.getByText(/^2 of 3 made safe · 1 under way · pressed by Grace/).waitFor();
  await page.getByText(/^Not taken yet: .*Tried again by itself for up to 10 minutes/).waitFor();
  const partly = await standing();
  expect([partly.fallback, partly.model.enabled, partly.served]).toEqual([true, false, before.served]);
  expect(await hindrances(page)).toEqual([]);

  // Once Cloud Run answers again it goes on by itself, a little at first; what is safe already may go back.
  await studio.sim('POST', '/sim/fault', { system: 'cloud-run', kind: 'none' });
  await page.getByText(/^5 % on voiceover-\d+-\w+: /).waitFor();
  const back = page.getByRole('region', { name: 'The way back' });
  await back.getByText('Undo what is done so far…').click();
  await back.getByText('Still being made safe, and not among them: voiceover.').waitFor();
  await back.getByRole('button', { name: 'Undo all 2, last first' }).waitFor();
  expect(await words(back)).toMatch(/voiceover-v2: Restores what stood before: on · .*voiceover-fallback: Restores/);
});

test('product asks for what it may not do: one opened as a run, one declined with why, one that nobody answers', async () => {
  const { studio } = house;
  const ask = async (flag: string, percent: number, reason: string) => {
    const page = await house.as('linus', `/flags/${flag}`);
    const production = page.getByRole('region', { name: 'production' });
    await production.getByText('Ask for a change…').click();
    await production.getByLabel('Share, percent').fill(String(percent));
    await production.getByLabel('Why').fill(reason);
    await production.getByRole('button', { name: /^Ask / }).click();
    await page.getByRole('region', { name: 'Open' }).getByText(reason).waitFor();
    return page;
  };
  const before = await flagInUnleash(studio, 'render-worker-gpu-batching');
  await ask('render-worker-gpu-batching', 70, 'The trailer renders too slowly.');
  await ask('studio-api-new-timeline', 90, 'The premiere shows it.');
  const linus = await ask('moodboard-analysis-v3', 40, 'Editors ask for it.');

  const ada = await house.as('ada', '/change-requests');
  const asked = (reason: string) => ada.locator('.row', { hasText: reason });
  await asked('The premiere shows it.').getByText('Decline…').click();
  await asked('The premiere shows it.').getByLabel('Why not').fill('Not before Monday.');
  await asked('The premiere shows it.').getByRole('button', { name: 'Decline', exact: true }).click();
  await ada.getByRole('region', { name: 'Answered' }).getByText('Not before Monday.').waitFor();
  await asked('The trailer renders too slowly.').getByRole('button', { name: 'Open as a run…' }).click();
  await ada.getByText('planned, nothing changed yet').waitFor();
  expect(await words(ada.getByRole('main'))).toContain('after: on · 70 % of users by userId');
  expect(await flagInUnleash(studio, 'render-worker-gpu-batching')).toEqual(before);
  const answered = linus.getByRole('region', { name: 'Answered' });
  await answered.getByText('opened as a run').waitFor();
  await answered.getByText('declined').waitFor();

  studio.clock.jump(7 * day, 1_000);
  await answered.getByText('nobody answered in 7 days').waitFor();
  expect(await words(linus.getByRole('region', { name: 'Open' }))).toContain('Nobody asks for anything');
});

/** A moment as a field for day and time takes it, in the zone of the browser of tests. */
function berlin(ms: number): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Berlin',
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return format.format(ms).replace(' ', 'T');
}
