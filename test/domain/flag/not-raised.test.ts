import { expect, test } from 'vitest';
import type { FlagEnvironmentState } from '#app/domain/flag/flag.ts';
import { notRaised } from '#app/domain/flag/not-raised.ts';

const share = (rollout: string, constraints: FlagEnvironmentState['strategies'][number]['constraints'] = []) => ({
  ...{ id: rollout, name: 'flexibleRollout', constraints, segments: [], variants: [] },
  parameters: { rollout, stickiness: 'userId', groupId: 'a' },
});
const danes = [{ contextName: 'country', operator: 'IN', values: ['DK'] }] as never;
const state = (strategies: FlagEnvironmentState['strategies'], enabled = true): FlagEnvironmentState => ({
  ...{ flag: 'a', environment: 'production', enabled, strategies },
});

test.each<[string, FlagEnvironmentState, number, string | null]>([
  ['more than stands', state([share('25')]), 50, null],
  ['less than stands', state([share('25')]), 5, '25 %'],
  ['as much as stands', state([share('25')]), 25, '25 %'],
  ['a share of one that is off', state([share('25')], false), 5, null],
  ['a share of one without strategies', state([]), 5, '100 %'],
  ['a share beside a condition that stays', state([share('100', danes)]), 5, null],
])('%s', (_, before, percent, expected) => {
  expect(notRaised(before, percent)).toBe(expected);
});
