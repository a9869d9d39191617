import { afterAll, beforeAll, expect, test } from 'vitest';
import { flagKill } from '#app/actions/flag-kill.server.ts';
import { createUnleashRead } from '#app/clients/unleash/read.server.ts';
import { createUnleashWitness } from '#app/clients/unleash/witness.server.ts';
import type { Receipt } from '#app/domain/flag/flag.ts';
import { coveringPoll } from '#app/domain/flag/poll.ts';
import { servedAnswer } from '#app/domain/flag/receipt.ts';
import { piecewiseClock } from '#app/platform/clock.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { startSdk, type TestSdk } from '#test/support/sdk.ts';
import { createUnleashFlag, rolloutUnleashFlag } from '#test/support/unleash.ts';
import { openDoor } from '#test/support/unleash-door.ts';
import { openUnleash } from '../clients/unleash/console.ts';
import { ada, catalogOf, confirmPlanned, startProcess, type TestProcess, untilStep } from '../engine/harness.ts';

/** Data time runs ten times as fast: a receipt of minutes closes within one. */
const start = Date.now();
const clock = piecewiseClock(() => [{ wall: start, data: start, speed: 10 }]);
const environment = 'production';
const unleash = openUnleash();
const read = createUnleashRead({
  address: unleash.address,
  resilience: createResilience({ system: 'Unleash', retries: 0 }),
  clock,
});
const witness = createUnleashWitness({ address: unleash.address, clock });
const ends = ['confirmed', 'partly', 'unconfirmed', 'contradicted', 'unobservable'] as const;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let process: TestProcess;
const sdks: TestSdk[] = [];
const flags = {} as Record<(typeof ends)[number] | 'old', string>;

beforeAll(async () => {
  database = await createTestDatabase();
  for (const end of [...ends, 'old'] as const) {
    flags[end] = await createUnleashFlag(end);
    await rolloutUnleashFlag(flags[end], environment, 100);
  }
  await witness.start();
  const catalog = catalogOf([]);
  catalog.flags = Object.values(flags).map((name) => ({ ...catalog.flags[0]!, name }));
  process = await startProcess({
    url: database.url,
    catalog,
    clock,
    actions: ({ db }) => [
      flagKill({
        ...{ unleash: read, write: unleash.write, witness, clock, ownEnvironment: environment },
        observations: createObservationStore(db),
        changes: createChangeStore(db, clock.now, async () => undefined),
      }),
    ],
  });
});
afterAll(async () => {
  for (const sdk of sdks) sdk.stop();
  await witness.stop();
  await process.stop();
  await database.drop();
});

async function sdk(options: Parameters<typeof startSdk>[0]): Promise<TestSdk> {
  const started = await startSdk(options);
  sdks.push(started);
  return started;
}

async function kill(flag: string): Promise<string> {
  const template = 'template:flag.kill';
  const runId = await process.runs.openRun(
    { template, inputs: { flag, environment }, incidentId: null, service: null },
    ada,
  );
  await confirmPlanned(process, runId, 'kill');
  return runId;
}

test('a receipt comes to each of its ends with real SDKs, and says who is missing', async () => {
  // Unleash itself lets a deleted token in for minutes.
  const token = await openDoor();
  const app = (end: string, name: string) => `${flags[end as 'partly']}-${name}`;
  // Unleash looks for changes once a second, and whoever is deaf asks only once.
  const served = async () => {
    const { features } = await read.served(environment);
    return ends.map((end) => servedAnswer(features, flags[end]));
  };
  await expect.poll(served, { timeout: 60_000, interval: 250 }).toEqual(ends.map(() => true));
  for (const instance of ['a', 'b', 'c']) {
    const application = app('confirmed', instance === 'c' ? 'batch' : 'web');
    await sdk({ application, instance, flag: flags.confirmed });
  }
  await sdk({ application: app('partly', 'web'), flag: flags.partly });
  const silent = await sdk({ application: app('partly', 'silent'), flag: flags.partly });
  const revoked = await sdk({ application: app('unconfirmed', 'web'), flag: flags.unconfirmed, url: token.url });
  const deaf = await sdk({ application: app('contradicted', 'deaf'), flag: flags.contradicted, refreshMs: 3_600_000 });
  await sdk({ application: app('contradicted', 'web'), flag: flags.contradicted });
  await sdk({ application: app('confirmed', 'slow'), flag: flags.confirmed, refreshMs: 4_000 });
  // Whoever is to be awaited has been seen to ask, and with which SDK: Unleash writes usage every 5 s, registrations every 20 s.
  const wanted = { confirmed: 3, partly: 2, unconfirmed: 1, contradicted: 2 };
  const seen = async () => {
    const counts = Object.keys(wanted).map(async (end) => {
      const usage = await read.usage(flags[end as keyof typeof wanted], environment);
      const known = usage.filter(
        ({ yes, sdks }) => yes > 0 && Object.keys(sdks ?? {}).some((sdk) => sdk.startsWith('unleash-')),
      );
      return [end, known.length];
    });
    return Object.fromEntries(await Promise.all(counts));
  };
  await expect.poll(seen, { timeout: 120_000, interval: 500 }).toEqual(wanted);
  silent.rest();
  token.set('refuses');
  await expect.poll(() => revoked.errors.length, { timeout: 20_000 }).toBeGreaterThan(0);

  const runs = await Promise.all(ends.map((end) => kill(flags[end])));
  const receipts = await Promise.all(
    runs.map(async (runId) => {
      const step = await untilStep(process, runId, 'kill', ['succeeded', 'failed'], 120_000);
      return step.evidence as Receipt;
    }),
  );
  expect(receipts.map(({ end }) => end)).toEqual(ends);
  // The frozen ones are frozen on, and the console does not call that safe.
  expect([revoked.answer(), deaf.answer()]).toEqual([true, true]);
  const said = (end: (typeof ends)[number], name: string) =>
    receipts[ends.indexOf(end)]!.applications.find(({ application }) => application.endsWith(name))?.text;
  expect(said('confirmed', 'web')).toMatch(/^[\d,]+ evaluations answered off, none on$/);
  expect(said('partly', 'silent')).toMatch(/^silent: .*\(1 × unleash-(node-sdk|client-node):/);
  expect(said('unconfirmed', 'web')).toContain('silent');
  expect(said('contradicted', 'deaf')).toContain('still answers on');
  for (const { layers, applications } of receipts) {
    expect([...layers, ...applications].filter(({ text }) => text.includes('waiting'))).toEqual([]);
  }
  // Half a minute of requests is enough to tell who asks rarely.
  const usage = await read.usage(flags.confirmed, environment);
  expect(coveringPoll(usage.map((one) => ({ ...one, instances: one.instances * 20 - 19 }))).slower).toHaveLength(1);
  token.close();
}, 240_000);

test('an old SDK is named in the plan, before anybody presses', async () => {
  const flag = flags.old;
  const application = `${flag}-old`;
  const headers = { authorization: unleash.address.clientTokens[environment]!, 'content-type': 'application/json' };
  const post = (path: string, body: object) =>
    fetch(`${unleash.address.baseUrl}/api/client/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const who = { appName: application, instanceId: 'old-1', environment };
  const now = new Date().toISOString();
  const sdkVersion = 'unleash-client-node:3.21.0';
  await post('register', { ...who, sdkVersion, strategies: ['default'], started: now, interval: 10_000 });
  await post('metrics', { ...who, bucket: { start: now, stop: now, toggles: { [flag]: { yes: 3, no: 0 } } } });
  await expect
    .poll(async () => (await read.usage(flag, environment)).map(({ sdks }) => sdks), {
      timeout: 120_000,
      interval: 500,
    })
    .toContainEqual({ [sdkVersion]: 1 });
  const wish = { template: 'template:flag.kill', inputs: { flag, environment }, incidentId: null, service: null };
  const runId = await process.runs.openRun(wish, ada);
  const { plan } = await untilStep(process, runId, 'kill', ['planned']);
  expect(plan?.blast.join('\n')).toContain(`with an old SDK: ${sdkVersion}`);
});
