import { expect, test } from 'vitest';
import type { FlagState } from '#app/domain/flag/flag.ts';
import { rollout } from '../domain/flag/strategies.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld, now, seen, type World } from '../support/pages/world.ts';

const minute = 60_000;

/** A world with something about the flag that is rolled out changed. */
function changed(change: (flag: FlagState, all: FlagState[]) => void): World {
  const world = burningWorld();
  const flags = world.observations['unleash flags']!.value as FlagState[];
  change(flags[0]!, flags);
  return world;
}

/** The list of flags in such a world. */
const listed = async (change: Parameters<typeof changed>[0] = () => {}, query = '') =>
  (await visit(`/flags${query}`, changed(change))).text;

test('a forgotten strategy with a constraint makes the exposure a range', async () => {
  const text = await listed(({ environments: [production] }) => {
    const constraints = [{ contextName: 'country', operator: 'IN', values: ['DK'] }];
    production!.strategies.push(rollout(100, { constraints }));
  });
  expect(text).toMatch(
    /production 25–100\s% 25\s% of users by userId, or everyone where country is DK · depends on who asks/,
  );
});

test('a parent that is off leaves nobody', async () => {
  const text = await listed((flag, all) => {
    const [production] = flag.environments;
    all.push({ ...flag, flag: 'voiceover', environments: [{ ...production!, flag: 'voiceover', enabled: false }] });
    flag.parents = ['voiceover'];
  });
  expect(text).toMatch(/production 0\s% 25\s% of users by userId, but its parent voiceover is off: nobody/);
});

test('the number stands once', async () => {
  expect(await listed()).toMatch(/production 25\s% of users by userId/);
});

test('what only Unleash has is listed too, without an owner and a safe state', async () => {
  const world = changed((flag, all) => all.push({ ...flag, flag: 'forgotten', stale: true }));
  const { text } = await visit('/flags?state=undeclared', world);
  expect(text).toMatch(
    /forgotten release no owner is declared ! to be cleaned up production 25\s% of users by userId not declared/,
  );
  expect(text).not.toContain('voiceover-v2');
});

test('narrowed by words, service, owner and state, all in the address', async () => {
  expect(await listed(undefined, '?q=fallback')).not.toContain('voiceover-v2');
  expect(await listed(undefined, '?state=part')).toContain('voiceover-v2');
  const { text, html } = await visit('/flags?state=off&owner=voice', burningWorld());
  expect(text).toContain('No flag is like that Show all 2');
  expect(html).toContain('<option value="voice" selected="">');
});

test('who evaluates it is said, and so is that it was not read', async () => {
  const world = burningWorld();
  expect((await visit('/flags', world)).text).toContain('not read yet');
  world.observations['unleash applications'] = seen({ 'voiceover-v2': ['voiceover', 'voiceover-batch'] });
  expect((await visit('/flags', world)).text).toContain('voiceover voiceover-batch');
  expect((await visit('/flags?state=unseen', world)).text).not.toContain('voiceover-v2');
});

test('a stale reading says so and keeps what was last known', async () => {
  const world = burningWorld();
  const reading = world.observations['unleash flags']!;
  world.observations['unleash flags'] = { ...reading, at: now - 10 * minute, error: 'refused', errorAt: now - 4_000 };
  const { text } = await visit('/flags', world);
  expect(text).toContain('Unleash does not answer: refused. Below is what was last known.');
  expect(text).toContain('voiceover-v2');
});

test('before Unleash was read no flag is said to be missing there', async () => {
  const world = burningWorld();
  world.observations['unleash flags'] = { value: null, at: null, error: 'no route', errorAt: now };
  const { text } = await visit('/flags', world);
  expect(text).toContain('not read yet');
  expect(text).not.toMatch(/Not in Unleash \d| not in Unleash/);
});

test('what Unleash has otherwise than its file is marked, and can be listed alone', async () => {
  const other = (flag: FlagState) => {
    flag.type = 'experiment';
  };
  expect(await listed()).not.toContain('differs from its file');
  const text = await listed(other, '?state=drifted');
  expect(text).toContain('Differs from its file 1');
  expect(text).toMatch(/voiceover-v2 release .*differs from its file/);
  expect(text).not.toContain('voiceover-fallback');
});
