import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { raiseByHand } from './by-hand.ts';
import { openHouse, patience, words } from './house.ts';
import { firebreakLink, pagerDutyIncidents, thePage } from './outside.ts';

const house = openHouse('storm');

test('several services that burn with one cause are one incident and one page, parent and children named', async () => {
  const { studio } = house;
  const paged = await thePage(studio);
  expect(paged.title).toMatch(/^voiceover: 1 in \d+ fail/);
  const page = await house.as('ada', await firebreakLink(studio, paged));
  await page.getByRole('heading', { level: 1, name: 'voiceover is burning its error budget' }).waitFor();
  const together = page.getByRole('region', { name: 'Burns in the same incident' });
  await expect.poll(() => words(together), { timeout: patience }).toMatch(/Studio API answers studio-api ▲ [\d.]+×/);
  await page.getByText('Studio API burns too; it depends on Voiceover.').waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('heading', { level: 1, name: /^\d of \d SLOs burn too fast$/ }).waitFor();
  const open = page.getByRole('region', { name: 'Open incidents' });
  expect(await words(open)).toContain('voiceover and studio-api');
  expect((await pagerDutyIncidents(studio)).filter(({ status }) => status !== 'resolved')).toHaveLength(1);
});

describe('PagerDuty at its worst', () => {
  test('an incident made by hand on a service without a burning SLO has a useful page, also before its webhook', async () => {
    const made = await raiseByHand(house.studio, 'PRENDER', 'Renders look wrong to customers');
    const page = await house.as('ada', `/pagerduty/incidents/${made.id}`);
    await page.getByRole('heading', { level: 1, name: 'Renders look wrong to customers' }).waitFor();
    const hero = page.getByRole('region', { name: 'How bad it is' });
    expect(await words(hero)).toMatch(/^No SLO of Render worker burns at a page tier\. .*Render jobs end well/);
    await page.getByRole('region', { name: 'What to do' }).getByRole('link', { name: 'Open runbook' }).waitFor();
    await page.getByRole('heading', { name: /^Runbook · Render/ }).waitFor();
    expect(await words(page.getByRole('region', { name: 'On call' }))).toContain('Ada Byron');
  });

  test('an id that PagerDuty does not know is told at once, and not asked for for ever', async () => {
    const page = await house.as('ada', '/pagerduty/incidents/Q0NOBODY');
    await page.getByRole('heading', { level: 1, name: 'PagerDuty knows no incident Q0NOBODY' }).waitFor();
    await page.getByRole('link', { name: 'Ask again' }).waitFor();
  });

  test('a forged webhook is refused, a signed one that comes twice and late changes nothing', async () => {
    const { studio } = house;
    const [known] = await pagerDutyIncidents(studio);
    const event = {
      id: 'EVENT-OF-THE-TEST',
      event_type: 'incident.resolved',
      data: { id: known!.id, type: 'incident' },
    };
    const body = JSON.stringify({ event });
    const send = (secret: string) =>
      fetch(`${studio.url}/webhooks/pagerduty`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-pagerduty-signature': `v1=${createHmac('sha256', secret).update(body).digest('hex')}`,
        },
        body,
      });
    expect((await send('not the secret')).status).toBe(403);
    const secret = studio.world.consoleEnv.PAGERDUTY_WEBHOOK_SECRETS!.split(',')[0]!;
    expect(await (await send(secret)).json()).toEqual({ accepted: true, duplicate: false });
    expect(await (await send(secret)).json()).toEqual({ accepted: true, duplicate: true });
    // A webhook is a hint: PagerDuty itself says that it is not resolved, and so does the page.
    const page = await house.as('ada', `/pagerduty/incidents/${known!.id}`);
    await page.getByText(`PagerDuty #${known!.incident_number} ${known!.status}`).waitFor();
  });
});
