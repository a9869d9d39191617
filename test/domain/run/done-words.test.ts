import { expect, test } from 'vitest';
import { doneLines, undoneText } from '#app/domain/run/done-words.ts';
import type { RunStep } from '#app/domain/run/run.ts';
import { killPlan, step } from '../../support/pages/runs.ts';

const at = Date.UTC(2026, 10, 22, 3, 26);
const kill = (more: Partial<RunStep>) =>
  step('kill', 1, { plan: killPlan(at), confirmedBy: 'Ada', confirmedAt: at, state: 'succeeded', ...more });
const what = 'Bring voiceover-v2 to off in production (flag/production/voiceover-v2), by Ada at 03:26 UTC';

test.each([
  [{ result: 'improved' as const }, 'verified, the burn fell'],
  [{ result: 'worse' as const }, 'in effect, and it burns more than before'],
  [{ result: 'no_data' as const }, 'in effect; too little data to tell whether it helped'],
  [{}, 'done'],
  [{ state: 'verifying' as const }, 'under way'],
  [{ state: 'failed' as const, result: 'none' as const }, 'failed'],
  [{ state: 'undone' as const }, 'undone'],
])('a change of %j is told with who, where, when and what became of it', (more, verdict) => {
  expect(doneLines([kill(more)])).toEqual([`${what}: ${verdict}`]);
});

test('reads, people and what was passed over or never confirmed changed nothing', () => {
  const others = [
    step('check', 0, { kind: 'read', state: 'succeeded', confirmedAt: at }),
    step('tell', 0, { kind: 'people', state: 'succeeded', confirmedAt: at }),
    kill({ state: 'skipped' }),
    kill({ state: 'failed', confirmedAt: null }),
  ];
  expect(doneLines(others)).toEqual([]);
});

test('an undo says what is there again', () => {
  expect(undoneText(kill({ confirmedBy: 'Grace' }))).toBe(
    `Undone: ${what.replace('Ada', 'Grace')}. There again: on · 25 % of users by userId.`,
  );
});
