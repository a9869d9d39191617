import fc from 'fast-check';
import type { FlagEnvironmentState, FlagStrategy } from '#app/domain/flag/flag.ts';

let nextId = 0;

/** A gradual rollout to `percent`, with what a test changes about it. */
export function rollout(percent: number | string, over: Partial<FlagStrategy> = {}): FlagStrategy {
  return {
    id: `s${++nextId}`,
    name: 'flexibleRollout',
    title: null,
    disabled: false,
    parameters: { rollout: String(percent), stickiness: 'default', groupId: 'f' },
    constraints: [],
    segments: [],
    variants: [],
    ...over,
  };
}

/** A flag named f in production. */
export function flagState(enabled: boolean, strategies: FlagStrategy[]): FlagEnvironmentState {
  return { flag: 'f', environment: 'production', enabled, strategies };
}

const anyStrategy = fc
  .record({
    percent: fc.constantFrom(0, 5, 25, 50, 100),
    stickiness: fc.constantFrom('default', 'userId'),
    disabled: fc.boolean(),
    constraints: fc.constantFrom<FlagStrategy['constraints'][]>(
      [],
      [{ contextName: 'country', operator: 'IN', values: ['DK'] }],
    ),
    variants: fc.constantFrom<FlagStrategy['variants'][]>(
      [],
      [{ name: 'blue', weight: 1000, stickiness: 'default', weightType: 'variable' }],
    ),
  })
  .map(({ percent, stickiness, ...over }) =>
    rollout(percent, { ...over, parameters: { rollout: String(percent), stickiness, groupId: 'f' } }),
  );

/** Any state Unleash can be in: a flag that is on has at least one strategy. */
export const anyState = fc
  .tuple(fc.boolean(), fc.array(anyStrategy, { maxLength: 4 }))
  .map(([enabled, strategies]) => flagState(enabled && strategies.length > 0, strategies));
