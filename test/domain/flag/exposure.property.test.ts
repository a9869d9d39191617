import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exposureRange, type ParentState } from '#app/domain/flag/exposure-range.ts';
import type { FlagStrategy } from '#app/domain/flag/flag.ts';
import { sdkOver } from './evaluation/sdk.ts';
import { flagState, rollout } from './strategies.ts';

const sdk = sdkOver();
const people = 1500;
/** Points of a per cent that a sample of this size may be off: over five standard deviations, since each kind of asker is one. */
const tolerance = 7;

const countries = ['DK', 'SE', 'NO'];
const levels = [1, 4, 7];
const constraint: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  { contextName: 'country', operator: 'IN', values: ['DK'] },
  { contextName: 'country', operator: 'NOT_IN', values: ['DK'] },
  { contextName: 'country', operator: 'IN', values: ['DK', 'SE'] },
  { contextName: 'country', operator: 'IN', values: ['SE'], inverted: true },
  { contextName: 'level', operator: 'NUM_GT', value: '2', values: [] },
  { contextName: 'level', operator: 'NUM_LT', value: '5', values: [] },
  { contextName: 'plan', operator: 'STR_STARTS_WITH', values: ['pro'] },
  { contextName: 'plan', operator: 'STR_STARTS_WITH', values: ['pro'], inverted: true },
);
const strategy: fc.Arbitrary<FlagStrategy> = fc
  .record({
    kind: fc.constantFrom(
      'flexibleRollout',
      'flexibleRollout',
      'flexibleRollout',
      'gradualRolloutUserId',
      'gradualRolloutRandom',
      'default',
    ),
    percent: fc.constantFrom('0', '10', '25', '50', '80', '100', '12.5', 'abc'),
    stickiness: fc.constantFrom('default', 'userId', 'sessionId', 'random'),
    groupId: fc.constantFrom('f', 'g'),
    constraints: fc.oneof(
      { weight: 2, arbitrary: fc.constant<unknown[]>([]) },
      { weight: 1, arbitrary: fc.array(constraint, { minLength: 1, maxLength: 2 }) },
    ),
    segments: fc.constantFrom<number[]>([], [], [], [1]),
  })
  .map(({ kind, percent, stickiness, groupId, constraints, segments }) =>
    rollout(0, {
      name: kind,
      constraints,
      segments,
      parameters:
        kind === 'flexibleRollout'
          ? { rollout: percent, stickiness, groupId }
          : kind === 'default'
            ? {}
            : { percentage: percent, groupId },
    }),
  );
const strategies = fc.array(strategy, { minLength: 1, maxLength: 3 });

/** Every kind of asker that the constraints and the segment tell apart. */
const kinds = countries.flatMap((country) =>
  levels.flatMap((level) =>
    ['pro', 'free'].flatMap((plan) =>
      [true, false].flatMap((beta) => [true, false].map((anonymous) => ({ country, level, plan, beta, anonymous }))),
    ),
  ),
);

/** Whoever carries no user gets nothing of what sticks to users: that is no kind of its own. */
function askersOf(list: FlagStrategy[]): typeof kinds {
  const asksUsers = list.some(
    ({ name, parameters }) => name === 'gradualRolloutUserId' || parameters.stickiness === 'userId',
  );
  return kinds.filter(({ anonymous }) => !(anonymous && asksUsers));
}

/** The share of people of each kind that the real SDK lets in, percent. */
function sampled(features: unknown[], askers: typeof kinds): number[] {
  const document = {
    features,
    segments: [{ id: 1, constraints: [{ contextName: 'beta', operator: 'IN', values: ['true'] }] }],
  };
  return askers.map(({ anonymous, ...properties }) => {
    let on = 0;
    for (let i = 0; i < people; i++)
      if (
        sdk.ask(document, 'child', { ...(anonymous ? {} : { userId: `u${i}` }), sessionId: `s${i}`, properties })
          .enabled
      )
        on++;
    return (on / people) * 100;
  });
}

const names = (list: FlagStrategy[]) =>
  list.map(({ name, parameters, constraints, segments }) => ({ name, parameters, constraints, segments }));

test('the range is what the real SDK gives the kind of asker that gets least and the one that gets most', () => {
  fc.assert(
    fc.property(strategies, (list) => {
      const { least, most } = exposureRange(flagState(true, list));
      const shares = sampled([{ name: 'child', enabled: true, strategies: names(list) }], askersOf(list));
      expect(Math.abs(Math.min(...shares) - least)).toBeLessThan(tolerance);
      expect(Math.abs(Math.max(...shares) - most)).toBeLessThan(tolerance);
    }),
    { numRuns: 30, seed: 7 },
  );
});

test('with a parent nobody gets more than both allow, and the overlap is counted', () => {
  const parent = fc.record({
    list: fc.array(
      strategy.filter(({ constraints, segments }) => constraints.length + segments.length === 0),
      { maxLength: 2 },
    ),
    enabled: fc.boolean(),
    needs: fc.constantFrom('on', 'off'),
  });
  fc.assert(
    fc.property(
      strategies.map((list) => list.map((one) => ({ ...one, constraints: [], segments: [] }))),
      parent,
      (list, { list: above, enabled, needs }) => {
        const parents: ParentState[] = [
          { flag: 'parent', needs: needs as 'on' | 'off', state: flagState(enabled, above) },
        ];
        const range = exposureRange(flagState(true, list), parents);
        const [share] = sampled(
          [
            {
              name: 'child',
              enabled: true,
              strategies: names(list),
              dependencies: [{ feature: 'parent', enabled: needs === 'on' }],
            },
            { name: 'parent', enabled, strategies: names(above) },
          ],
          kinds.filter(({ anonymous }) => !anonymous).slice(0, 1),
        );
        expect(share).toBeGreaterThan(range.least - tolerance);
        expect(share).toBeLessThan(range.most + tolerance);
        // A range only for those without a user.
        expect(range.most).toBeGreaterThanOrEqual(range.least);
      },
    ),
    { numRuns: 100, seed: 8 },
  );
});
