import { expect, test } from 'vitest';
import { describeStrategy, effectiveExposure } from '#app/domain/flag/exposure.ts';
import { flagState, rollout } from './strategies.ts';

const byUser = (percent: number, groupId = 'f') =>
  rollout(percent, { parameters: { rollout: String(percent), stickiness: 'userId', groupId } });
const denmark = [{ contextName: 'country', operator: 'IN', values: ['DK', 'SE'] }];

test.each([
  ['off whatever stands behind the switch', false, [rollout(100)], 'off', 0],
  ['one rollout', true, [byUser(25)], 'on · 25 % of users by userId', 25],
  ['two rollouts on one scale overlap: the larger wins', true, [rollout(25), rollout(5)], 'on · 25 % of users', 25],
  ['two rollouts on two scales are independent', true, [rollout(50), byUser(50, 'g')], 'on · 75 % of users', 75],
  ['sticking by default is sticking to the user', true, [rollout(50), byUser(50)], 'on · 50 % of users', 50],
  ['somebody left a 100 % behind the last slider', true, [rollout(100), byUser(5)], 'on · everyone', 100],
  [
    'a switched-off strategy lets in nobody',
    true,
    [rollout(100, { disabled: true }), rollout(5)],
    'on · 5 % of users',
    5,
  ],
  ['150 lets in everyone', true, [rollout('150')], 'on · everyone', 100],
  ['abc lets in nobody', true, [rollout('abc')], 'on · 0 % of users', 0],
  ['all switched off', true, [rollout(9, { disabled: true })], 'on · nobody: every strategy is switched off', 0],
  ['the plain strategy', true, [rollout(0, { name: 'default', parameters: {} })], 'on · everyone', 100],
])('%s', (_, enabled, strategies, text, percent) => {
  expect(effectiveExposure(flagState(enabled, strategies))).toMatchObject({ text, percent, on: enabled });
});

test('constraints and segments are named, and the percentage is a lower bound', () => {
  const exposure = effectiveExposure(
    flagState(true, [byUser(5), rollout(100, { constraints: denmark, segments: [3] })]),
    { 3: 'beta testers' },
  );
  expect(exposure.text).toBe(
    'on · 5 % of users by userId, or everyone where country is DK or SE and in segment beta testers',
  );
  expect(exposure).toMatchObject({ percent: 5, bounded: true });
});

test('variants are shown with their shares', () => {
  const variants = [
    { name: 'a', weight: 250 },
    { name: 'b', weight: 750 },
  ];
  expect(describeStrategy(rollout(100, { variants }))).toBe('everyone (a 25 %, b 75 %)');
});

test('an inverted constraint reads as its opposite', () => {
  const constraints = [{ contextName: 'appVersion', operator: 'NUM_GT', value: '4', values: [], inverted: true }];
  expect(describeStrategy(rollout(10, { constraints }))).toBe('10 % of users where appVersion ≤ 4');
});
