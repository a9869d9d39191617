import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { root } from '#scripts/supervisor/process.ts';
import { fast, moment, openHouse, patience, words } from './house.ts';
import { firebreakLink, pagerDutyIncidents, thePage, traffic } from './outside.ts';

const house = openHouse('bad-revision');

test('a revision of unknown safety stays out of the main place, goes back in two moves, and returns to LATEST', async () => {
  const { studio } = house;
  const paged = await thePage(studio);
  const [bad] = await traffic(studio, 'voiceover');
  const page = await house.as('ada', await firebreakLink(studio, paged));

  // No count with and without the revision proves it: the runbook and help stand in the main place.
  const suspects = page.getByRole('region', { name: 'What changed, likeliest first' });
  const back = suspects.getByRole('button', { name: /^Route back to voiceover-\w+-\w+…$/ });
  await back.waitFor();
  const good = /Route back to (\S+)…/.exec(await words(back))![1]!;
  // Seen at once, or first without traffic and then with all of it: by when the service was looked at.
  expect(await words(suspects)).toMatch(
    new RegExp(
      `(?:took 100 % of traffic ${moment} by mira@studio\\.example|0 → 100 % of traffic ${moment}) · in the minute of the first errors`,
    ),
  );
  expect(await words(suspects)).toContain('rollback: unknown, no label and no schema record');
  const place = page.getByRole('region', { name: 'What to do' });
  expect(await place.getByRole('link').allInnerTexts()).toEqual(['Open runbook', expect.stringMatching(/^Get help/)]);
  expect(await page.getByRole('button', { name: /Route back/ }).count()).toBe(1);

  // The plan names what is not known and asks for a sentence and a tick before it goes on.
  await back.click();
  await planOnItsRun(page);
  const main = page.getByRole('main');
  expect(await words(main)).toContain(`+ after: ${good} 5 %, held for 2m of its data + after: ${good} 100 %`);
  expect(await preconditions(page)).toContainEqual(
    expect.stringMatching(/unknown: Whether going back is safe is not known: .*no label and no schema record/),
  );
  expect(await preconditions(page)).toContain('✓ Cloud Run’s dry run accepts it.');
  expect(await words(main)).toContain(
    `Undo Puts the traffic back as it is now: ${bad!.revision} 100 %, following LATEST`,
  );
  await page
    .getByRole('textbox', { name: /Say in one sentence why/ })
    .fill('The author says that nothing but code went with it.');
  await page.getByRole('checkbox', { name: /I read the preconditions/ }).check();
  await page.getByRole('button', { name: 'Route 5 % first and verify' }).click();

  // Two moves: 5 % first, judged on data of its own, then all of it.
  const shareOfGood = async () => (await traffic(studio, 'voiceover')).find((one) => one.revision === good)?.share ?? 0;
  await expect.poll(shareOfGood, { timeout: patience }).toSatisfy((share: number) => share > 0 && share < 0.1);
  studio.clock.run(fast);
  await expect.poll(shareOfGood, { timeout: patience }).toBe(1);
  await page.getByText('verified: improved').first().waitFor();
  await expect.poll(async () => (await pagerDutyIncidents(studio))[0]?.status, { timeout: patience }).toBe('resolved');
  studio.clock.run(1);

  // Traffic stays pinned: said on the service's page and among the follow-ups, one click from its way back.
  await page.getByRole('link', { name: 'Follow-ups' }).click();
  // The run says it too, at its end.
  await page.getByRole('heading', { level: 1, name: 'Follow-ups' }).waitFor();
  await page.getByText(`Traffic of voiceover is pinned to ${good}; the next deploy gets none`).waitFor();
  await page.goto(`${studio.url}/services/voiceover`);
  await page.getByText(new RegExp(`Traffic is pinned by name since ${moment}: the next deployment gets 0 %`)).waitFor();
  await page.getByRole('button', { name: 'Back to LATEST…' }).click();
  await planOnItsRun(page);
  expect(await words(main)).toContain(`+ after: LATEST (${bad!.revision}) 100 %`);
  await page.getByRole('button', { name: /^Route/ }).click();
  studio.clock.run(fast);
  await expect.poll(() => traffic(studio, 'voiceover'), { timeout: patience }).toEqual([bad]);
  await page.getByRole('link', { name: 'Follow-ups' }).click();
  await page.getByText('Nothing is left behind').waitFor();
});

test('a recorded migration makes the way back unsafe, in words, and it asks for a reason', async () => {
  const { studio } = house;
  const { apiKey } = JSON.parse(studio.world.consoleEnv.FIREBREAK_DEMO!) as { apiKey: string };

  // The bad revision has its traffic again, and burns again.
  studio.clock.run(2 * fast);
  const paged = await thePage(studio);
  studio.clock.run(1);
  const reported = await fetch(`${studio.url}/api/v1/changes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      id: 'migration-0042',
      kind: 'migration',
      target: '0042_takes',
      title: 'Migration 0042: takes move to a table of their own',
      service: 'voiceover',
    }),
  });
  expect(reported.status).toBe(201);
  // Not while everything stands still: a connection that the other side closes meanwhile would be used again.
  const command = await promisify(execFile)(
    process.execPath,
    [
      join(root, 'cli/firebreak.ts'),
      'change',
      'record',
      '--kind',
      'terraform',
      '--target',
      'cdn',
      '--title',
      'CDN: cache takes for a day',
    ],
    { encoding: 'utf8', env: { ...process.env, FIREBREAK_URL: studio.url, FIREBREAK_API_KEY: apiKey } },
  );
  expect(command.stdout).toContain('Recorded.');

  const page = await house.as('grace', await firebreakLink(studio, paged));
  const suspects = page.getByRole('region', { name: 'What changed, likeliest first' });
  await suspects
    .getByText(/rollback: unsafe, migration 0042_takes was recorded in between/)
    .first()
    .waitFor();
  const place = page.getByRole('region', { name: 'What to do' });
  expect(await place.getByRole('link').allInnerTexts()).toEqual(['Open runbook', expect.stringMatching(/^Get help/)]);
  await suspects
    .getByRole('button', { name: /^Route back to / })
    .first()
    .click();
  await planOnItsRun(page);
  expect(await preconditions(page)).toContainEqual(
    expect.stringMatching(/not so: Going back is unsafe: .*migration 0042_takes was recorded in between/),
  );

  // Without the sentence nothing is sent.
  await page.getByRole('button', { name: 'Route 5 % first and verify' }).click();
  expect(
    await page.getByRole('textbox', { name: /Say in one sentence why/ }).evaluate((field) => field.matches(':invalid')),
  ).toBe(true);
  expect(await page.getByText('planned, nothing changed yet').count()).toBe(1);

  await page.goto(`${studio.url}/`);
  await page
    .getByRole('region', { name: /^Changes of the last/ })
    .getByText('CDN: cache takes for a day')
    .waitFor();
});

/** Waits for the page of a run that has made its plan. */
async function planOnItsRun(page: Page): Promise<void> {
  await page.waitForURL('**/runs/*');
  await page.getByText('planned, nothing changed yet').waitFor();
  await page.getByRole('list', { name: 'Preconditions' }).waitFor();
}

async function preconditions(page: Page): Promise<string[]> {
  const checks = await page.getByRole('list', { name: 'Preconditions' }).getByRole('listitem').all();
  return Promise.all(checks.map(words));
}
