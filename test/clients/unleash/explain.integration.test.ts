import { expect, inject, test } from 'vitest';
import { readContext } from '#app/domain/flag/evaluation/context.ts';
import { explain } from '#app/domain/flag/evaluation/explain.ts';
import { readFeatures } from '#app/domain/flag/evaluation/features.ts';
import { effectiveExposure, exposureShare } from '#app/domain/flag/exposure.ts';
import { everyoneStrategy } from '#app/domain/flag/rollout.ts';
import { createUnleashFlag, rolloutUnleashFlag, unleashCall } from '#test/support/unleash.ts';
import { sdkOver } from '../../domain/flag/evaluation/sdk.ts';
import { openUnleash } from './console.ts';

const unleash = openUnleash();
const environment = 'production';
const path = (flag: string) => `/admin/projects/default/features/${flag}/environments/${environment}`;

/** What the real Unleash serves to SDKs once it has this flag, as text. */
async function served(flag: string): Promise<string> {
  const { url, clientToken } = inject('unleash');
  for (let i = 0; i < 100; i++) {
    const response = await fetch(`${url}/api/client/features`, {
      headers: { authorization: clientToken },
    });
    const text = await response.text();
    if (JSON.parse(text).features.some(({ name }: { name: string }) => name === flag)) return text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${flag} was not served`);
}

test('explains what a real Unleash serves as the real SDK evaluates it', async () => {
  const parent = await createUnleashFlag('parent');
  await rolloutUnleashFlag(parent, environment, 100);
  const flag = await createUnleashFlag('explained');
  const segment = (await unleashCall('POST', '/admin/segments', {
    name: `segment of ${flag}`,
    constraints: [{ contextName: 'appName', operator: 'IN', values: ['shop'] }],
  })) as { id: number };
  await unleashCall('POST', `${path(flag)}/strategies`, {
    name: 'flexibleRollout',
    parameters: { rollout: '60', stickiness: 'userId', groupId: flag },
    constraints: [{ contextName: 'userId', operator: 'NOT_IN', values: ['u1', 'u2'] }],
    segments: [segment.id],
    variants: [
      {
        name: 'blue',
        weight: 500,
        weightType: 'variable',
        stickiness: 'userId',
        payload: { type: 'string', value: 'b' },
      },
      { name: 'green', weight: 500, weightType: 'variable', stickiness: 'userId' },
    ],
  });
  await unleashCall('POST', `/admin/projects/default/features/${flag}/dependencies`, { feature: parent });
  await unleashCall('POST', `${path(flag)}/on`);
  const document = await served(flag);
  const sdk = sdkOver();
  const seen = new Set<string>();
  for (let i = 0; i < 100; i++) {
    const context = { userId: `u${i}`, appName: i % 5 ? 'shop' : 'other' };
    const asked = { context: readContext(JSON.stringify(context), 'c').context!, now: 0, host: null };
    const answer = explain(readFeatures(document, 'f', flag).served!, flag, asked)!;
    const { enabled, variant } = answer;
    expect({ enabled, variant }).toEqual(sdk.ask(JSON.parse(document), flag, context));
    seen.add(variant!.name);
  }
  expect(seen).toEqual(new Set(['blue', 'green', 'disabled']));
});

test('a strategy that is switched off is not served, and the exposure does not count it', async () => {
  const flag = await createUnleashFlag('asleep');
  await rolloutUnleashFlag(flag, environment, 0);
  await unleash.write.addStrategy(flag, environment, { ...everyoneStrategy(flag), disabled: true });
  const state = (await unleash.read.flag(flag)).environments.find((one) => one.environment === environment)!;
  expect(state.strategies).toHaveLength(2);
  expect(exposureShare(effectiveExposure(state))).toBe('0 %');
  const asked = { context: { userId: 'ada' }, now: 0, host: null };
  const { enabled, reasons } = explain(readFeatures(await served(flag), 'f', flag).served!, flag, asked)!;
  expect(enabled).toBe(false);
  expect(reasons[0]).toMatch(/^Strategy 1 of 1, flexibleRollout: not in: bucket \d+ of 100 for userId "ada"/);
});
