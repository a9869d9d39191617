import { expect, test } from 'vitest';
import { openHouse, patience, words } from './house.ts';
import { flagInUnleash } from './outside.ts';

const house = openHouse('quiet');

test('somebody who only reads finds a flag, sees who gets it and asks for one person, without JavaScript too', async () => {
  const page = await house.as('vera', '/flags', { javaScriptEnabled: false });
  await page.getByLabel('Name, service or owner').fill('voiceover');
  await page.locator('select[name=owner]').selectOption('voice');
  await page.getByRole('button', { name: 'Show' }).click();
  const list = page.getByRole('table');
  expect(await words(list)).not.toContain('studio-api-new-timeline');
  await list.getByRole('link', { name: 'voiceover-v2' }).click();
  expect(await words(page.getByRole('heading', { level: 1 }))).toMatch(/^New voice model: \d+ % of production/);
  await page.getByLabel('userId').fill('ada');
  await page.getByRole('button', { name: 'Ask' }).click();
  expect(new URL(page.url()).searchParams.get('c.userId')).toBe('ada');
  expect(await words(page.getByRole('region', { name: 'Who gets it' }))).toMatch(
    /(no: off|yes) .*bucket \d+ of 100 for userId "ada" in group "voiceover-v2"/,
  );
  await page.getByText('Viewers read; a responder acts.').first().waitFor();
  expect(await page.getByRole('button', { name: /^Set/ }).count()).toBe(0);
});

test('its owner turns it in development by one press, is asked in production, and is told when on-call kills it', async () => {
  const { studio } = house;
  const page = await house.as('linus', '/flags/voiceover-v2');
  const development = page.getByRole('region', { name: 'development' });
  await development.getByLabel('Share of people, %').fill('40');
  await development.getByLabel('Variants, if any').fill('warm 50, bright 50');
  await development.getByRole('button', { name: 'Set' }).click();
  await development.getByText('40 % of users by userId').waitFor();
  await development.getByText('Variants: bright 50 %, warm 50 %').waitFor();
  expect(await flagInUnleash(studio, 'voiceover-v2', 'development')).toEqual({ enabled: true, rollout: 40 });

  // In production the press makes a plan, and nothing moves before its word.
  const before = await flagInUnleash(studio, 'voiceover-v2');
  await page.getByRole('region', { name: 'production' }).getByLabel('Share of people, %').fill('60');
  await page.getByRole('button', { name: 'Set…' }).click();
  await page.getByText('planned, nothing changed yet').waitFor();
  expect(await words(page.getByRole('main'))).toContain('after: on · 60 % of users by userId');
  expect(await flagInUnleash(studio, 'voiceover-v2')).toEqual(before);

  // On-call makes it safe; its owner learns why, and what brings it back.
  const ada = await house.as('ada', '/flags/voiceover-v2');
  await ada
    .getByRole('region', { name: 'production' })
    .getByRole('button', { name: /^Bring to its safe state/ })
    .click();
  await ada.getByRole('button', { name: /^Turn off/ }).click();
  await expect
    .poll(async () => (await flagInUnleash(studio, 'voiceover-v2')).enabled, { timeout: patience })
    .toBe(false);
  await page.goto(`${studio.url}/`);
  const told = page.getByRole('region', { name: 'Your flags that were made safe' });
  await told.getByText(/voiceover-v2 is off in production/).waitFor();
  expect(await words(told)).toMatch(/Ada did it at .* To come back: .* then at 5 % first/);
  await told.getByRole('link', { name: /voiceover-v2 is off/ }).click();
  await page.getByRole('region', { name: 'Why it was made safe' }).waitFor();
  await page.getByRole('button', { name: /^Back at 5/ }).click();
  await page.getByText('planned, nothing changed yet').waitFor();
  expect(await words(page.getByRole('main'))).toContain('after: on · 5 % of users by userId');
});
