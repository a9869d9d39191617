import { describe, expect, it } from 'vitest';
import { aftermath } from '#app/domain/run/aftermath.ts';
import type { ActionKind, RunState, StepState } from '#app/domain/run/run.ts';

const step = (state: StepState, kind: ActionKind = 'stop', effectAt: number | null = 1, confirmedAt = effectAt) => ({
  ...{ state, kind, effectAt, confirmedAt },
});
const of = (state: RunState, ...steps: ReturnType<typeof step>[]) => aftermath({ state, steps });

describe('what a run leaves of its changes', () => {
  it.each(['pending', 'blocked', 'planned', 'awaiting-approval', 'running', 'verifying', 'failed', 'unknown'] as const)(
    'nobody says while a step of an open run is %s',
    (state) => expect(of('open', step('succeeded'), step(state))).toBeNull(),
  );

  it.each(['blocked', 'running', 'verifying', 'unknown'] as const)(
    'nobody says of a cancelled run with a step %s',
    (state) => expect(of('cancelled', step('succeeded'), step(state))).toBeNull(),
  );

  it('nobody says of a prepared run, nor of one whose steps are not there yet', () => {
    expect(of('prepared', step('succeeded', 'read'))).toBeNull();
    expect(of('open')).toBeNull();
  });

  it.each([
    ['open', [step('succeeded'), step('skipped', 'forward', null)], 'stands'],
    ['done', [step('undone'), step('succeeded', 'forward')], 'stands'],
    ['done', [step('failed')], 'stands'],
    // A person ended the wait for its proof: the change is there all the same.
    ['done', [step('skipped')], 'stands'],
    ['cancelled', [step('succeeded'), step('pending', 'stop', null)], 'stands'],
    ['done', [step('undone'), step('succeeded', 'read', null)], 'undone'],
    ['cancelled', [step('undone'), step('failed', 'forward', null, 1)], 'unseen'],
    ['done', [step('skipped', 'forward', null, 1)], 'unseen'],
    ['cancelled', [step('planned', 'stop', null)], 'nothing'],
    ['done', [step('succeeded', 'read', 1), step('succeeded', 'people', 1)], 'nothing'],
  ] as const)('a run that is %s: %j %s', (state, steps, expected) => expect(of(state, ...steps)).toBe(expected));
});
