import { afterEach, expect, test } from 'vitest';
import { flagDefine } from '#app/actions/flag-define.server.ts';
import type { FlagDeclaration } from '#app/domain/flag/flag.ts';
import { everyoneStrategy } from '#app/domain/flag/rollout.ts';
import { testDatabase } from '#test/support/database.ts';
import { declaredFlag } from '#test/support/flags.ts';
import { createUnleashFlag, rolloutUnleashFlag, unleashCall } from '#test/support/unleash.ts';
import { openUnleash } from '../clients/unleash/console.ts';
import {
  ada,
  catalogOf,
  confirmPlanned,
  startProcess,
  type TestProcess,
  undoAsRead,
  untilStep,
} from '../engine/harness.ts';

const unleash = openUnleash();
const database = testDatabase({ each: true });
let process: TestProcess;
afterEach(() => process.stop());

async function start(declared: FlagDeclaration): Promise<void> {
  const catalog = { ...catalogOf([]), flags: [declared] };
  const { read, definitions } = unleash;
  const action = flagDefine({ unleash: read, definitions, ownEnvironment: 'production' });
  process = await startProcess({ url: database.url, catalog, actions: () => [action] });
}

const open = (flag: string, environment = 'production') =>
  process.runs.openRun(
    { template: 'template:flag.define', inputs: { flag, environment }, incidentId: null, service: null },
    ada,
  );

const planned = async (flag: string, environment?: string) => {
  const runId = await open(flag, environment);
  return { runId, plan: (await untilStep(process, runId, 'define', ['planned'])).plan! };
};

const both = (more: Partial<FlagDeclaration['environments'][number]> = {}) => [
  { name: 'development', protected: false, ...more },
  { name: 'production', protected: true, ...more },
];

test('type and description are put back, who gets it stays, undo sets back what stood there, and the next press is a run of its own', async () => {
  const flag = await createUnleashFlag('drifted', 'operational');
  await rolloutUnleashFlag(flag, 'production', 25);
  const before = await unleash.read.flag(flag);
  await start(declaredFlag(flag, { description: 'What it is for.' }));

  const { runId, plan } = await planned(flag);
  expect(plan).toMatchObject({ kind: 'forward', target: `flag/production/${flag}`, refused: null, needsReason: false });
  expect(plan.diff.map(({ sign, text }) => `${sign}${text}`)).toEqual([
    ` ${flag}`,
    '-type: operational',
    '+type: release',
    '-description: Test of drifted',
    '+description: What it is for.',
  ]);
  expect(plan.commands[0]!.command).toMatch(/^curl .*-X PATCH .*"value":"release"/);
  await confirmPlanned(process, runId, 'define');
  const done = await untilStep(process, runId, 'define', ['succeeded']);
  expect(done.evidence).toMatchObject({ done: ['type and description set'], readBack: `${flag} is as its file says` });
  const now = await unleash.read.flag(flag);
  expect(now).toMatchObject({ type: 'release', description: 'What it is for.' });
  expect(now.environments).toEqual(before.environments);

  // What was put back is not taken for what a later press wishes.
  const again = await planned(flag);
  expect(again.runId).not.toBe(runId);
  expect(again.plan.refused).toBe(`Unleash agrees with the file of ${flag} already.`);

  await undoAsRead(process, runId, 'define');
  await untilStep(process, runId, 'define', ['undone']);
  expect(await unleash.read.flag(flag)).toMatchObject({ type: 'operational', description: 'Test of drifted' });
});

test('what is missing is created off with what it begins with, what is archived comes back off, and neither promises an undo', async () => {
  const flag = `missing-${await createUnleashFlag('name')}`;
  await start(declaredFlag(flag, { environments: both({ strategies: [everyoneStrategy(flag)] }) }));
  const { runId, plan } = await planned(flag);
  expect(plan.undo).toBeNull();
  expect(plan.diff.map(({ text }) => text)).toContain('not in Unleash');
  expect(plan.blast).toEqual([expect.stringContaining('from then on they get off')]);
  expect(plan.needsReason).toBe(false);
  await confirmPlanned(process, runId, 'define');
  await untilStep(process, runId, 'define', ['succeeded']);
  const created = await unleash.read.flag(flag);
  expect(created.environments.map(({ enabled, strategies }) => [enabled, strategies.length])).toEqual([
    [false, 1],
    [false, 1],
  ]);
  expect((await process.runs.get(runId))!.state).toBe('done');

  // In the archive lies what it was before its file said otherwise: that is there again, and its type is the next plan's.
  const { type, description } = created;
  const seen = { type, description };
  await unleash.definitions.send({ kind: 'define', flag, type: 'operational', description, seen });
  await unleashCall('DELETE', `/admin/projects/default/features/${flag}`);
  const revived = await planned(flag);
  expect(revived.plan.diff.map(({ sign, text }) => `${sign}${text}`)).toContain('-archived');
  await confirmPlanned(process, revived.runId, 'define');
  const back = await untilStep(process, revived.runId, 'define', ['succeeded']);
  expect(back.evidence).toMatchObject({ readBack: `${flag} has what was put back, and differs from its file in more` });
  expect((await unleash.read.flag(flag)).environments.map(({ enabled }) => enabled)).toEqual([false, false]);
  expect((await planned(flag)).plan.diff.map(({ text }) => text)).toContain('type: operational');
});

test('a flag that is safe when on is not created off without a word on it', async () => {
  const flag = `missing-${await createUnleashFlag('name')}`;
  await start(declaredFlag(flag, { environments: both(), safe: { state: 'on' } }));
  const { plan } = await planned(flag);
  expect(plan.needsReason).toBe(true);
  expect(plan.preconditions).toContainEqual({ state: 'fail', text: expect.stringContaining('its safe state is on') });
});

test('each environment rules its own strategies; the rest is asked for where the console stands, and what was switched on meanwhile is left alone', async () => {
  const flag = await createUnleashFlag('begins', 'operational');
  const strategies = [everyoneStrategy(flag)];
  await start(declaredFlag(flag, { environments: both({ strategies }) }));
  const { runId, plan } = await planned(flag, 'development');
  expect(plan.diff.map(({ text }) => text)).toEqual([
    flag,
    'no strategy in development',
    'begins in development with everyone, and stays off',
  ]);
  // Somebody switches it on before the word is given: then it is everyone's, and nothing is added.
  await unleash.write.setEnabled(flag, 'development', true);
  await confirmPlanned(process, runId, 'define');
  const stopped = await untilStep(process, runId, 'define', ['planned', 'failed', 'blocked']);
  expect(stopped.confirmedBy).toBeNull();
  const now = await unleash.read.flag(flag);
  expect(now.type).toBe('operational');
  const development = now.environments.find((one) => one.environment === 'development')!;
  expect(development).toMatchObject({ enabled: true, strategies: [{ parameters: { rollout: '100' } }] });
  expect(
    (await unleashCall('GET', `/admin/projects/default/features/${flag}/environments/production`)) as object,
  ).toMatchObject({
    strategies: [],
  });
});

test('what no file declares, and what does not differ here, is refused in words', async () => {
  const flag = await createUnleashFlag('elsewhere', 'operational');
  await start(declaredFlag(flag, { environments: both() }));
  expect((await planned(flag, 'development')).plan.refused).toBe(
    `Nothing of ${flag} differs in development; ask for it in production.`,
  );
  expect((await planned('nobody-declared-it')).plan.refused).toContain('is not declared in flags/');
});
