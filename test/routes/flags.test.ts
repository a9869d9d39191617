import { expect, test } from 'vitest';
import type { FlagState } from '#app/domain/flag/flag.ts';
import { rollout } from '../domain/flag/strategies.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld } from '../support/pages/world.ts';

/** The list of flags, with something about the flag that is rolled out changed. */
async function listed(change: (flag: FlagState, all: FlagState[]) => void): Promise<string> {
  const world = burningWorld();
  const flags = world.observations['unleash flags']!.value as FlagState[];
  change(flags[0]!, flags);
  return (await visit('/flags', world)).text;
}

test('a forgotten strategy with a constraint makes the exposure a range', async () => {
  const text = await listed(({ environments: [production] }) => {
    const constraints = [{ contextName: 'country', operator: 'IN', values: ['DK'] }];
    production!.strategies.push(rollout(100, { constraints }));
  });
  expect(text).toMatch(
    /on · 25\s% of users by userId, or everyone where country is DK · in all 25–100\s%, depending on who asks/,
  );
});

test('a parent that is off leaves nobody', async () => {
  const text = await listed((flag, all) => {
    const [production] = flag.environments;
    all.push({ ...flag, flag: 'voiceover', environments: [{ ...production!, flag: 'voiceover', enabled: false }] });
    flag.parents = ['voiceover'];
  });
  expect(text).toMatch(/25\s% of users by userId, but its parent voiceover is off: nobody · in all 0\s%/);
});

test('where the words begin with the number it is not said twice', async () => {
  expect(await listed(() => {})).not.toContain('in all');
});
