import { expect, test } from 'vitest';
import { boundUndoText, undoPlan } from '#app/domain/run/undo-plan.ts';
import { killPlan } from '../../support/pages/runs.ts';

const plan = killPlan(0);

test('an undo shows what stands and what comes back, and says what is looked at first', () => {
  expect(undoPlan({ state: 'succeeded', plan })).toEqual({
    diff: [
      { sign: '-', text: 'off' },
      { sign: '+', text: 'on · 25 % of users by userId' },
    ],
    text: 'Restores what stood before: on · 25 % of users by userId.',
    check: 'Looks at the target first: where somebody else has set it since, nothing is written and you are told.',
  });
});

test('what stands now is shown only where it is known', () => {
  const diff = [{ sign: '+' as const, text: 'on · 25 % of users by userId' }];
  expect(undoPlan({ state: 'failed', plan })).toMatchObject({ diff, check: expect.stringContaining('whatever it is') });
  expect(undoPlan({ state: 'succeeded', plan, movedOn: true })).toMatchObject({
    diff,
    check: 'Overwrites what somebody else has set since.',
  });
});

test('planned again half way, it goes back to before the first move, not to what the new plan read', () => {
  expect(undoPlan({ state: 'planned', plan })).toMatchObject({
    diff: [],
    text: 'Restores what stood before this step changed anything.',
  });
});

test('where nothing stood before, the undo is what its plan says: a workflow is cancelled, not restored', () => {
  const undo = 'Cancels the workflow while it is under way.';
  const started = killPlan(0, { diff: [{ sign: '+', text: 'drain.yml on main' }], undo });
  expect(undoPlan({ state: 'verifying', plan: started })).toEqual({ diff: [], text: undo, check: '' });
});

test('it is bound to what it restores, where, after which change, and to overwriting', () => {
  const step = { plan, captured: { percent: 25, stickiness: 'userId' } };
  const others = [
    { ...step, captured: { percent: 24, stickiness: 'userId' } },
    { ...step, plan: killPlan(0, { target: 'flag/production/other' }) },
    { ...step, plan: killPlan(0, { after: { enabled: false } }) },
    { ...step, movedOn: true },
  ];
  expect(new Set([step, ...others].map(boundUndoText)).size).toBe(5);
  // Neither words nor the order of keys are part of it.
  const same = { plan: killPlan(9, { title: 'Other words' }), captured: { stickiness: 'userId', percent: 25 } };
  expect(boundUndoText(same)).toBe(boundUndoText(step));
});
