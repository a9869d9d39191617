import { expect, test } from 'vitest';
import { openHouse, patience, words } from './house.ts';
import { flagInUnleash } from './outside.ts';

const house = openHouse('quiet');

/** Members of the set `nothing-new` of flags/panic-sets.yaml. */
const newThings = ['studio-api-new-timeline', 'render-worker-gpu-batching', 'moodboard-analysis-v3', 'voiceover-v2'];

test('a gated change waits for a second person, who approves exactly the plan that was read', async () => {
  const { studio } = house;
  const flag = 'studio-api-read-cache';
  const before = await flagInUnleash(studio, flag);
  const ada = await house.as('ada', `/flags/${flag}`);
  const production = ada.getByRole('region', { name: 'production' });
  await production.getByLabel('Share of people, %').fill('50');
  await production.getByRole('button', { name: 'Set…' }).click();
  await ada.getByText(/asks for 1 person: 0 of 1 approved/).waitFor();
  await ada.getByLabel(/for those who approve it/).fill('To see what the database carries at night.');
  await ada.getByRole('button', { name: /^Ask for approval/ }).click();
  await ada.getByRole('button', { name: 'Withdraw what you asked for' }).waitFor();
  expect(await ada.getByRole('button', { name: 'Approve exactly this plan' }).count()).toBe(0);
  expect(await flagInUnleash(studio, flag)).toEqual(before);

  const grace = await house.as('grace', '/approvals');
  const waiting = grace.getByRole('region', { name: 'Waiting for you' });
  await waiting.getByText('To see what the database carries at night.').waitFor();
  expect(await words(waiting)).toContain('after: on · 50 % of users by userId');
  await waiting.getByRole('button', { name: 'Approve exactly this plan' }).click();
  await expect.poll(() => flagInUnleash(studio, flag), { timeout: patience }).toEqual({ enabled: true, rollout: 50 });
  await ada.getByText(/yes by Grace/).waitFor();
  await ada.getByText(/Confirmed by Ada at/).waitFor();
});

test('a prepared set is read first, made safe with one press, and taken back as a whole', async () => {
  const { studio } = house;
  const standing = () => Promise.all(newThings.map((flag) => flagInUnleash(studio, flag)));
  const before = await standing();
  expect(before.map(({ enabled }) => enabled)).toEqual([true, true, true, true]);
  const ada = await house.as('ada', '/panic');
  const set = ada.locator('#nothing-new');
  await set.getByRole('button', { name: 'Dry run…' }).click();
  await ada.getByText('Dry run: nothing has changed. 4 of 4 can be made safe.').waitFor();
  expect(await standing()).toEqual(before);

  await ada.getByLabel(/Why, in one sentence/).fill('Several services burn after a day of changes.');
  await ada.getByLabel(/I read what is done below/).check();
  await ada.getByRole('button', { name: 'Make all 4 safe' }).click();
  const off = async () => (await standing()).map(({ enabled }) => enabled);
  await expect.poll(off, { timeout: patience }).toEqual([false, false, false, false]);
  await ada.getByText(/^4 of 4 made safe · pressed by Ada/).waitFor();

  // Somebody else takes it back: every flag stands as it stood.
  const grace = await house.as('grace', new URL(ada.url()).pathname);
  await grace.getByText('Undo all of it…').click();
  await grace.getByLabel(/Why may it all come back/).fill('It was the provider.');
  // What burns by now is named there, and ticked.
  const against = grace.getByLabel(/I read what speaks against it/);
  if ((await against.count()) > 0) await against.check();
  await grace.getByRole('button', { name: 'Undo all 4, last first' }).click();
  await expect.poll(standing, { timeout: patience }).toEqual(before);
  await ada.getByText(/Grace asked for it at/).waitFor();
});

test('a freeze refuses a change forward and lets a stop through', async () => {
  const { studio } = house;
  const flag = 'voiceover-v2';
  const before = await flagInUnleash(studio, flag);
  const root = await house.as('root', '/freezes');
  await root.getByLabel('What').selectOption('environment/production');
  const zone = await root.getByLabel('Time zone').inputValue();
  await root.locator('input[name=from]').fill(localTime(studio.clock.now() - 60_000, zone));
  await root.locator('input[name=until]').fill(localTime(studio.clock.now() + 3 * 3_600_000, zone));
  await root.getByLabel('Why').fill('The premiere is tonight.');
  await root.getByRole('button', { name: 'Freeze it' }).click();
  const end = root.getByRole('button', { name: 'End it' });
  await end.waitFor();

  const ada = await house.as('ada', `/flags/${flag}`);
  await ada.getByText(/changes forward are frozen until .* The premiere is tonight\./).waitFor();
  const production = ada.getByRole('region', { name: 'production' });
  await production.getByLabel('Share of people, %').fill('60');
  await production.getByRole('button', { name: 'Set…' }).click();
  await ada.getByText('planned, nothing changed yet').waitFor();
  expect(await ada.getByRole('button', { name: 'Set to 60 % and verify', exact: true }).isDisabled()).toBe(true);
  await ada.getByText('Changes are frozen: The premiere is tonight.').waitFor();
  expect(await flagInUnleash(studio, flag)).toEqual(before);

  await ada.goto(`${studio.url}/flags/${flag}`);
  await production.getByRole('button', { name: /^Bring to its safe state/ }).click();
  await ada.getByRole('button', { name: /^Turn off/ }).click();
  await expect.poll(() => flagInUnleash(studio, flag), { timeout: patience }).toMatchObject({ enabled: false });
  await end.click();
  await root.getByText('Nothing is frozen').waitFor();
});

test('a rollout is drawn up on the flag’s page, says in plain words where it stands, and is paused', async () => {
  const { studio } = house;
  const flag = 'render-worker-gpu-batching';
  const before = await flagInUnleash(studio, flag);
  const ada = await house.as('ada', `/flags/${flag}`);
  const production = ada.getByRole('region', { name: 'production' });
  await production.getByRole('link', { name: 'Roll it out under guard…' }).click();
  await ada.getByLabel(/^Stages, one a line/).fill('60 % for 15m\n100 % for 1h');
  await ada.getByRole('button', { name: 'Draw it up' }).click();
  const title = ada.getByRole('heading', { level: 1 });
  await ada.getByRole('button', { name: 'Start it' }).waitFor();
  expect(await words(title)).toBe(`${flag} in production: drawn up`);
  expect(await flagInUnleash(studio, flag)).toEqual(before);

  await ada.getByRole('button', { name: 'Start it' }).click();
  await expect.poll(() => flagInUnleash(studio, flag), { timeout: patience }).toEqual({ enabled: true, rollout: 60 });
  await expect
    .poll(() => words(title), { timeout: patience })
    .toBe(`${flag} in production: 60 % of production, watched`);

  const grace = await house.as('grace', new URL(ada.url()).pathname);
  await grace.getByLabel(/^Pause: why/).fill('Lunch first.');
  await grace.getByRole('button', { name: 'Pause' }).click();
  await expect
    .poll(() => words(title), { timeout: patience })
    .toBe(`${flag} in production: 60 % of production, held because somebody paused it`);
  await grace.getByRole('button', { name: 'Resume' }).waitFor();
  expect(await flagInUnleash(studio, flag)).toEqual({ enabled: true, rollout: 60 });
});

/** A moment as a field for day and time takes it. */
function localTime(ms: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return format.format(ms).replace(' ', 'T');
}
