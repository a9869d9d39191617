import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { createUnleashDefinitions } from '#app/clients/unleash/definitions-write.server.ts';
import { effectiveExposure } from '#app/domain/flag/exposure.ts';
import { everyoneStrategy } from '#app/domain/flag/rollout.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { run } from '#cli/run.ts';
import { createUnleashFlag, rolloutUnleashFlag, unleashCall } from '#test/support/unleash.ts';
import { copyStudio, type StudioCopy } from '../catalog/studio.ts';
import { openUnleash } from '../clients/unleash/console.ts';

const unleash = openUnleash();
let studio: StudioCopy;
beforeAll(async () => {
  studio = await copyStudio();
});
afterAll(() => studio.remove());

async function firebreak(...args: string[]) {
  const { url, adminToken } = inject('unleash');
  const screen = { out: [] as string[], err: [] as string[] };
  const code = await run(args, {
    env: { UNLEASH_URL: url, UNLEASH_ADMIN_TOKEN: adminToken, FIREBREAK_MODE: 'act', FIREBREAK_CATALOG: studio.dir },
    out: (line) => screen.out.push(line),
    err: (line) => screen.err.push(line),
  });
  return { code, out: screen.out.join('\n'), err: screen.err.join('\n') };
}

const planned = async () => JSON.parse((await firebreak('flags', 'plan', '--json')).out) as { plan: string };
const apply = async (to: 'unleash' | 'files') =>
  firebreak('flags', 'apply', '--to', to, '--plan', (await planned()).plan);

const fileOf = (name: string) => join(studio.dir, 'flags', `${name}.yaml`);
const declare = (name: string, description: string) =>
  writeFile(
    fileOf(name),
    `# Kept as it is.
apiVersion: firebreak/v1
kind: Flag
metadata: { name: ${name} }
spec:
  type: release # of the web team
  description: ${description}
  owners: [web]
  service: voiceover
  safe: off
  environments: [{ name: production, protected: true }]
  expires: 2027-01-31
`,
  );

const name = (prefix: string) => `${prefix}-${randomBytes(4).toString('hex')}`;
let missing: string;
let drifted: string;
let archived: string;
beforeEach(async () => {
  [missing, drifted, archived] = [
    name('missing'),
    await createUnleashFlag('drifted', 'operational'),
    await createUnleashFlag('archived'),
  ];
  await rolloutUnleashFlag(drifted, 'production', 25);
  await unleashCall('POST', '/admin/projects/default/stale', { features: [drifted], stale: true });
  expect(await unleash.read.flag(drifted)).toMatchObject({ stale: true });
  await unleashCall('DELETE', `/admin/projects/default/features/${archived}`);
  for (const each of [missing, drifted, archived]) await declare(each, `What ${each} is`);
});

test('towards Unleash: what is missing is created off, what is archived comes back off, and who gets a flag stays', async () => {
  const before = (await unleash.read.flag(drifted)).environments;
  const { out, err } = await apply('unleash');
  expect(err).toBe('');
  expect(out).toContain(`created, off: ${missing}`);
  expect(out).toContain(`revived, off: ${archived}`);
  expect(out).toContain(`defined: ${drifted}`);
  for (const each of [missing, archived]) {
    const state = await unleash.read.flag(each);
    expect(state.environments.map(({ enabled }) => enabled)).toEqual(state.environments.map(() => false));
  }
  expect(await unleash.read.flag(missing)).toMatchObject({ type: 'release', description: `What ${missing} is` });
  const now = await unleash.read.flag(drifted);
  expect(now).toMatchObject({ type: 'release', description: `What ${drifted} is`, stale: true });
  expect(now.environments).toEqual(before);
  // Once more there is nothing of theirs to do.
  expect((await apply('unleash')).out).not.toMatch(new RegExp(`${missing}|${drifted}`));
});

test('a new flag begins with its declared strategies, off; so does one that has none, and one that has some keeps them', async () => {
  const begins = '\n  strategies:\n    - { rollout: 10, stickiness: userId, variants: "blue 50, green 50" }';
  const bare = await createUnleashFlag('bare');
  for (const each of [missing, drifted, bare]) {
    await declare(each, `What ${each} is`);
    await writeFile(fileOf(each), (await readFile(fileOf(each), 'utf8')).replace('\n  safe:', `${begins}\n  safe:`));
  }
  const had = (await unleash.read.flag(drifted)).environments;
  const plan = await firebreak('flags', 'plan');
  expect(plan.out).toContain(`${bare}: It has no strategy in production: switched on there, everyone would get it.`);
  expect(plan.out).toContain('let it begin with 10 % of users by userId (blue 50 %, green 50 %); it stays off');
  const { out, err } = await apply('unleash');
  expect(err).toBe('');
  expect(out).toContain(`begins, off: ${bare} in production`);
  for (const each of [missing, bare]) {
    const { environments } = await unleash.read.flag(each);
    const production = environments.find(({ environment }) => environment === 'production')!;
    expect(production.enabled).toBe(false);
    expect(production.strategies).toMatchObject([
      {
        name: 'flexibleRollout',
        parameters: { rollout: '10', stickiness: 'userId', groupId: each },
        variants: [{ name: 'blue' }, { name: 'green' }],
      },
    ]);
    // Switched on, it is what was declared and not everyone's.
    await unleash.write.setEnabled(each, 'production', true);
    const now = (await unleash.read.flag(each)).environments.find(({ environment }) => environment === 'production')!;
    expect(effectiveExposure(now).percent).toBe(10);
  }
  expect((await unleash.read.flag(drifted)).environments).toEqual(had);
  expect((await apply('unleash')).out).not.toMatch(new RegExp(`${missing}|${drifted}|${bare}`));
});

test('strategies are not added to a flag that was switched on since the plan was read', async () => {
  const flag = await createUnleashFlag('late');
  const { url, adminToken } = inject('unleash');
  const write = createUnleashDefinitions({
    address: { baseUrl: url, adminToken },
    resilience: createResilience({ system: 'Unleash', retries: 0 }),
  });
  await rolloutUnleashFlag(flag, 'production', 25);
  const strategies = [everyoneStrategy(flag)];
  const late = write.send({ kind: 'begin', flag, environment: 'production', strategies });
  await expect(late).rejects.toMatchObject({ code: 'plan_stale' });
  const { environments } = await unleash.read.flag(flag);
  expect(environments.find(({ environment }) => environment === 'production')!.strategies).toHaveLength(1);
});

test('towards the files: type and description are written, comments and the rest stay, new files are left to a person', async () => {
  const { code, out } = await apply('files');
  expect(code).toBe(1);
  expect(out).toContain(`flags/${drifted}.yaml: ${drifted}: type is now "operational"`);
  expect(out).toContain(`left to you: ${missing}: It is declared, and Unleash does not have it`);
  const text = await readFile(fileOf(drifted), 'utf8');
  expect(text).toContain('# Kept as it is.');
  expect(text).toContain('type: operational # of the web team');
  expect(text).toContain('description: Test of drifted');
  expect(text).toContain('environments: [ { name: production, protected: true } ]');
  expect(JSON.stringify(await planned())).not.toContain(drifted);
});

test('a plan that is another one by now changes nothing, and says which it is', async () => {
  const { plan } = await planned();
  await declare(drifted, 'Said anew');
  const { code, err } = await firebreak('flags', 'apply', '--to', 'unleash', '--plan', plan);
  expect(code).toBe(1);
  expect(err).toContain(`Files or flags have moved since plan ${plan}. Nothing was changed.`);
  await expect(unleash.read.flag(missing)).rejects.toMatchObject({ code: 'not_found' });
});

test('nothing is sent where the mode only observes, and arguments are asked for in words', async () => {
  const { url, adminToken } = inject('unleash');
  const err: string[] = [];
  const env = { UNLEASH_URL: url, UNLEASH_ADMIN_TOKEN: adminToken, FIREBREAK_CATALOG: studio.dir };
  const terminal = { env, out: () => undefined, err: (line: string) => void err.push(line) };
  expect(await run(['flags', 'apply', '--to', 'unleash', '--plan', 'x'], terminal)).toBe(1);
  expect(err.join()).toContain('Set FIREBREAK_MODE=act');
  expect(await run(['flags', 'apply', '--plan', 'x'], terminal)).toBe(2);
  expect(await run(['flags', 'apply', '--to', 'files'], terminal)).toBe(2);
});
