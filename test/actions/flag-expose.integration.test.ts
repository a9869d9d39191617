import { afterEach, beforeEach, expect, test } from 'vitest';
import { flagExpose } from '#app/actions/flag-expose.server.ts';
import { effectiveExposure } from '#app/domain/flag/exposure.ts';
import type { Receipt, SafeState } from '#app/domain/flag/flag.ts';
import { sameFlagState } from '#app/domain/flag/kill-plan.ts';
import type { Incident } from '#app/domain/incident/incident.ts';
import type { RunStep } from '#app/domain/run/run.ts';
import { systemClock } from '#app/platform/clock.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { testDatabase } from '#test/support/database.ts';
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
const environment = 'production';
const silent = async () => undefined;

const database = testDatabase({ each: true });
let process: TestProcess;
let incidents: Pick<Incident, 'title' | 'service' | 'children'>[];
beforeEach(async () => {
  incidents = [];
});
afterEach(async () => {
  await process.stop();
});

async function start(flag: string, safe: SafeState = { state: 'off' }): Promise<void> {
  const catalog = catalogOf([]);
  const environments = [
    { name: 'production', protected: true },
    { name: 'development', protected: false },
  ];
  catalog.flags = [{ ...catalog.flags[0]!, name: flag, safe, environments }];
  process = await startProcess({
    url: database.url,
    catalog,
    actions: ({ db }) => [
      flagExpose({
        unleash: unleash.read,
        write: unleash.write,
        witness: { evaluate: () => null, seenAt: () => null, start: silent, stop: silent },
        observations: createObservationStore(db),
        changes: createChangeStore(db, Date.now, silent),
        slos: { state: async () => null, states: async () => [], minutes: async () => [], points: async () => [] },
        incidents: { open: async () => incidents as Incident[] },
        clock: systemClock,
        ownEnvironment: environment,
      }),
    ],
  });
}

const stateOf = async (flag: string, at = environment) =>
  (await unleash.read.flag(flag)).environments.find((one) => one.environment === at)!;

async function planned(flag: string, percent: number, more: Record<string, string> = {}): Promise<[string, RunStep]> {
  const inputs = { flag, environment, percent: String(percent), ...more };
  const run = { template: 'template:flag.expose', inputs, incidentId: null, service: null };
  const runId = await process.runs.openRun(run, ada);
  return [runId, await untilStep(process, runId, 'expose', ['planned'])];
}

async function exposed(flag: string, percent: number, more: Record<string, string> = {}): Promise<string> {
  const [runId] = await planned(flag, percent, more);
  await confirmPlanned(process, runId, 'expose');
  await untilStep(process, runId, 'expose', ['verifying', 'succeeded']);
  return runId;
}

test('a flag without a strategy is turned on for exactly the share asked for, never for everyone, and undo takes it back', async () => {
  const flag = await createUnleashFlag('expose');
  await start(flag);
  const before = await stateOf(flag);
  const [runId, step] = await planned(flag, 5);
  expect(step.plan).toMatchObject({ kind: 'forward', target: `flag/production/${flag}`, refused: null });
  expect(step.plan?.diff.map(({ sign, text }) => `${sign}${text}`).slice(1)).toEqual(['-off', '+on · 5 % of users']);
  expect(step.plan?.commands.map(({ label }) => label)).toEqual(['Add a strategy', 'Turn on']);
  await confirmPlanned(process, runId, 'expose');
  const done = await untilStep(process, runId, 'expose', ['verifying', 'succeeded']);
  expect(effectiveExposure(await stateOf(flag))).toMatchObject({ on: true, percent: 5, most: 5 });
  expect(done.evidence as Receipt).toMatchObject({ expected: true, partial: true });
  await undoAsRead(process, runId, 'expose');
  await untilStep(process, runId, 'expose', ['undone']);
  expect(sameFlagState(await stateOf(flag), before)).toBe(true);
});

test('the effective exposure is what was asked for, whatever other strategies would let in', async () => {
  const flag = await createUnleashFlag('ored');
  await rolloutUnleashFlag(flag, environment, 100);
  await rolloutUnleashFlag(flag, environment, 5);
  await unleashCall('POST', `/admin/projects/default/features/${flag}/environments/${environment}/strategies`, {
    name: 'default',
  });
  await start(flag);
  const [runId, { plan }] = await planned(flag, 10);
  expect(plan?.blast.filter((line) => line.startsWith('Switched off'))).toHaveLength(2);
  await confirmPlanned(process, runId, 'expose');
  await untilStep(process, runId, 'expose', ['verifying', 'succeeded']);
  const state = await stateOf(flag);
  expect(effectiveExposure(state)).toMatchObject({ percent: 10, most: 10 });
  expect(state.strategies.filter(({ disabled }) => !disabled)).toHaveLength(1);
});

test('variants get the shares asked for, as Unleash keeps them', async () => {
  const flag = await createUnleashFlag('variants', 'experiment');
  await start(flag);
  await exposed(flag, 50, { variants: 'green 66.7, blue 33.3' });
  const [strategy] = (await stateOf(flag)).strategies;
  expect(strategy!.variants.map(({ name, weight }) => [name, weight])).toEqual([
    ['blue', 333],
    ['green', 667],
  ]);
  // Another share keeps them.
  await exposed(flag, 60);
  expect((await stateOf(flag)).strategies[0]!.variants.map(({ weight }) => weight)).toEqual([333, 667]);
});

test('what somebody else set since the plan was read is not overwritten', async () => {
  const flag = await createUnleashFlag('foreign');
  await rolloutUnleashFlag(flag, environment, 5);
  await start(flag);
  const [runId, step] = await planned(flag, 25);
  await unleash.write.setEnabled(flag, environment, false);
  const base = { reason: null, acknowledged: false, outcome: null, address: null };
  await process.runs.confirm({ runId, stepId: 'expose', hash: step.planHash!, actor: ada, ...base });
  await expect.poll(async () => (await process.runs.get(runId))!.steps[0]!.reason).toContain('Read the new plan');
  expect((await stateOf(flag)).enabled).toBe(false);
});

test('more people in a protected environment ask for calm, fewer and other environments do not', async () => {
  const flag = await createUnleashFlag('guarded');
  await rolloutUnleashFlag(flag, environment, 25);
  await start(flag);
  incidents = [{ title: 'It burns', service: 'voiceover', children: [] }];
  const [, more] = await planned(flag, 50);
  expect(more.plan).toMatchObject({ needsReason: true });
  expect(more.plan?.preconditions).toContainEqual({
    state: 'fail',
    text: 'An incident is open on voiceover: It burns.',
  });
  expect((await planned(flag, 5))[1].plan).toMatchObject({ needsReason: false });
  expect((await planned(flag, 50, { environment: 'development' }))[1].plan).toMatchObject({ needsReason: false });
});

test('a fallback that is safe when on is not lowered in its own incident without a reason', async () => {
  const flag = await createUnleashFlag('fallback');
  await rolloutUnleashFlag(flag, environment, 100);
  await start(flag, { state: 'on' });
  incidents = [{ title: 'It burns', service: 'voiceover', children: [] }];
  expect((await planned(flag, 0))[1].plan).toMatchObject({ needsReason: true });
});

test('what cannot be done says why', async () => {
  const flag = await createUnleashFlag('refused');
  await start(flag);
  const why = async (...wish: Parameters<typeof planned>) => (await planned(...wish))[1].plan?.refused;
  expect(await why('nobody-declared-it', 5)).toContain('is not declared in flags/');
  expect(await why(flag, 0)).toBe(`${flag} is off in production already.`);
  expect(await why(flag, 5, { variants: 'blue 50' })).toContain('add up to 50 %');
  await expect(planned(flag, 101)).rejects.toMatchObject({ code: 'bad_input' });
});
