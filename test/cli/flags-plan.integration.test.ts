import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { run } from '#cli/run.ts';
import { createUnleashFlag, unleashCall } from '#test/support/unleash.ts';
import { copyStudio, type StudioCopy } from '../catalog/studio.ts';

let studio: StudioCopy;
beforeAll(async () => {
  studio = await copyStudio();
});
afterAll(() => studio.remove());

async function plan(folder: string, over: Record<string, string> = {}) {
  const { url, adminToken } = inject('unleash');
  const screen = { out: [] as string[], err: [] as string[] };
  const code = await run(['flags', 'plan', folder, '--json'], {
    env: { UNLEASH_URL: `${url}/`, UNLEASH_ADMIN_TOKEN: adminToken, ...over },
    out: (line) => screen.out.push(line),
    err: (line) => screen.err.push(line),
  });
  return { code, out: screen.out.join('\n'), err: screen.err.join('\n') };
}

const declare = (name: string, type: string, description: string) =>
  writeFile(
    join(studio.dir, 'flags', `${name}.yaml`),
    `apiVersion: firebreak/v1
kind: Flag
metadata: { name: ${name} }
spec:
  type: ${type}
  description: ${description}
  owners: [web]
  service: voiceover
  safe: off
  environments: [{ name: production, protected: true }]
  expires: 2027-01-31
`,
  );

test('a real Unleash and the files are compared both ways, again with the same result, and nothing is changed', async () => {
  const agreeing = await createUnleashFlag('agreeing');
  const drifted = await createUnleashFlag('drifted');
  const undeclared = await createUnleashFlag('undeclared');
  const missing = `missing-${randomBytes(4).toString('hex')}`;
  await declare(agreeing, 'release', 'Test of agreeing');
  await declare(drifted, 'operational', 'Test of drifted');
  await declare(missing, 'release', 'Not there yet');
  const ours = [agreeing, drifted, undeclared, missing];
  const kinds = (out: string) =>
    JSON.parse(out)
      .drift.filter(({ flag }: { flag: string }) => ours.includes(flag))
      .map(({ flag, kind }: { flag: string; kind: string }) => [flag, kind]);
  const first = await plan(studio.dir);
  expect(first).toMatchObject({ code: 1, err: '' });
  expect(kinds(first.out)).toEqual([
    [drifted, 'type'],
    [missing, 'not in Unleash'],
    [undeclared, 'not declared'],
  ]);
  await unleashCall('PUT', `/admin/projects/default/features/${drifted}`, {
    type: 'operational',
    description: 'Test of drifted',
  });
  await declare(undeclared, 'release', 'Test of undeclared');
  expect(kinds((await plan(studio.dir)).out)).toEqual([[missing, 'not in Unleash']]);
  expect(kinds((await plan(studio.dir)).out)).toEqual([[missing, 'not in Unleash']]);
});

test('a refused token and an Unleash that is not there are said, without the token', async () => {
  const refused = await plan(studio.dir, { UNLEASH_ADMIN_TOKEN: 'user:nonsense' });
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toContain('401');
  expect(refused.err).not.toContain('nonsense');
  expect((await plan(studio.dir, { UNLEASH_URL: 'http://127.0.0.1:1' })).err).toContain('Unleash');
  expect((await plan(studio.dir, { UNLEASH_URL: 'no address' })).code).toBe(2);
});
