import { expect, test } from 'vitest';
import { createSdkVersions } from '#app/clients/unleash/sdk-versions.ts';

const [one, other] = ['unleash-node-sdk:6.12.1', 'unleash-client-go:5.0.0'];
const told = (versions: Record<string, string | null>) =>
  Object.entries(versions).map(([instanceId, sdkVersion]) => ({ instanceId, sdkVersion }));

test('the version that an instance registered with stands while Unleash tells none, until it tells another', () => {
  const { complete } = createSdkVersions();
  expect(complete('shop', 'production', told({ a: one, b: null }))).toEqual(told({ a: one, b: null }));
  expect(complete('shop', 'production', told({ a: null, b: null }))).toEqual(told({ a: one, b: null }));
  expect(complete('shop', 'production', told({ a: other, b: one }))).toEqual(told({ a: other, b: one }));
  expect(complete('shop', 'production', told({ a: null, b: null }))).toEqual(told({ a: other, b: one }));
});

test('an instance of the same name elsewhere is another one, and one that is gone is forgotten', () => {
  const { complete } = createSdkVersions();
  complete('shop', 'production', told({ a: one }));
  expect(complete('shop', 'development', told({ a: null }))).toEqual(told({ a: null }));
  expect(complete('bakery', 'production', told({ a: null }))).toEqual(told({ a: null }));
  expect(complete('shop', 'production', [])).toEqual([]);
  expect(complete('shop', 'production', told({ a: null }))).toEqual(told({ a: null }));
});
