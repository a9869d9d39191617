import { afterEach, beforeEach, expect, test } from 'vitest';
import { flagKill } from '#app/actions/flag-kill.server.ts';
import { createUnleashRead } from '#app/clients/unleash/read.server.ts';
import { createUnleashWrite } from '#app/clients/unleash/write.server.ts';
import { systemClock } from '#app/platform/clock.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { createUnleashFlag, rolloutUnleashFlag } from '#test/support/unleash.ts';
import { openDoor } from '#test/support/unleash-door.ts';
import { openUnleash } from '../clients/unleash/console.ts';
import { ada, catalogOf, confirmPlanned, startProcess, type TestProcess, untilStep } from '../engine/harness.ts';

const unleash = openUnleash();
const environment = 'production';
const database = testDatabase({ each: true });
let process: TestProcess;
let door: Awaited<ReturnType<typeof openDoor>>;
let flag: string;

beforeEach(async () => {
  door = await openDoor();
  flag = await createUnleashFlag('down');
  await rolloutUnleashFlag(flag, environment, 25);
  const catalog = catalogOf([]);
  catalog.flags = [{ ...catalog.flags[0]!, name: flag }];
  const address = { ...unleash.address, baseUrl: door.url };
  const resilience = createResilience({ system: 'Unleash' });
  const witness = { evaluate: () => false, seenAt: () => Date.now(), start: async () => {}, stop: async () => {} };
  process = await startProcess({
    url: database.url,
    catalog,
    actions: ({ db }) => [
      flagKill({
        unleash: createUnleashRead({ address, resilience, clock: systemClock }),
        write: createUnleashWrite({ address, resilience }),
        observations: createObservationStore(db),
        changes: createChangeStore(db, Date.now, async () => undefined),
        ...{ witness, clock: systemClock, ownEnvironment: environment },
      }),
    ],
  });
});
afterEach(async () => {
  await process.stop();
  door.close();
});

const isOn = async () =>
  (await unleash.read.flag(flag)).environments.find((one) => one.environment === environment)!.enabled;

async function planned(): Promise<string> {
  const wish = { template: 'template:flag.kill', inputs: { flag, environment }, incidentId: null, service: null };
  const runId = await process.runs.openRun(wish, ada);
  await untilStep(process, runId, 'kill', ['planned']);
  return runId;
}

test('a kill while Unleash is down waits in sight with the hand command, and is done once it is back', async () => {
  const runId = await planned();
  door.set('down');
  await confirmPlanned(process, runId, 'kill');
  const waiting = await untilStep(process, runId, 'kill', ['blocked']);
  expect(waiting.reason).toMatch(
    /^Not taken yet: .*Tried again by itself for up to 10 minutes .* it can be cancelled\.$/,
  );
  expect(waiting.plan!.commands[0]!.command).toMatch(/^curl .*\/off/);
  expect(await isOn()).toBe(true);
  door.set('open');
  await untilStep(process, runId, 'kill', ['verifying', 'succeeded'], 60_000);
  expect(await isOn()).toBe(false);
  const writes = door.asked.filter(({ method, state }) => method === 'POST' && state === 'open');
  expect(writes).toHaveLength(1);
});

test('what waits for Unleash can be cancelled, and is then not done when it is back', async () => {
  const runId = await planned();
  door.set('down');
  await confirmPlanned(process, runId, 'kill');
  await untilStep(process, runId, 'kill', ['blocked']);
  await process.runs.skip({ runId, stepId: 'kill', reason: 'mended by hand', actor: ada });
  await untilStep(process, runId, 'kill', ['skipped'], 60_000);
  door.set('open');
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(await isOn()).toBe(true);
});

test('a refused token is said at once, with how Unleash put it', async () => {
  const runId = await planned();
  door.set('refuses');
  await confirmPlanned(process, runId, 'kill');
  const step = await untilStep(process, runId, 'kill', ['blocked', 'failed']);
  expect(step.reason).toMatch(/Unleash .*401/);
  expect(await isOn()).toBe(true);
});

test('who is asked to come later comes later', async () => {
  const runId = await planned();
  const before = door.asked.length;
  door.set('busy');
  await confirmPlanned(process, runId, 'kill');
  await untilStep(process, runId, 'kill', ['blocked', 'failed'], 60_000);
  const asked = door.asked.slice(before).filter(({ path }) => path.endsWith(`/features/${flag}`));
  // Two seconds are asked for between two tries of the same thing.
  const gaps = asked.slice(1).map(({ at }, index) => at - asked[index]!.at);
  expect(gaps.length).toBeGreaterThan(0);
  for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(1_900);
});
