import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { hindrances } from './every-page.ts';
import { fast, moment, openHouse, type Person, patience, words } from './house.ts';
import { flagInUnleash, traffic } from './outside.ts';

const house = openHouse('quiet');

test('product goes up by the clock: a blind share wants a tick, a blackout holds it, and it ends at the whole', async () => {
  const { studio } = house;
  const flag = 'voiceover-v2';
  await studio.sim('POST', '/sim/flag', { flag, by: 'linus@studio.example', enabled: false });
  const before = await flagInUnleash(studio, flag);
  const page = await house.as('linus', `/rollouts/new?flag=${flag}`);
  // It goes up from nobody once the console has seen that it is off.
  const standing = page.getByText(/Now: .* A rollout only goes up/);
  await expect.poll(() => page.reload().then(() => standing.count()), { timeout: patience, interval: 1_000 }).toBe(0);
  await page.getByLabel(/^Stages, one a line/).fill('1 % for 10m\n100 % for soon');
  await page.getByLabel('Who is judged').selectOption({ label: 'the whole service' });
  await page.getByLabel(/^A hold for a spent budget/).selectOption('when-calm');
  await page.getByRole('button', { name: 'Draw it up' }).click();
  // What was refused stands in the form again, with the line that is wrong.
  await page.getByRole('alert').getByText('Line 2: write a stage as “5 % for 10m”').waitFor();
  expect(await page.getByLabel(/^Stages, one a line/).inputValue()).toBe('1 % for 10m\n100 % for soon');
  expect(await page.getByLabel(/^A hold for a spent budget/).inputValue()).toBe('when-calm');
  await page.getByLabel(/^Stages, one a line/).fill('1 % for 10m\n100 % for 10m');
  await page.getByRole('button', { name: 'Draw it up' }).click();

  const stages = page.getByRole('region', { name: 'Stages' });
  await stages.getByText('blind', { exact: true }).waitFor();
  expect(await words(stages)).toMatch(
    /Blind: not even a total failure of the 1 % would be seen.*2\. 100 %, watched for 10 min .*may cost at most .* of budget, of .* in all/,
  );
  expect(await flagInUnleash(studio, flag)).toEqual(before);
  const start = { intent: 'start', epoch: await page.locator('input[name=epoch]').first().inputValue() };
  const unseen = await page.request.post(page.url(), { form: start, headers: { origin: studio.url } });
  expect([unseen.status(), await flagInUnleash(studio, flag)]).toEqual([422, before]);
  await page.getByLabel(/I know that stage 1 is blind/).check();
  await page.getByRole('button', { name: 'Start it' }).click();
  await standsAt(page, `${flag} in production: 1 % of production, watched`);
  expect(await flagInUnleash(studio, flag)).toEqual({ enabled: true, rollout: 1 });
  expect(await words(page.getByRole('main'))).toMatch(
    new RegExp(`Next step, to 100 %, at ${moment} \\(in \\d+ min.*\\); it may cost at most .* of budget`),
  );

  await studio.sim('POST', '/sim/blackout', { on: true });
  studio.clock.run(fast);
  await standsAt(page, `${flag} in production: 1 % of production, held because no data comes`);
  expect(await words(page.getByRole('region', { name: 'What its guards say' }))).toContain('no data');
  await studio.sim('POST', '/sim/blackout', { on: false });
  await standsAt(page, `${flag} in production: 100 % of production, done`);
  studio.clock.run(1);
  expect(await flagInUnleash(studio, flag)).toEqual({ enabled: true, rollout: 100 });
  const share = page.getByRole('img', { name: new RegExp(`^Share: 1 % at ${moment}, 100 % at ${moment}$`) });
  expect(await share.count()).toBeGreaterThan(0);
  expect(await words(page.getByRole('region', { name: 'What happened' }))).toMatch(/100 % has passed/);
  expect(await page.getByRole('region', { name: 'Decide' }).count()).toBe(0);
  expect(await hindrances(page)).toEqual([]);

  await page.goto(`${studio.url}/rollouts`);
  expect(await words(page.getByRole('region', { name: 'Over' }))).toContain(`${flag} in production`);
});

test('on-call sees one that does harm taken back by its burn, to what stood before', async () => {
  const { studio } = house;
  const flag = 'render-worker-gpu-batching';
  const before = await flagInUnleash(studio, flag);
  const page = await drawn('ada', `flag=${flag}`, '60 % for 30m\n100 % for 30m');
  await page.getByRole('button', { name: 'Start it' }).click();
  await standsAt(page, `${flag} in production: 60 % of production, watched`);
  await studio.sim('POST', '/sim/harm', {
    service: 'render-worker',
    flag: { name: flag, enabled: true },
    failShare: 0.6,
    slowShare: 0,
  });
  studio.clock.run(fast);
  await expect.poll(() => flagInUnleash(studio, flag), { timeout: patience }).toEqual(before);
  await studio.sim('POST', '/sim/harmless');
  await standsAt(page, `${flag} in production: rolled back`);
  studio.clock.run(1);
  const guards = page.getByRole('region', { name: 'What its guards say' });
  expect(await words(guards)).toMatch(/render-worker-availability.*does harm .*×/);
  expect(await words(page.getByRole('region', { name: 'What happened' }))).toMatch(
    /Rolled back, and it stands as it did before\. .*60 % is in effect/,
  );
  expect(await hindrances(page)).toEqual([]);
  await page.getByRole('link', { name: 'The run of the rollback' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
});

test('a stage waits for the word of its team, and an edit in Unleash ends the rollout where it stands', async () => {
  const { studio } = house;
  const flag = 'studio-api-new-timeline';
  const page = await drawn('ada', `flag=${flag}`, '10 % for 15m\n50 % for 15m by studio\n100 % for 15m');
  await page.getByRole('button', { name: 'Start it' }).click();
  await standsAt(page, `${flag} in production: 10 % of production, watched`);
  const skip = page.getByLabel(/^Skip the rest of this stage: why/);
  await skip.fill('Nobody works on a Sunday.');
  await page.getByRole('button', { name: 'Skip the rest of this stage' }).click();
  await standsAt(page, `${flag} in production: 10 % of production, held because it waits for approval`);
  const approve = { intent: 'approve-stage', epoch: await page.locator('input[name=epoch]').first().inputValue() };
  const unasked = await page.request.post(page.url(), { form: approve, headers: { origin: studio.url } });
  expect(unasked.status()).toBe(403);
  expect(await flagInUnleash(studio, flag)).toEqual({ enabled: true, rollout: 10 });
  const root = await house.as('root', new URL(page.url()).pathname);
  await root.getByRole('button', { name: 'Approve this stage' }).click();
  await standsAt(page, `${flag} in production: 50 % of production, watched`);
  expect(await words(page.getByRole('region', { name: 'Stages' }))).toContain('approved by Root');

  await studio.sim('POST', '/sim/flag', { flag, by: 'linus@studio.example', rollout: 30 });
  await standsAt(page, `${flag} in production: 50 % of production, superseded`);
  expect(await words(page.getByRole('region', { name: 'What happened' }))).toMatch(
    /Somebody else has set it since: .* is on · 30 % of users by userId now\. The rollout ends here/,
  );
  expect(await flagInUnleash(studio, flag)).toEqual({ enabled: true, rollout: 30 });
});

test('a revision takes traffic by stages, is paused and resumed, and is rolled back by a word to what served before', async () => {
  const { studio } = house;
  const service = 'render-worker';
  const before = await traffic(studio, service);
  const page = await house.as('grace', `/rollouts/new?service=${service}`);
  await page
    .getByRole('region', { name: /^A revision of/ })
    .getByRole('link')
    .nth(1)
    .click();
  await page.waitForURL(/[?&]revision=/);
  const revision = new URL(page.url()).searchParams.get('revision')!;
  expect(before.map((one) => one.revision)).not.toContain(revision);
  // To type is to choose what stands here over what the file declares.
  await page.getByLabel(/^Stages, one a line/).fill('20 % for 15m\n100 % for 15m');
  await page.getByRole('button', { name: 'Draw it up' }).click();
  await page.getByRole('button', { name: 'Start it' }).click();
  const served = async () => (await traffic(studio, service)).find((one) => one.revision === revision)?.share ?? 0;
  await standsAt(page, /: 20 % of the requests to render-worker, watched$/);

  await page.getByLabel(/^Pause: why/).fill('Lunch first.');
  await page.getByRole('button', { name: 'Pause' }).click();
  await standsAt(page, /: 20 % of the requests to render-worker, held because somebody paused it$/);
  await page.getByRole('button', { name: 'Resume' }).click();
  await standsAt(page, /: 20 % of the requests to render-worker, watched$/);
  studio.clock.run(10);
  await expect.poll(served, { timeout: patience }).toBeCloseTo(0.2, 1);
  await page.getByLabel(/^Roll back now: why/).fill('The owner asks for it.');
  await page.getByRole('button', { name: 'Roll back now' }).click();
  await standsAt(page, /: rolled back$/);
  await expect.poll(() => traffic(studio, service), { timeout: patience }).toEqual(before);
  studio.clock.run(1);
  expect(await words(page.getByRole('region', { name: 'What happened' }))).toMatch(
    /Aborted by Grace: The owner asks for it\. .*Resumed by Grace.*Paused by Grace: Lunch first\./,
  );
});

/** A rollout that somebody drew up by a plan of their own, not started yet. */
async function drawn(person: Person, subject: string, stages: string): Promise<Page> {
  const page = await house.as(person, `/rollouts/new?${subject}`);
  await page.getByLabel(/^Stages, one a line/).fill(stages);
  await page.getByRole('button', { name: 'Draw it up' }).click();
  await page.getByRole('button', { name: 'Start it' }).waitFor();
  return page;
}

/** Waits until the page says in its first line where the rollout stands. */
async function standsAt(page: Page, said: string | RegExp): Promise<void> {
  const title = expect.poll(() => words(page.getByRole('heading', { level: 1 })), { timeout: patience });
  await (typeof said === 'string' ? title.toBe(said) : title.toMatch(said));
}
