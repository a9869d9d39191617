import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exposePlan } from '#app/domain/flag/expose-plan.ts';
import { effectiveExposure } from '#app/domain/flag/exposure.ts';
import type { FlagEnvironmentState } from '#app/domain/flag/flag.ts';
import { applyFlagWrites, restorePlan, sameFlagState } from '#app/domain/flag/kill-plan.ts';
import { isUnconditional } from '#app/domain/flag/rollout.ts';
import { anyState, flagState, rollout } from './strategies.ts';

const to = (state: FlagEnvironmentState, percent: number) => exposePlan(state, { percent, variants: null });
const kinds = (state: FlagEnvironmentState, percent: number) => to(state, percent).writes.map(({ kind }) => kind);
/** The share of people without any condition. */
const plainShare = (state: FlagEnvironmentState) =>
  effectiveExposure({ ...state, strategies: state.strategies.filter(isUnconditional) }).percent;

const inDenmark = rollout(100, { constraints: [{ contextName: 'country', operator: 'IN', values: ['DK'] }] });

test('without a strategy one is added before the flag is turned on', () => {
  expect(kinds(flagState(false, []), 25)).toEqual(['add-strategy', 'enable']);
  expect(to(flagState(false, []), 25).after.strategies).toMatchObject([
    { name: 'flexibleRollout', parameters: { rollout: '25', stickiness: 'default', groupId: 'f' } },
  ]);
});

test('one that is there is changed, and nothing else', () => {
  expect(kinds(flagState(true, [rollout(5), inDenmark]), 25)).toEqual(['update-strategy']);
  expect(kinds(flagState(true, [rollout(25)]), 25)).toEqual([]);
});

test('one that is switched off is used again, and the flag turned on last', () => {
  const asleep = rollout(100, { disabled: true });
  expect(kinds(flagState(false, [asleep]), 5)).toEqual(['update-strategy', 'enable']);
  expect(to(flagState(false, [asleep]), 5).after.strategies[0]).toMatchObject({ id: asleep.id, disabled: false });
});

test('what would let in more is switched off first, what has conditions stays', () => {
  const plan = to(flagState(true, [rollout(5), rollout(100), inDenmark]), 25);
  expect(plan.writes.map(({ kind }) => kind)).toEqual(['update-strategy', 'update-strategy']);
  expect(plan.writes[0]).toMatchObject({ strategy: { disabled: true, parameters: { rollout: '5' } } });
  expect(plan.kept).toEqual([inDenmark]);
  expect(effectiveExposure(plan.after)).toMatchObject({ percent: 25, most: 100 });
});

test('an old gradual rollout keeps whom it stuck to', () => {
  const old = rollout(0, { name: 'gradualRolloutUserId', parameters: { percentage: '10', groupId: 'g' } });
  expect(to(flagState(true, [old]), 30).after.strategies[0]).toMatchObject({
    name: 'flexibleRollout',
    parameters: { rollout: '30', stickiness: 'userId', groupId: 'g' },
  });
});

test('0 % leaves a flag that is off alone, and takes one that is on from everybody without conditions', () => {
  expect(kinds(flagState(false, [rollout(25)]), 0)).toEqual([]);
  const plan = to(flagState(true, [rollout(25), inDenmark]), 0);
  expect(effectiveExposure(plan.after)).toMatchObject({ on: true, percent: 0, most: 100 });
});

test('variants are weighed as Unleash keeps them, with the payloads they have', () => {
  const payload = { type: 'string', value: 'b' };
  const state = flagState(true, [rollout(50, { variants: [{ name: 'blue', weight: 1000, payload }] })]);
  const shares = [
    { name: 'green', percent: 66.7 },
    { name: 'blue', percent: 33.3 },
  ];
  expect(exposePlan(state, { percent: 50, variants: shares }).after.strategies[0]!.variants).toEqual([
    { name: 'blue', weight: 333, weightType: 'fix', stickiness: 'default', payload },
    { name: 'green', weight: 667, weightType: 'variable', stickiness: 'default' },
  ]);
  expect(to(state, 60).after.strategies[0]!.variants).toEqual(state.strategies[0]!.variants);
});

test('from any state exactly the percentage is reached, a second time nothing is to do, and undo goes back', () => {
  fc.assert(
    fc.property(anyState, fc.integer({ min: 0, max: 100 }), (state, percent) => {
      const { after } = to(state, percent);
      const stayedOff = !state.enabled && percent === 0;
      expect(plainShare(after)).toBe(percent);
      expect(after.enabled).toBe(!stayedOff);
      expect(to(after, percent).writes).toEqual([]);
      const back = restorePlan(state, after).after;
      expect(sameFlagState(back, state)).toBe(true);
    }),
  );
});

test('on the way nobody without conditions gets more than at either end', () => {
  fc.assert(
    fc.property(anyState, fc.integer({ min: 0, max: 100 }), (state, percent) => {
      const { writes } = to(state, percent);
      const highest = Math.max(plainShare(state), percent);
      for (let done = 1; done < writes.length; done++)
        expect(plainShare(applyFlagWrites(state, writes.slice(0, done)))).toBeLessThanOrEqual(highest);
    }),
  );
});
