import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectiveExposure } from '#app/domain/flag/exposure.ts';
import { applyFlagWrites, isSafe, killPlan, restorePlan, sameFlagState } from '#app/domain/flag/kill-plan.ts';
import { anyState, flagState, rollout } from './strategies.ts';

const off = { safe: { state: 'off' } } as const;
const on = { safe: { state: 'on' } } as const;
const blue = { safe: { state: 'variant', variant: 'blue' } } as const;

test('off is one write, and none when it is off already', () => {
  expect(killPlan(flagState(true, [rollout(25)]), off).writes).toEqual([{ kind: 'disable' }]);
  expect(killPlan(flagState(false, [rollout(25)]), off).writes).toEqual([]);
});

test('on adds the strategy for everyone before it enables', () => {
  const plan = killPlan(flagState(false, [rollout(5)]), on);
  expect(plan.writes.map(({ kind }) => kind)).toEqual(['add-strategy', 'enable']);
  expect(effectiveExposure(plan.after).text).toBe('on · everyone');
});

test('on keeps what already reaches everyone', () => {
  expect(killPlan(flagState(false, [rollout(100)]), on).writes).toEqual([{ kind: 'enable' }]);
});

test('a variant is put on every working strategy with the payload it has', () => {
  const variants = [
    { name: 'red', weight: 500 },
    { name: 'blue', weight: 500, payload: { type: 'string', value: 'b' } },
  ];
  const plan = killPlan(flagState(true, [rollout(100, { variants })]), blue);
  expect(plan.writes.map(({ kind }) => kind)).toEqual(['update-strategy']);
  expect(plan.after.strategies[0]!.variants).toEqual([
    {
      name: 'blue',
      weight: 1000,
      weightType: 'variable',
      stickiness: 'default',
      payload: { type: 'string', value: 'b' },
    },
  ]);
});

describe('for any state', () => {
  test.each([off, on, blue])('a kill reaches $safe.state and a second one has nothing to do', (declaration) => {
    fc.assert(
      fc.property(anyState, (state) => {
        const { after } = killPlan(state, declaration);
        expect(isSafe(after, declaration.safe)).toBe(true);
        if (declaration === off) expect(effectiveExposure(after).on).toBe(false);
        else expect(effectiveExposure(after).percent).toBe(100);
      }),
    );
  });

  test.each([off, on, blue])(
    'undo of a kill to $safe.state restores who got it, strategy by strategy',
    (declaration) => {
      fc.assert(
        fc.property(anyState, (state) => {
          const { after } = killPlan(state, declaration);
          const added = {
            ...after,
            strategies: after.strategies.map((one, i) => ({ ...one, id: one.id || `new${i}` })),
          };
          const restored = restorePlan(state, added).after;
          expect(restored.strategies).toEqual(state.strategies);
          expect(effectiveExposure(restored).percent).toBe(effectiveExposure(state).percent);
        }),
      );
    },
  );
});

test('undo turns off first, and on last', () => {
  const captured = flagState(false, [rollout(5)]);
  const now = applyFlagWrites(captured, killPlan(captured, on).writes);
  expect(restorePlan(captured, now).writes.map(({ kind }) => kind)).toEqual(['disable', 'remove-strategy']);
  const running = flagState(true, [rollout(25)]);
  const edited = flagState(false, [rollout(100)]);
  expect(restorePlan(running, edited).writes.map(({ kind }) => kind)).toEqual([
    'add-strategy',
    'remove-strategy',
    'enable',
  ]);
  expect(sameFlagState(restorePlan(running, edited).after, running)).toBe(true);
});

test('undo never enables a flag whose strategies are all switched off', () => {
  const captured = flagState(true, [rollout(100, { disabled: true })]);
  const plan = restorePlan(captured, { ...captured, enabled: false });
  expect(plan.writes).toEqual([]);
});

test('what was given back is seen as given back, whatever order Unleash keeps', () => {
  const captured = flagState(true, [rollout(25), rollout(5, { segments: [7] })]);
  const edited = { ...captured, strategies: captured.strategies.slice(1) };
  const restored = restorePlan(captured, edited).after;
  expect(restored.strategies).not.toEqual(captured.strategies);
  expect(sameFlagState(restored, captured)).toBe(true);
  expect(sameFlagState(edited, captured)).toBe(false);
  const shut = flagState(true, [rollout(100, { disabled: true })]);
  expect(sameFlagState(restorePlan(shut, { ...shut, enabled: false }).after, shut)).toBe(true);
});
