import { expect, test } from 'vitest';
import type { FlagState } from '#app/domain/flag/flag.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld, type World } from '../support/pages/world.ts';

const path = '/flags/voiceover-v2';

function world(change: (flag: FlagState) => void = () => {}): World {
  const made = burningWorld();
  change((made.observations['unleash flags']!.value as FlagState[])[0]!);
  return made;
}

test('where its file and Unleash differ, both sides and the way to either stand there', async () => {
  expect((await visit(path, world())).text).not.toContain('differ');
  const { text } = await visit(
    path,
    world((flag) => {
      flag.type = 'experiment';
      flag.environments.push({ flag: flag.flag, environment: 'staging', enabled: true, strategies: [] });
    }),
  );
  expect(text).toContain('The file says release, Unleash says experiment.');
  expect(text).toContain('To follow the file, in Unleash: set its type to release.');
  expect(text).toContain('To keep what Unleash has, in the file: write type: experiment.');
  expect(text).toContain('Put back what the file says…');
  expect(text).toContain('It is on in staging, where its file does not declare it.');
  expect(text).toContain('firebreak -- flags plan');
});

test('what the file says is put back by a run like any other, by whoever may turn the flag, under the rules of the console’s environment', async () => {
  const drifted = () =>
    world((flag) => {
      flag.type = 'experiment';
    });
  const form = { intent: 'define', environment: 'production' };
  const { status, told } = await visit(path, drifted(), { form });
  expect(status).toBe(303);
  expect(told).toMatchObject([
    {
      what: 'openRun',
      with: { template: 'template:flag.define', inputs: { flag: 'voiceover-v2', environment: 'production' } },
    },
  ]);
  const others = drifted();
  for (const flag of others.catalog!.flags) flag.owners = ['visuals'];
  const refused = await visit(path, others, { as: 'product', form });
  expect([refused.status, refused.told]).toEqual([403, []]);
  const { html } = await visit(path, others, { as: 'viewer' });
  expect(html).toMatch(/disabled=""[^>]*>Put back what the file says/);
});

test('a flag that Unleash does not have is created from its page, one that no file declares is not offered anything', async () => {
  const missing = await visit('/flags/voiceover-fallback', world());
  expect(missing.text).toMatch(/create it as [\w-]+, off everywhere/);
  expect(missing.html).toMatch(/name="intent" value="define"/);
  const made = world();
  made.catalog = { ...made.catalog!, flags: [] };
  const undeclared = await visit(path, made);
  expect(undeclared.html).not.toContain('value="define"');
  expect(undeclared.text).toContain('flags/voiceover-v2.yaml, a new file: fill in whose it is');
});

test('before Unleash was read nothing is said to differ', async () => {
  const made = world();
  Object.assign(made.observations, { 'unleash flags': { value: null, at: null, error: null, errorAt: null } });
  expect((await visit('/flags/voiceover-fallback', made)).text).not.toContain('differ');
});
