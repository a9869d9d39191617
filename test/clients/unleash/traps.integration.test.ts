import { expect, test } from 'vitest';
import { performFlagWrites } from '#app/clients/unleash/perform.server.ts';
import { createUnleashRead } from '#app/clients/unleash/read.server.ts';
import { effectiveExposure } from '#app/domain/flag/exposure.ts';
import type { FlagEnvironmentState } from '#app/domain/flag/flag.ts';
import { killPlan, restorePlan, sameFlagState } from '#app/domain/flag/kill-plan.ts';
import { servedAnswer } from '#app/domain/flag/receipt.ts';
import { watchUsage } from '#app/domain/flag/receipt-applications.ts';
import { everyoneStrategy } from '#app/domain/flag/rollout.ts';
import { systemClock } from '#app/platform/clock.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { createUnleashFlag, rolloutUnleashFlag, unleashCall } from '#test/support/unleash.ts';
import { sourceFiles } from '../../structure/source-files.ts';
import { openUnleash } from './console.ts';

const unleash = openUnleash();
const environment = 'production';
const path = (flag: string) => `/admin/projects/default/features/${flag}/environments/${environment}`;

async function stateOf(flag: string): Promise<FlagEnvironmentState> {
  const { environments } = await unleash.read.flag(flag);
  return environments.find((one) => one.environment === environment)!;
}

async function kill(flag: string, safe: 'off' | 'on') {
  const plan = killPlan(await stateOf(flag), { safe: { state: safe } });
  await performFlagWrites(unleash.write, { flag, environment }, plan.writes);
  return plan;
}

/** What SDKs are served, once Unleash has noticed the change (about a second). */
async function servedSoon(flag: string, wanted: (answer: unknown) => boolean): Promise<unknown> {
  for (let i = 0; i < 100; i++) {
    const { features } = await unleash.read.served(environment);
    const answer = servedAnswer(features, flag);
    if (wanted(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${flag} was not served as wanted`);
}

test('trap 1: enabling without a strategy silently means everyone, so the strategy is added and read back first', async () => {
  const naive = await createUnleashFlag('naive');
  await unleash.write.setEnabled(naive, environment, true);
  expect(effectiveExposure(await stateOf(naive)).text).toBe('on · everyone');

  const fallback = await createUnleashFlag('fallback');
  const plan = killPlan(await stateOf(fallback), { safe: { state: 'on' } });
  expect(plan.writes.map(({ kind }) => kind)).toEqual(['add-strategy', 'enable']);
  await performFlagWrites(unleash.write, { flag: fallback, environment }, plan.writes);
  const after = await stateOf(fallback);
  expect(after.strategies).toHaveLength(1);
  expect(sameFlagState(after, plan.after)).toBe(true);
});

test('trap 1b: so does enabling a flag whose strategies are all switched off; undo knows', async () => {
  const flag = await createUnleashFlag('asleep');
  await unleash.write.addStrategy(flag, environment, { ...everyoneStrategy(flag), disabled: true });
  const before = await stateOf(flag);
  await unleash.write.setEnabled(flag, environment, true);
  expect((await stateOf(flag)).strategies).toHaveLength(2);
  expect(restorePlan({ ...before, enabled: true }, { ...before, enabled: false }).writes).toEqual([]);
});

test('trap 2: strategies are OR-ed, and the effective exposure sees the forgotten one', async () => {
  const flag = await createUnleashFlag('ored');
  await rolloutUnleashFlag(flag, environment, 100);
  await rolloutUnleashFlag(flag, environment, 5);
  expect(effectiveExposure(await stateOf(flag))).toMatchObject({ text: 'on · everyone', percent: 100 });
});

test('trap 3: Unleash takes a rollout of 150 and abc, we do not', async () => {
  const flag = await createUnleashFlag('bounds');
  for (const rollout of ['150', 'abc']) {
    await unleashCall('POST', `${path(flag)}/strategies`, {
      name: 'flexibleRollout',
      parameters: { rollout, stickiness: 'default', groupId: flag },
    });
    const strategy = { ...everyoneStrategy(flag), parameters: { rollout, stickiness: 'default', groupId: flag } };
    await expect(unleash.write.addStrategy(flag, environment, strategy)).rejects.toMatchObject({ code: 'bad_input' });
  }
  expect((await stateOf(flag)).strategies).toHaveLength(2);
});

test('trap 4: bulk off is all or nothing, so flags are turned one by one', async () => {
  const flag = await createUnleashFlag('bulk');
  await rolloutUnleashFlag(flag, environment, 100);
  const bulk = unleashCall('POST', `/admin/projects/default/bulk_features/environments/${environment}/off`, {
    features: [flag, 'no-such-flag'],
  });
  await bulk.catch(() => undefined);
  expect((await stateOf(flag)).enabled).toBe(true);
  const results = await Promise.allSettled(
    [flag, 'no-such-flag'].map((name) => unleash.write.setEnabled(name, environment, false)),
  );
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect((results[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'not_found' });
  expect((await stateOf(flag)).enabled).toBe(false);
});

test('trap 5: there is no optimistic lock: a foreign edit in between is seen by reading again and in the events', async () => {
  const flag = await createUnleashFlag('foreign');
  await rolloutUnleashFlag(flag, environment, 5);
  const planned = await stateOf(flag);
  const newest = (await unleash.read.events(0)).at(-1)!.id;
  await rolloutUnleashFlag(flag, environment, 50);
  expect(sameFlagState(planned, await stateOf(flag))).toBe(false);
  const foreign = (await unleash.read.events(newest)).filter((event) => event.flag === flag);
  expect(foreign.map(({ type }) => type)).toContain('feature-strategy-add');
});

test('trap 6: archiving is not a kill: it is gone from the listing, and the flag can only be turned while it lives', async () => {
  const flag = await createUnleashFlag('archive');
  await rolloutUnleashFlag(flag, environment, 100);
  await unleashCall('DELETE', `/admin/projects/default/features/${flag}`);
  expect((await unleash.read.flags()).map((one) => one.flag)).not.toContain(flag);
  await expect(unleash.read.flag(flag)).rejects.toMatchObject({ code: 'not_found' });
});

test('trap 7: event ids may have gaps; each event is given once and in order', async () => {
  const flag = await createUnleashFlag('events');
  const first = await unleash.read.events(0);
  await rolloutUnleashFlag(flag, environment, 10);
  const since = first.at(-1)!.id;
  const next = (await unleash.read.events(since)).filter((event) => event.flag === flag);
  expect(next.map(({ type }) => type)).toEqual(['feature-strategy-add', 'feature-environment-enabled']);
  const ids = [...first, ...next].map(({ id }) => id);
  expect([...ids].sort((a, b) => a - b)).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('trap 8: yes and no are cumulative per clock hour: what counts is how they grow, also across the hour', async () => {
  const flag = await createUnleashFlag('counts');
  const application = `app-${flag}`;
  const begun = Date.now();
  const hour = Math.floor(begun / 3_600_000) * 3_600_000;
  // The hour may end while the test runs: this reader stays in it.
  const read = createUnleashRead({
    address: unleash.address,
    resilience: createResilience({ system: 'Unleash', retries: 0 }),
    clock: { ...systemClock, wall: () => begun },
  });
  const report = (at: number, yes: number, no: number, appName = application) =>
    fetch(`${unleash.address.baseUrl}/api/client/metrics`, {
      method: 'POST',
      headers: { authorization: unleash.address.clientTokens[environment]!, 'content-type': 'application/json' },
      body: JSON.stringify({
        appName,
        instanceId: 'one',
        environment,
        bucket: {
          start: new Date(at).toISOString(),
          stop: new Date(at + 1_000).toISOString(),
          toggles: { [flag]: { yes, no, variants: {} } },
        },
      }),
    });
  const usage = async () => (await read.usage(flag, environment)).filter((one) => one.application === application);
  const seen = async (now: number, before: number) =>
    expect
      .poll(async () => (await usage()).map((one) => [one.yes, one.previousHour?.yes]), {
        timeout: 30_000,
        interval: 500,
      })
      .toEqual([[now, before]]);
  // Unleash remembers for 10 s which flags there are, and drops what is reported of others.
  await expect
    .poll(() => report(hour, 1, 0, 'somebody-else').then(() => read.usage(flag, environment)), {
      timeout: 60_000,
      interval: 500,
    })
    .toHaveLength(1);
  await report(hour - 60_000, 5, 0);
  await report(hour, 2, 1);
  await seen(2, 5);
  const first = await usage();
  // A report that comes late still lands in the hour that it is about.
  await report(hour - 30_000, 1, 0);
  await report(hour + 1, 3, 0);
  await seen(5, 6);
  const change = { expected: false, servedAt: 0 };
  const empty = { reportMs: 60_000, slackMs: 0, lookedAt: null, applications: {} };
  const started = watchUsage(empty, first, { ...change, servedAt: null }, 1);
  const grown = watchUsage(started, await usage(), change, 2);
  // Three new ones in this hour and one in the last: never the sums.
  expect(grown.applications[application]).toMatchObject({ wrong: 4, right: 0 });
});

test('trap 9: an edit by token is credited to the token, never to a person', async () => {
  const flag = await createUnleashFlag('credit');
  await rolloutUnleashFlag(flag, environment, 100);
  const since = (await unleash.read.events(0)).at(-1)!.id;
  await kill(flag, 'off');
  const event = (await unleash.read.events(since)).find((one) => one.flag === flag)!;
  expect(event).toMatchObject({ type: 'feature-environment-disabled', environment });
  expect(event.createdBy).not.toContain('@');
});

test('trap 10: nothing that the console reads of flags carries a token', async () => {
  const { adminToken, clientTokens } = unleash.address;
  const flag = await createUnleashFlag('secret');
  await rolloutUnleashFlag(flag, environment, 100);
  const all = JSON.stringify([
    await unleash.read.flags(),
    await unleash.read.events(0),
    await unleash.read.served(environment),
    await unleash.read.hours(flag),
    await unleash.read.archived(),
  ]);
  for (const token of [adminToken, ...Object.values(clientTokens)]) expect(all).not.toContain(token.split('.').at(-1)!);
  // Unleash itself tells them in clear to whoever asks for the list: no module of ours does.
  expect(JSON.stringify(await unleashCall('GET', '/admin/api-tokens'))).toContain(clientTokens[environment]);
  expect(sourceFiles('app', 'cli').filter(({ text }) => text.includes('api-tokens'))).toEqual([]);
});

test('a kill is served, and undo restores exactly what was captured', async () => {
  const flag = await createUnleashFlag('undo');
  await rolloutUnleashFlag(flag, environment, 25);
  const captured = await stateOf(flag);
  await servedSoon(flag, (answer) => answer === 'depends');
  const before = await unleash.read.served(environment);
  await kill(flag, 'off');
  await servedSoon(flag, (answer) => answer === false);
  expect((await unleash.read.served(environment)).revision).toBeGreaterThan(before.revision);
  const undo = restorePlan(captured, await stateOf(flag));
  await performFlagWrites(unleash.write, { flag, environment }, undo.writes);
  expect(await stateOf(flag)).toEqual(captured);
  await servedSoon(flag, (answer) => answer === 'depends');
});

test('undo of a kill to on takes the added strategy away again', async () => {
  const flag = await createUnleashFlag('undo-on', 'kill-switch');
  await rolloutUnleashFlag(flag, environment, 5);
  await unleash.write.setEnabled(flag, environment, false);
  const captured = await stateOf(flag);
  await kill(flag, 'on');
  const undo = restorePlan(captured, await stateOf(flag));
  expect(undo.writes.map(({ kind }) => kind)).toEqual(['disable', 'remove-strategy']);
  await performFlagWrites(unleash.write, { flag, environment }, undo.writes);
  expect(await stateOf(flag)).toEqual(captured);
});

test('children of a killed parent are listed', async () => {
  const parent = await createUnleashFlag('parent');
  const child = await createUnleashFlag('child');
  await unleash.read.flags();
  await unleashCall('POST', `/admin/projects/default/features/${child}/dependencies`, { feature: parent });
  const flags = await unleash.read.flags();
  expect(flags.find(({ flag }) => flag === parent)).toMatchObject({ children: [child] });
  expect(flags.find(({ flag }) => flag === child)).toMatchObject({ parents: [parent], parentNeeds: {} });
});

test('a child may need its parent off, or with a variant', async () => {
  const parent = await createUnleashFlag('parent');
  const [needsOff, needsVariant] = [await createUnleashFlag('child'), await createUnleashFlag('child')];
  const needs = (child: string, body: object) =>
    unleashCall('POST', `/admin/projects/default/features/${child}/dependencies`, { feature: parent, ...body });
  await needs(needsOff, { enabled: false });
  await needs(needsVariant, { variants: ['blue'] });
  expect((await unleash.read.flag(needsOff)).parentNeeds).toEqual({ [parent]: 'off' });
  expect((await unleash.read.flag(needsVariant)).parentNeeds).toEqual({ [parent]: 'a variant' });
});
