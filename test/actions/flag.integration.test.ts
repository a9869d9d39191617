import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { flagKill } from '#app/actions/flag-kill.server.ts';
import { flagRestore } from '#app/actions/flag-restore.server.ts';
import { createUnleashWitness } from '#app/clients/unleash/witness.server.ts';
import type { Receipt } from '#app/domain/flag/flag.ts';
import { sameFlagState } from '#app/domain/flag/kill-plan.ts';
import { systemClock } from '#app/platform/clock.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { createFollowUpStore } from '#app/stores/follow-ups.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { createUnleashFlag, rolloutUnleashFlag } from '#test/support/unleash.ts';
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
const witness = createUnleashWitness({ address: unleash.address, clock: systemClock, refreshMs: 300 });
const environment = 'production';

const database = testDatabase();
let process: TestProcess;
beforeAll(() => witness.start());
afterAll(() => witness.stop());
afterEach(async () => {
  await process.stop();
});

const silent = async () => undefined;

async function start(flag: string): Promise<void> {
  const catalog = catalogOf([]);
  catalog.flags = [{ ...catalog.flags[0]!, name: flag }];
  process = await startProcess({
    url: database.url,
    catalog,
    actions: ({ db, runs }) => {
      const deps = {
        unleash: unleash.read,
        write: unleash.write,
        witness,
        observations: createObservationStore(db),
        changes: createChangeStore(db, Date.now, silent),
        clock: systemClock,
        ownEnvironment: 'production',
      };
      const slos = { state: async () => null, states: async () => [], minutes: async () => [], points: async () => [] };
      return [flagKill(deps), flagRestore({ ...deps, runs, slos, followUps: followUps(db) })];
    },
  });
}

const followUps = (db: TestProcess['db']) => createFollowUpStore(db, silent, silent);

const stateOf = async (flag: string) =>
  (await unleash.read.flag(flag)).environments.find((one) => one.environment === environment)!;

const open = (template: string, flag: string) =>
  process.runs.openRun({ template, inputs: { flag, environment }, incidentId: null, service: null }, ada);

test('a kill reaches the SDKs, leaves a follow-up with the way back, and undo restores the very strategies', async () => {
  const flag = await createUnleashFlag('killed');
  await rolloutUnleashFlag(flag, environment, 25);
  const before = await stateOf(flag);
  await start(flag);

  const runId = await open('template:flag.kill', flag);
  const planned = await untilStep(process, runId, 'kill', ['planned']);
  expect(planned.plan).toMatchObject({
    title: `Bring ${flag} to off in production`,
    target: `flag/production/${flag}`,
    refused: null,
    needsReason: false,
    undo: 'Restores exactly what is there now: on · 25 % of users.',
  });
  expect(planned.plan?.commands[0]?.command).toContain(`/features/${flag}/environments/production/off`);
  await confirmPlanned(process, runId, 'kill');
  const done = await untilStep(process, runId, 'kill', ['succeeded']);
  expect((await stateOf(flag)).enabled).toBe(false);
  const receipt = done.evidence as Receipt;
  expect(receipt).toMatchObject({ expected: false, end: 'unobservable' });
  const reached = receipt.layers.filter((layer) => layer.at !== null).map((layer) => layer.layer);
  expect(reached).toEqual(['accepted', 'served', 'witnessed']);
  expect(done.effectAt).toBeGreaterThanOrEqual(done.confirmedAt!);
  expect(done.captured).toEqual(before);

  const [left] = await followUps(process.db).open();
  expect(left).toMatchObject({ kind: 'flag-killed', runId, wayBack: { template: 'template:flag.restore' } });
  expect(left!.dueAt! - left!.openedAt).toBe(7 * 86_400_000);

  await undoAsRead(process, runId, 'kill');
  await untilStep(process, runId, 'kill', ['undone']);
  expect(sameFlagState(await stateOf(flag), before)).toBe(true);
  expect(await followUps(process.db).open()).toEqual([]);
});

test('later the way back is a forward run of its own, from what the kill captured', async () => {
  const flag = await createUnleashFlag('restored');
  await rolloutUnleashFlag(flag, environment, 40);
  const before = await stateOf(flag);
  await start(flag);
  const killRun = await open('template:flag.kill', flag);
  await confirmPlanned(process, killRun, 'kill');
  await untilStep(process, killRun, 'kill', ['succeeded']);

  const [left] = await followUps(process.db).open();
  const again = await open('template:flag.kill', flag);
  expect(again).toBe(killRun);

  const runId = await open('template:flag.restore', flag);
  const planned = await untilStep(process, runId, 'restore', ['planned']);
  expect(planned.plan).toMatchObject({ kind: 'forward', needsReason: false, refused: null });
  expect(planned.plan?.diff.map(({ sign, text }) => `${sign}${text}`)).toEqual([
    ` ${flag} in production`,
    '-off',
    '+on · 40 % of users',
  ]);
  await confirmPlanned(process, runId, 'restore');
  await untilStep(process, runId, 'restore', ['succeeded']);
  expect(sameFlagState(await stateOf(flag), before)).toBe(true);
  expect(await followUps(process.db).open()).toEqual([]);

  // Taken back, the kill stands again, and so does what it left: its run, its date, its way back.
  await undoAsRead(process, runId, 'restore');
  await untilStep(process, runId, 'restore', ['undone']);
  expect((await stateOf(flag)).enabled).toBe(false);
  expect(await followUps(process.db).open()).toEqual([left]);
});

test('what cannot be done says why: an undeclared flag, a flag Unleash does not know, one that is off already', async () => {
  const flag = await createUnleashFlag('off');
  await start(flag);
  const refusedOf = async (name: string) => {
    const step = await untilStep(process, await open('template:flag.kill', name), 'kill', ['planned']);
    return step.plan?.refused;
  };
  expect(await refusedOf('nobody-declared-it')).toContain('is not declared in flags/');
  expect(await refusedOf(flag)).toBe(`${flag} is off in production already.`);
});
