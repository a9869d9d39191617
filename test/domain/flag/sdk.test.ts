import { expect, test } from 'vitest';
import { isOldSdk, sdkWords } from '#app/domain/flag/sdk.ts';

test.each([
  ['unleash-client-node:4.1.0', true],
  ['unleash-client-node:v4.9.9', true],
  ['unleash-client-node:5.0.0', false],
  ['unleash-client-node:6.12.1', false],
  ['unleash-client-node:10.0.0', false],
  ['unleash-client-java:4.1.0', false],
  ['unknown', false],
])('%s is old: %s, more than one major version behind our own', (sdk, old) => expect(isOldSdk(sdk)).toBe(old));

test('SDKs are told with their number of instances, the old ones by name; who does not say is left out', () => {
  expect(sdkWords({ 'unleash-client-node:6.12.1': 2, 'unleash-client-node:4.1.0': 1, unknown: 3 })).toBe(
    '1 × unleash-client-node:4.1.0, old, 2 × unleash-client-node:6.12.1',
  );
  expect(sdkWords({ unknown: 3 })).toBe('');
});
