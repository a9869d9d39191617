import { expect, test } from 'vitest';
import { awayFromSafe } from '#app/domain/flag/away-from-safe.ts';
import { exposePlan } from '#app/domain/flag/expose-plan.ts';
import type { FlagEnvironmentState, SafeState } from '#app/domain/flag/flag.ts';
import { readVariantShares } from '#app/domain/flag/variant-shares.ts';
import { flagState, rollout } from './strategies.ts';

const off: SafeState = { state: 'off' };
const on: SafeState = { state: 'on' };
const old: SafeState = { state: 'variant', variant: 'old' };

const variant = (name: string, weight: number) => ({ name, weight, weightType: 'variable', stickiness: 'default' });
const split = (share: number, ...variants: ReturnType<typeof variant>[]) =>
  flagState(true, [rollout(share, { variants })]);
const at = (share: number) => flagState(true, [rollout(share)]);

function away(state: FlagEnvironmentState, safe: SafeState, percent: number, variants: string | null = null): boolean {
  const read = variants === null ? null : readVariantShares(variants);
  return awayFromSafe(exposePlan(state, { percent, variants: read && 'shares' in read ? read.shares : null }), safe);
}

test.each([
  ['more people of a flag that is safe when off', at(25), off, 50, true],
  ['fewer of it', at(25), off, 5, false],
  ['nobody any more', at(100), off, 0, false],
  ['on from off', flagState(false, [rollout(5)]), off, 5, true],
  ['fewer of a fallback, which is safe when on', at(100), on, 0, true],
  ['a little fewer of it', at(100), on, 99, true],
  ['fewer of a flag that is safe at a variant', split(100, variant('old', 1000)), old, 50, true],
] as const)('%s', (_, state, safe, percent, expected) => {
  expect(away(state, safe, percent)).toBe(expected);
});

test('other variants for the same share move people as well; the same ones, or theirs that nobody gets, do not', () => {
  const blue = split(100, variant('blue', 1000));
  expect(away(blue, off, 100, 'green 100')).toBe(true);
  expect(away(blue, off, 100, 'blue 50, green 50')).toBe(true);
  expect(away(blue, off, 50, 'blue 100')).toBe(false);
  expect(away(blue, off, 0, 'green 100')).toBe(false);
  // Unleash keeps variants in the order of their names, whoever wrote them.
  expect(away(split(100, variant('green', 500), variant('blue', 500)), off, 80, 'blue 50, green 50')).toBe(false);
});

test('who had the variants of a strategy that is switched off gets others', () => {
  const two = flagState(true, [
    rollout(100, { variants: [variant('blue', 1000)] }),
    rollout(50, {
      variants: [variant('green', 1000)],
      parameters: { rollout: '50', stickiness: 'userId', groupId: 'g' },
    }),
  ]);
  expect(away(two, off, 100)).toBe(true);
});
