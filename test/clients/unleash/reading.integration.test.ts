import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InMemStorageProvider, Unleash } from 'unleash-client';
import { afterAll, expect, inject, test } from 'vitest';
import { createUnleashRead } from '#app/clients/unleash/read.server.ts';
import { createUnleashWitness } from '#app/clients/unleash/witness.server.ts';
import { everyoneStrategy } from '#app/domain/flag/rollout.ts';
import { systemClock } from '#app/platform/clock.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { createUnleashFlag, rolloutUnleashFlag, unleashCall } from '#test/support/unleash.ts';
import { openUnleash, unleashAddress } from './console.ts';

const environment = 'production';
const stops: (() => unknown)[] = [];
afterAll(async () => {
  for (const stop of stops) await stop();
});

async function until<T>(read: () => Promise<T> | T, good: (value: T) => boolean): Promise<T> {
  for (let i = 0; ; i++) {
    const value = await read();
    if (good(value)) return value;
    if (i === 600) throw new Error(`It stayed at ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('a second listing asks for nothing that did not change, and sees what did', async () => {
  const unleash = openUnleash();
  const flag = await createUnleashFlag('cheap');
  await unleash.read.flags();
  const cold = unleash.calls();
  await unleash.read.flags();
  // Other files change flags of theirs meanwhile; each costs one call.
  expect(unleash.calls() - cold).toBeLessThan(cold);
  await rolloutUnleashFlag(flag, environment, 42);
  const state = (await unleash.read.flags()).find((one) => one.flag === flag)!;
  const production = state.environments.find((one) => one.environment === environment)!;
  expect(production).toMatchObject({ enabled: true });
  expect(production.strategies[0]!.parameters.rollout).toBe('42');
});

test('usage names applications, instances, how often they report, and counts of the hour', async () => {
  const unleash = openUnleash();
  const flag = await createUnleashFlag('usage');
  await rolloutUnleashFlag(flag, environment, 100);
  const application = `app-${flag}`;
  const sdk = new Unleash({
    appName: application,
    instanceId: 'one',
    url: `${inject('unleash').url}/api`,
    customHeaders: { Authorization: inject('unleash').clientToken },
    refreshInterval: 1500,
    metricsInterval: 500,
    storageProvider: new InMemStorageProvider(),
  });
  stops.push(() => sdk.destroy());
  await until(
    () => sdk.isEnabled(flag),
    (enabled) => enabled,
  );
  // Unleash remembers for 10 s which flags there are, and drops what is reported of others: a service asks again and again.
  const waiting = openUnleash().read;
  await until(
    () => {
      sdk.isEnabled(flag);
      return waiting.usage(flag, environment);
    },
    (found) => (found[0]?.yes ?? 0) + (found[0]?.previousHour?.yes ?? 0) > 0 && found[0]!.instances > 0,
  );
  // A console that looks for the first time does not know yet how often they poll.
  const usage = await unleash.read.usage(flag, environment);
  expect(usage).toHaveLength(1);
  expect(usage[0]).toMatchObject({ application, instances: 1, pollSeconds: null, reportSeconds: 0.5 });
  expect(usage[0]!.hour % 3_600_000).toBe(0);

  const hours = await unleash.read.hours(flag);
  expect(hours.find(({ yes }) => yes > 0)).toMatchObject({ application, environment, variants: {} });
  expect(hours.every(({ hour }) => hour % 3_600_000 === 0)).toBe(true);
  const fleet = await unleash.read.fleet(application, environment);
  expect(fleet).toMatchObject({ application, environment, count: 1, reportSeconds: 0.5 });
  expect(fleet.instances).toEqual([
    { id: 'one', sdk: expect.stringMatching(/^unleash-[\w-]+:\d/), seenAt: expect.any(Number) },
  ]);
  expect(fleet.sdks).toEqual({ [fleet.instances[0]!.sdk!]: 1 });
  // Where an instance runs is nobody's business here.
  expect(JSON.stringify(fleet)).not.toContain('127.0.0.1');
});

test('what SDKs are served names its segments', async () => {
  const flag = await createUnleashFlag('segmented');
  const name = `early-${flag}`;
  const constraints = [{ contextName: 'plan', operator: 'IN', values: ['pro'] }];
  const segment = (await unleashCall('POST', '/admin/segments', { name, constraints })) as { id: number };
  await unleashCall('POST', `/admin/projects/default/features/${flag}/environments/${environment}/strategies`, {
    name: 'default',
    segments: [segment.id],
  });
  await unleashCall('POST', `/admin/projects/default/features/${flag}/environments/${environment}/on`);
  const { read } = openUnleash();
  const served = await until(
    () => read.served(environment),
    ({ features }) => (features as { name: string }[]).some((feature) => feature.name === flag),
  );
  expect((served.segments as { id: number; name: string }[]).find(({ id }) => id === segment.id)).toMatchObject({
    name,
  });
  const feature = (served.features as { name: string; strategies: object[] }[]).find((one) => one.name === flag);
  expect(feature!.strategies[0]).toMatchObject({ segments: [segment.id] });
});

test('a flag that nobody evaluates has no usage', async () => {
  const flag = await createUnleashFlag('unused');
  expect(await openUnleash().read.usage(flag, environment)).toEqual([]);
});

test('the witness evaluates as services do, and sees a kill', async () => {
  const { write, read } = openUnleash();
  const flag = await createUnleashFlag('witness');
  await rolloutUnleashFlag(flag, environment, 100);
  const witness = createUnleashWitness({ address: unleashAddress(), clock: systemClock, refreshMs: 300 });
  stops.push(() => witness.stop());
  expect(witness.evaluate(flag, environment)).toBeNull();
  await witness.start();
  await until(
    () => witness.evaluate(flag, environment),
    (answer) => answer === true,
  );
  expect(witness.evaluate('no-such-flag', environment)).toBeNull();
  await write.setEnabled(flag, environment, false);
  await until(
    () => witness.evaluate(flag, environment),
    (answer) => answer === false,
  );
  expect(witness.seenAt(environment)).toBeGreaterThan(0);
  // It is no application of anybody's.
  expect(await read.usage(flag, environment)).toEqual([]);
});

test('the witness is somebody: a rollout to everyone that sticks to users is on for it', async () => {
  const { write } = openUnleash();
  const flag = await createUnleashFlag('sticky');
  const parameters = { rollout: '100', stickiness: 'userId', groupId: flag };
  await write.addStrategy(flag, environment, { ...everyoneStrategy(flag), parameters });
  await write.setEnabled(flag, environment, true);
  const witness = createUnleashWitness({ address: unleashAddress(), clock: systemClock, refreshMs: 300 });
  stops.push(() => witness.stop());
  await witness.start();
  await until(
    () => witness.evaluate(flag, environment),
    (answer) => answer === true,
  );
});

test('the witness follows the speed of the clock and never stops testifying', async () => {
  const flag = await createUnleashFlag('speed');
  await rolloutUnleashFlag(flag, environment, 100);
  let speed = 1;
  let polls = 0;
  const address = unleashAddress();
  const relay = createServer(async (request, response) => {
    if (request.url === '/api/client/features') polls += 1;
    const answer = await fetch(`${address.baseUrl}${request.url}`, {
      headers: { authorization: request.headers.authorization ?? '' },
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  stops.push(() => relay.close());
  const { port } = relay.address() as AddressInfo;
  const witness = createUnleashWitness({
    address: {
      baseUrl: `http://127.0.0.1:${port}`,
      clientTokens: { [environment]: address.clientTokens[environment]! },
    },
    clock: { ...systemClock, speed: () => speed },
    refreshMs: 2000,
  });
  stops.push(() => witness.stop());
  await witness.start();
  await until(
    () => witness.evaluate(flag, environment),
    (answer) => answer === true,
  );
  speed = 10;
  const before = polls;
  const answers = new Set<boolean | null>();
  await until(
    () => {
      answers.add(witness.evaluate(flag, environment));
      return polls - before;
    },
    (count) => count >= 12,
  );
  expect([...answers]).toEqual([true]);
});

test('a refused client token is told, and the witness testifies to nothing', async () => {
  const problems: (string | null)[] = [];
  const address = { ...unleashAddress(), clientTokens: { [environment]: '*:production.wrong' } };
  const witness = createUnleashWitness({ address, clock: systemClock, onProblem: (_, text) => problems.push(text) });
  stops.push(() => witness.stop());
  await witness.start();
  expect(problems).toContain("Unleash refuses Firebreak's own client token for production; flags cannot be witnessed");
  expect(witness.evaluate('anything', environment)).toBeNull();
  expect(witness.seenAt(environment)).toBeNull();
});

test('a refused admin token is told with its status', async () => {
  const address = { ...unleashAddress(), adminToken: '*:*.wrong' };
  const read = createUnleashRead({ address, resilience: createResilience({ system: 'Unleash' }), clock: systemClock });
  await expect(read.flags()).rejects.toMatchObject({ code: 'unavailable', reason: 'refused', answered: 401 });
});
