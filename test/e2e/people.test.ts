import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fast, moment, openHouse, patience, words } from './house.ts';
import { exposure, firebreakLink, flagInUnleash, pagerDutyIncidents, thePage, timesInUnleash } from './outside.ts';

const house = openHouse('bad-flag');
const flag = 'voiceover-v2';

/** Path of the open incident. */
async function incident(): Promise<string> {
  return firebreakLink(house.studio, await thePage(house.studio));
}

test('a viewer reads everything, is told why no button acts, and can post nothing by any route', async () => {
  const { studio } = house;
  const path = await incident();
  const page = await house.as('vera', path);
  const confirm = page.getByRole('button', { name: 'Turn off and verify' });
  await confirm.waitFor();
  expect(await confirm.isDisabled()).toBe(true);
  await page.getByText('Viewers read; a responder acts.').first().waitFor();

  // The forms of the page hold what a request by hand would need: every door refuses it.
  const run = await page.locator('form[action^="/runs/"]').first().getAttribute('action');
  const hash = await page.locator('input[name=hash]').first().inputValue();
  const step = await page.locator('input[name=step]').first().inputValue();
  const reason = 'because I can';
  const doors: [string, Record<string, string>][] = [
    [path, { intent: 'acknowledge' }],
    [path, { intent: 'open-runbook' }],
    [path, { intent: 'reverse', change: '1' }],
    [run!, { intent: 'confirm', step, hash, reason, acknowledged: 'yes' }],
    [run!, { intent: 'replan', step }],
    [run!, { intent: 'skip', step, reason }],
    [run!, { intent: 'undo', step, hash, reason }],
    [run!, { intent: 'resolve', step, decision: 'done' }],
    [run!, { intent: 'cancel', reason }],
    ['/runbooks/voiceover-burn', { 'input.flag': flag }],
    ['/services/voiceover', { intent: 'latest' }],
    ['/follow-ups', { intent: 'clear', id: '1' }],
    ['/follow-ups', { intent: 'back', id: '1' }],
  ];
  for (const [door, form] of doors) {
    for (const url of [door, `${door}.data`]) {
      const answer = await page.request.post(studio.url + url, {
        form,
        headers: { origin: studio.url },
        maxRedirects: 0,
      });
      expect(`${url} ${JSON.stringify(form)} → ${answer.status()}`).toBe(`${url} ${JSON.stringify(form)} → 403`);
    }
  }
  const byApi = await page.request.post(`${studio.url}/api/v1/changes`, { data: {}, headers: { origin: studio.url } });
  expect(byApi.status()).toBe(401);
  expect(await flagInUnleash(studio, flag)).toEqual({ enabled: true, rollout: 25 });
  expect((await pagerDutyIncidents(studio))[0]?.status).toBe('triggered');

  // No page has a button of its own that would act.
  const walk = [
    path,
    run!,
    ...['/', '/incidents', '/services', '/services/voiceover', '/slos', '/slos/voiceover-availability', '/flags'],
    ...['/runbooks', '/runbooks/voiceover-burn', '/runs', '/follow-ups', '/audit', '/search?q=voice'],
  ];
  for (const where of walk) {
    await page.goto(studio.url + where);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const acting = page.locator('main form[method=post] button:enabled');
    expect([where, await acting.allInnerTexts()]).toEqual([where, []]);
  }
});

test('product may not touch the flag of others, and is told whose it is', async () => {
  const { studio } = house;
  const ada = await house.as('ada', '/runbooks/studio-api-burn');
  await ada.getByRole('textbox', { name: 'Suspect flag' }).fill('studio-api-new-timeline');
  await ada.getByRole('button', { name: 'Open run' }).click();
  await ada.waitForURL('**/runs/*');
  await ada.getByRole('radio', { name: 'since flag' }).check();
  await ada.getByRole('button', { name: 'Record the outcome' }).click();
  await ada.getByRole('heading', { name: 'Bring studio-api-new-timeline to off in production' }).waitFor();
  const page = await house.as('linus', new URL(ada.url()).pathname);
  await page.getByRole('heading', { name: 'Bring studio-api-new-timeline to off in production' }).waitFor();
  const confirm = page.getByRole('button', { name: /^Turn off/ });
  expect(await confirm.isDisabled()).toBe(true);
  await page.getByText('You may act on flags you own only.').first().waitFor();

  const form = {
    intent: 'confirm',
    step: await page.locator('input[name=step]').first().inputValue(),
    hash: await page.locator('input[name=hash]').first().inputValue(),
    reason: 'it is in my way',
    acknowledged: 'yes',
  };
  const answer = await page.request.post(page.url(), { form, headers: { origin: studio.url } });
  expect(answer.status()).toBe(403);
  expect(await answer.text()).toContain('It belongs to studio.');
  expect(await flagInUnleash(studio, 'studio-api-new-timeline')).toMatchObject({ enabled: true });
});

test('of two people who confirm at once one acts, and the other is told who did', async () => {
  const { studio } = house;
  const path = await incident();
  const [ada, grace] = await Promise.all([inHaste('ada', path), inHaste('grace', path)]);
  const [before, pages] = [await timesInUnleash(studio, flag, 'feature-environment-disabled'), [ada, grace]];
  for (const page of pages) await page.getByRole('button', { name: 'Turn off and verify' }).waitFor();
  await Promise.all(pages.map((page) => page.getByRole('button', { name: 'Turn off and verify' }).click()));

  await expect.poll(() => flagInUnleash(studio, flag), { timeout: patience }).toMatchObject({ enabled: false });
  const told = (page: Page) => page.getByText(new RegExp(`^(Ada|Grace) already did this( at ${moment})?\\.$`));
  await expect.poll(async () => (await told(ada).count()) + (await told(grace).count()), { timeout: patience }).toBe(1);
  const late = (await told(ada).count()) === 1 ? ada : grace;
  const first = late === ada ? 'Grace' : 'Ada';
  expect(await words(told(late))).toMatch(new RegExp(`^${first} already did this`));
  await late.getByText(new RegExp(`Confirmed by ${first} at ${moment}`)).waitFor();
  expect(await timesInUnleash(studio, flag, 'feature-environment-disabled')).toBe(before + 1);

  // Whoever opens the incident now sees who did it where the button was.
  const linus = await house.as('linus', path);
  await linus.getByRole('link', { name: `Done by ${first}: see it` }).waitFor();
  await linus.goto(`${studio.url}/audit`);
});

test('undo inside the open run puts back exactly what was there', async () => {
  const { studio } = house;
  const page = await house.as('grace', await incident());
  await page.getByRole('link', { name: /^Done by/ }).click();
  await page.getByText('Undo…').click();
  await page.getByText('Restores what stood before: on · 25 % of users by userId.').waitFor();
  expect(await flagInUnleash(studio, flag)).toMatchObject({ enabled: false });
  await page.getByRole('button', { name: 'Undo this change' }).click();
  await expect.poll(() => flagInUnleash(studio, flag), { timeout: patience }).toEqual({ enabled: true, rollout: 25 });
  await page.getByText('undone', { exact: true }).waitFor();
  studio.clock.run(fast);
  await expect.poll(() => exposure(studio, 'voiceover', flag), { timeout: patience }).toBeGreaterThan(0.1);
  studio.clock.run(1);
});

test('product turns off a flag of its own', async () => {
  const { studio } = house;
  const page = await house.as('linus', await incident());
  const suspects = page.getByRole('region', { name: 'What changed, likeliest first' });
  await suspects.getByRole('button', { name: /^Turn off voiceover-v2/ }).click();
  await page.waitForURL('**/runs/*');
  await page.getByRole('button', { name: 'Turn off and verify' }).click();
  await expect.poll(() => flagInUnleash(studio, flag), { timeout: patience }).toMatchObject({ enabled: false });
  await page.getByText(new RegExp(`Confirmed by Linus at ${moment}`)).waitFor();
});

test('a stale plan to go forward is refused and shown again as it would be now', async () => {
  const { studio } = house;
  const page = await inHaste('ada', '/follow-ups');
  await page.getByRole('button', { name: 'Restore voiceover-v2…' }).click();
  await page.waitForURL('**/runs/*');
  await page.getByText('planned, nothing changed yet').waitFor();
  expect(await words(page.getByRole('main'))).toContain('now: off');
  await studio.sim('POST', '/sim/flag', { flag, by: 'linus@studio.example', rollout: 40 });
  expect(await flagInUnleash(studio, flag)).toEqual({ enabled: true, rollout: 40 });

  await page.getByRole('textbox', { name: /Say in one sentence why/ }).fill('The burn comes from elsewhere.');
  await page.getByRole('checkbox', { name: /I read the preconditions/ }).check();
  await page.getByRole('button', { name: /^Restore/ }).click();
  // Told at once, or by the engine that finds the flag moved just before it would have acted.
  const told = page.getByText(/Read the new plan, then confirm it\.$/);
  await expect
    .poll(async () => (await told.count()) > 0 || (await page.reload()) === null, {
      timeout: patience,
      interval: 1_000,
    })
    .toBe(true);
  await expect.poll(() => words(page.getByRole('main')), { timeout: patience }).toContain('now: on · 40 %');
  expect(await flagInUnleash(studio, flag)).toEqual({ enabled: true, rollout: 40 });
});

/** Somebody whose page hears nothing of what others do: as when they press in the same moment. */
async function inHaste(person: 'ada' | 'grace', path: string): Promise<Page> {
  const page = await house.stranger();
  await page.route('**/events', (route) => route.abort());
  await page.goto(house.studio.url + path);
  await house.signIn(page, person);
  return page;
}
