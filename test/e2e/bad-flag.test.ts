import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { fast, openHouse, patience, words } from './house.ts';
import { exposure, flagInUnleash, pagerDutyIncidents, thePage } from './outside.ts';

const house = openHouse('bad-flag');
const minute = 60_000;

test('a page leads to the incident, its flag is turned off, the burn proves it, and the flag comes back', async () => {
  const { studio } = house;

  // The page, as PagerDuty shows it, and the link in it: a stranger is asked to sign in and lands where the link led.
  const paged = await thePage(studio);
  expect(paged.title.slice(0, 60)).toMatch(/^voiceover: 1 in \d+ fail, [\d.]+×; voiceover-v2 5 → 25 %/);
  const page = await house.stranger();
  await page.goto(paged.html_url);
  await page.getByRole('link', { name: 'Open in Firebreak' }).click();
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  await house.signIn(page, 'ada');
  await page.getByRole('heading', { level: 1, name: 'voiceover is burning its error budget' }).waitFor();
  expect(new URL(page.url()).pathname).toMatch(/^\/incidents\/\w+$/);

  // How bad, and what is likeliest: the reversal stands in the main place and leads to the plan.
  const hero = page.getByRole('region', { name: 'How bad it is' });
  expect(await words(hero)).toMatch(/^1 request in \d+ fails: burning [\d.]+×\. The month's budget is gone at/);
  const suspects = page.getByRole('region', { name: 'What changed, likeliest first' });
  const reversal = suspects.getByRole('link', { name: 'Turn off voiceover-v2' });
  await reversal.waitFor();
  expect(await words(suspects)).toMatch(/voiceover-v2 rolled out 5 → 25 %.*strong evidence/);
  await reversal.click();

  // The plan before its button: what changes, what was checked, and the way back. Nothing has changed yet.
  const step = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { level: 3 }) })
    .first();
  expect(await words(step)).toContain('planned, nothing changed yet');
  expect(await words(step)).toContain('now: on · 25 % of users by userId');
  expect(await words(step)).toContain('after: off');
  const checks = step.getByRole('list', { name: 'Preconditions' }).getByRole('listitem');
  expect(await checks.allInnerTexts()).toEqual([
    expect.stringContaining('Unleash answers'),
    expect.stringMatching(/voiceover-availability burns [\d.]+× over 5m, over 6×/),
  ]);
  expect(await words(step)).toContain('Undo Restores exactly what is there now: on · 25 % of users by userId.');
  expect(await flagInUnleash(studio, 'voiceover-v2')).toEqual({ enabled: true, rollout: 25 });
  await expect.poll(() => exposure(studio, 'voiceover', 'voiceover-v2'), { timeout: patience }).toBeGreaterThan(0.1);

  // Confirmed: Unleash holds it, the services' SDKs obey it, the receipt says so.
  // Unleash writes down what its SDKs report every few seconds of wall time: a clock that runs much faster outruns them.
  studio.clock.run(2);
  await step.getByRole('button', { name: 'Turn off and verify' }).click();
  await expect
    .poll(() => flagInUnleash(studio, 'voiceover-v2'), { timeout: patience })
    .toMatchObject({ enabled: false });
  const proof = page.getByRole('region', { name: 'Verification' });
  await proof.waitFor();
  const countdown = proof.getByText(/^first proof in \d/);
  const first = await countdown.innerText();
  await expect.poll(() => countdown.innerText(), { timeout: patience }).not.toBe(first);
  await page
    .getByText(/^(Everything drawn here is|Shaded:) from before your change/)
    .first()
    .waitFor();
  await expect.poll(() => exposure(studio, 'voiceover', 'voiceover-v2'), { timeout: patience }).toBe(0);
  const receipt = page.getByRole('region', { name: 'Receipt' });
  await receipt.getByText('confirmed: everybody obeys').waitFor({ timeout: 2 * patience });
  studio.clock.run(fast);

  // The burn of the minutes after the effect proves it; the page clears, in PagerDuty too.
  await page.getByText('verified: improved').first().waitFor();
  const effectAt = await moment(proof.locator('time').first());
  const dataTo = await moment(page.getByText('data to').locator('time'));
  expect(dataTo - effectAt).toBeGreaterThanOrEqual(5 * minute);
  expect(burnIn(await words(proof))).toBeLessThan(1);
  await page.getByText('Resolved', { exact: true }).waitFor();
  await expect.poll(async () => (await pagerDutyIncidents(studio))[0]?.status, { timeout: patience }).toBe('resolved');
  await page.getByText('PagerDuty #1 resolved').waitFor();
  expect(await words(page.getByRole('region', { name: 'May I sleep?' }))).toContain('The page has cleared.');

  // What is left behind is on the overview and among the follow-ups, with its owner, until when, and the way back.
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('heading', { level: 1, name: 'Nothing burns' }).waitFor();
  await page
    .getByRole('region', { name: 'Open follow-ups' })
    .getByRole('link', { name: /voiceover-v2/ })
    .click();
  await page.getByRole('heading', { level: 1, name: 'Follow-ups' }).waitFor();
  const left = page.getByRole('region', { name: 'Left behind, until somebody clears it' });
  expect(await words(left)).toMatch(/voiceover-v2.*owner.*due/);
  studio.clock.run(1);
  await left.getByRole('button', { name: 'Restore voiceover-v2…' }).click();

  // The way back is a forward change with a plan of its own; confirmed, everything is as it was.
  await page.getByText('planned, nothing changed yet').waitFor();
  const back = page.getByRole('main');
  expect(await words(back)).toContain('now: off');
  expect(await words(back)).toContain('after: on · 25 % of users by userId');
  await back.getByRole('button', { name: /^Restore/ }).click();
  await expect
    .poll(() => flagInUnleash(studio, 'voiceover-v2'), { timeout: patience })
    .toEqual({ enabled: true, rollout: 25 });
  studio.clock.run(fast);
  await expect.poll(() => exposure(studio, 'voiceover', 'voiceover-v2'), { timeout: patience }).toBeGreaterThan(0.1);
  await page.goto(`${studio.url}/follow-ups`);
  await page.getByText('Nothing is left behind').waitFor();
  await page
    .getByRole('region', { name: 'Cleared lately' })
    .getByText(/voiceover-v2/)
    .waitFor();
});

/** The moment behind a time on the page, ms. */
async function moment(time: Locator): Promise<number> {
  return Date.parse((await time.getAttribute('datetime')) ?? '');
}

/** The burn that a proof found. */
function burnIn(text: string): number {
  const found = /Burning ([\d.]+)×, under 1×: [\d,]+ of [\d,]+ failed/.exec(text);
  return Number(found?.[1]);
}
