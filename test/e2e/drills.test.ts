import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openHouse, patience, words } from './house.ts';
import { firebreakLink, flagInUnleash, pagerDutyIncidents, thePage } from './outside.ts';

const house = openHouse('provider-outage');

describe('when a provider fails', () => {
  test('no innocent change is offered in the main place, and the way that helps is two presses away', async () => {
    const { studio } = house;
    const paged = await thePage(studio);
    // The page names what fails and how much, and nobody's change.
    expect(paged.title.slice(0, 60)).toMatch(/^voiceover: 1 in \d+ fail, \d+×/);
    expect(paged.title).not.toContain('voiceover-v2');
    const page = await house.as('ada', await firebreakLink(studio, paged));

    const suspects = page.getByRole('region', { name: 'What changed, likeliest first' });
    await suspects.getByText(/^Nothing of ours explains this/).waitFor();
    const todo = page.getByRole('region', { name: 'What to do' });
    await expect.poll(() => words(todo), { timeout: patience }).toMatch(/error lines name Speech provider/);
    expect(await words(todo)).toContain('No change of ours is a strong suspect, so none stands here.');
    expect(await mainButtons(page)).toEqual(['Open runbook']);
    // PagerDuty holds the page a moment before Firebreak has read it there.
    const help = todo.getByRole('link', { name: 'Get help' });
    await expect.poll(() => help.getAttribute('href'), { timeout: patience }).toBe(paged.html_url);

    // Its runbook: what to find out first, then the fallback flag, which is safe when it is on.
    await todo.getByRole('link', { name: 'Open runbook' }).click();
    await page.getByRole('heading', { level: 1, name: 'The speech provider is failing' }).waitFor();
    await page.getByRole('button', { name: 'Open run' }).click();
    await page.waitForURL(/\/runs\//);
    await page.getByRole('button', { name: 'Acknowledge' }).last().click();
    await page.getByText('failing', { exact: true }).click();
    await page.getByRole('button', { name: 'Record the outcome' }).click();
    const fallback = page.getByRole('listitem').filter({ hasText: 'voiceover-fallback in production' }).last();
    await fallback.waitFor();
    expect(await flagInUnleash(studio, 'voiceover-fallback')).toMatchObject({ enabled: false });
    await fallback.getByRole('button', { name: /verify$/ }).click();
    await expect
      .poll(() => flagInUnleash(studio, 'voiceover-fallback'), { timeout: patience })
      .toMatchObject({ enabled: true });
    await page.getByText('2 of 2 applications obey').waitFor();
    studio.clock.run(60);
    await page.getByText('verified: improved').first().waitFor();
    await expect
      .poll(async () => (await pagerDutyIncidents(studio))[0]?.status, { timeout: patience })
      .toBe('resolved');
    studio.clock.run(1);
  });
});

describe('when traffic vanishes', () => {
  test('it is a page of its own: no bad events is what a dead load balancer looks like', async () => {
    const { studio } = house;
    await studio.sim('POST', '/sim/traffic', { service: 'studio-api', ratio: 0.02 });
    studio.clock.run(60);
    const paged = await thePage(studio);
    studio.clock.run(1);
    expect(paged.title).toMatch(
      /^studio-api: traffic vanished[;\s].*Traffic vanished: \d+ requests in 5 minutes where about [\d,]+ are usual/,
    );
    const page = await house.as('ada', await firebreakLink(studio, paged));
    await page.getByRole('heading', { level: 1, name: 'studio-api lost its traffic' }).waitFor();
    expect(await words(page.getByRole('region', { name: 'How bad it is' }))).toMatch(
      /^Traffic vanished: \d+ requests in 5 minutes/,
    );
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { level: 1, name: /lost the traffic$/ }).waitFor();
  });
});

describe('when monitoring goes blind', () => {
  test('nothing is claimed, nothing clears, and the source itself is an incident that ends when it sees again', async () => {
    const { studio } = house;
    const [vanished] = await pagerDutyIncidents(studio);
    await studio.sim('POST', '/sim/blackout', { on: true });
    await studio.sim('POST', '/sim/traffic', { service: 'studio-api', ratio: 1 });
    studio.clock.run(60);
    const blind = async () => (await pagerDutyIncidents(studio)).find(({ title }) => title.startsWith('Blind for 1'));
    await expect.poll(blind, { timeout: patience }).toBeTruthy();
    studio.clock.run(1);
    const page = await house.as('ada', `/pagerduty/incidents/${(await blind())!.id}`);
    await page.getByRole('heading', { level: 1, name: /^Blind: .* gives no data( for \d of its \d SLOs)?$/ }).waitFor();
    expect(await words(page.getByRole('region', { name: 'How bad it is' }))).toMatch(/no alert fires or clears/);
    await page
      .getByRole('heading', { name: /Monitoring is blind/ })
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { level: 1, name: /\d of \d SLOs are blind/ }).waitFor();
    // The traffic is back, but nobody can see it.
    expect((await pagerDutyIncidents(studio)).find(({ id }) => id === vanished!.id)?.status).not.toBe('resolved');

    await studio.sim('POST', '/sim/blackout', { on: false });
    studio.clock.run(60);
    const standing = async () =>
      (await pagerDutyIncidents(studio)).filter(({ status, urgency }) => status !== 'resolved' && urgency === 'high');
    await expect.poll(standing, { timeout: patience }).toEqual([]);
    studio.clock.run(1);
    await page
      .getByRole('heading', {
        level: 1,
        name: /^(Nothing burns|1 of \d SLOs burns too fast|No SLO burns at a page tier; .*)$/,
      })
      .waitFor();
  });
});

/** What the page makes look like the one thing to do. */
async function mainButtons(page: Page): Promise<string[]> {
  const buttons = await page.locator('main .btn.go:visible').all();
  return Promise.all(buttons.map(words));
}
