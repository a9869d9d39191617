import { describe, expect, test } from 'vitest';
import { handOffer } from '#app/domain/run/by-hand.ts';
import { type StepState, stepStates } from '#app/domain/run/run.ts';
import { killPlan, step } from '../../support/pages/runs.ts';

const ada = { role: 'responder' } as const;
const run = (...steps: ReturnType<typeof step>[]) => ({ state: 'open' as const, steps });
const kill = (state: StepState, more = {}) => step('s', 0, { state, uses: 'flag.kill', kind: 'stop', ...more });

describe('telling of a step that it was done by hand', () => {
  test('only while no effect of Firebreak is under way, and none is there', () => {
    const where = stepStates.filter((state) => {
      const one = kill(state, { reason: 'The plan could not be read anew: Unleash answered 403.' });
      return handOffer(run(one), one, ada) !== null;
    });
    expect(where).toEqual(['pending', 'planned', 'failed', 'unknown']);
  });

  test('not of a step that only waits for its turn, nor of a later one', () => {
    const waits = kill('pending', { reason: null });
    expect(handOffer(run(waits), waits, ada)).toBeNull();
    const later = { ...kill('planned'), id: 'later', index: 1 };
    expect(handOffer(run(kill('planned'), later), later, ada)).toBeNull();
    expect(handOffer(run(kill('succeeded'), later), later, ada)).toEqual({ why: null });
  });

  test.each([
    ['manual', 'people'],
    ['wait', 'people'],
    ['slo.check', 'read'],
  ] as const)('not of %s', (uses, kind) => {
    const one = kill('planned', { uses, kind });
    expect(handOffer(run(one), one, ada)).toBeNull();
  });

  test('a refused plan is in nobody’s way: that is what hands are for', () => {
    const one = kill('planned', { plan: killPlan(0, { refused: 'Unleash refuses the token.' }) });
    expect(handOffer(run(one), one, ada)).toEqual({ why: null });
  });

  test('whoever may not confirm it may not tell it either', () => {
    const one = kill('planned', { plan: killPlan(0) });
    expect(handOffer(run(one), one, { role: 'viewer' })?.why).toMatch(/Viewers read/);
    expect(handOffer(run(one), one, { role: 'product', flags: ['other'] })?.why).toMatch(/flags you own/);
    expect(handOffer(run(one), one, { role: 'product', flags: ['voiceover-v2'] })).toEqual({ why: null });
    expect(handOffer({ ...run(one), state: 'done' }, one, ada)).toBeNull();
  });
});
