import { expect, test } from 'vitest';
import type { StepState } from '#app/domain/run/run.ts';
import { type StepRow, undoableStep } from '#app/stores/run/run-rows.ts';

const open = { state: 'open' } as const;

/** A change, as far as undoing looks at it. */
function change(id: string, confirmedAt: number, state: StepState, captured: unknown = 'before'): StepRow {
  return {
    ...{ run_id: 'r', step_id: id, index: 0, uses: 'flag.kill', kind: 'stop', state, result: 'none', reason: null },
    ...{ plan_hash: null, plan: null, attempt: 1, epoch: 1, confirmed_by: null, confirmed_at: confirmedAt },
    ...{ confirm_reason: null, effect_at: null, ended_at: null, verification: null, evidence: null, outputs: {} },
    ...{ captured, drive: {} },
  };
}

test('the newest change is undone first', () => {
  expect(undoableStep(open, [change('one', 1, 'succeeded'), change('two', 2, 'failed')])).toBe('two');
});

test.each<StepState>(['running', 'blocked', 'unknown'])(
  'nothing is undone under a later change that is %s',
  (state) => {
    expect(undoableStep(open, [change('one', 1, 'succeeded'), change('two', 2, state, null)])).toBeNull();
  },
);

test('telling people, however it ends, keeps nobody from undoing', () => {
  const note: StepRow = { ...change('note', 2, 'unknown', null), uses: 'pagerduty.note', kind: 'people' };
  expect(undoableStep(open, [change('one', 1, 'succeeded'), note])).toBe('one');
});
