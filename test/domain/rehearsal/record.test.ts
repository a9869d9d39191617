import { expect, test } from 'vitest';
import { type RehearsalRecord, rehearsalReport, rehearsalStanding } from '#app/domain/rehearsal/record.ts';

const now = { digest: 'a'.repeat(64), rehearsal: 'b'.repeat(64) };
const record: RehearsalRecord = {
  runbook: 'burn',
  ...now,
  cases: [
    { name: 'one', held: true, why: null },
    { name: 'two', held: true, why: null },
  ],
  at: 7,
  by: 'ci',
};

test('a record stands for exactly the bytes that it was made with', () => {
  const says = (over: Partial<RehearsalRecord>, bytes: { digest: string; rehearsal: string | null } = now) => {
    const { state, text } = rehearsalStanding({ ...record, ...over }, bytes);
    return `${state}: ${text}`;
  };
  expect(says({})).toBe('held: rehearsed on the simulator, this version, 2 of 2 cases');
  expect(says({ digest: 'c'.repeat(64) })).toBe('other-bytes: rehearsed with other bytes, 2 of 2 cases');
  expect(says({}, { ...now, rehearsal: 'c'.repeat(64) })).toBe(
    'other-bytes: rehearsed as other stories tell, 2 of 2 cases',
  );
  expect(says({}, { ...now, rehearsal: null })).toContain('other-bytes');
  const failed = [record.cases[0]!, { name: 'two', held: false, why: 'kill is failed' }];
  expect(says({ cases: failed })).toBe('failed: rehearsed on the simulator, this version, 1 of 2 cases');
  expect(rehearsalStanding({ ...record, cases: failed }, now).failed).toEqual([{ name: 'two', why: 'kill is failed' }]);
});

test('without a record it is told whether there is anything to rehearse', () => {
  expect(rehearsalStanding(null, now).state).toBe('never');
  expect(rehearsalStanding(null, { ...now, rehearsal: null }).state).toBe('undeclared');
});

test('a report names its bytes by SHA-256 and has a case', () => {
  const { at: _at, by: _by, ...report } = record;
  expect(rehearsalReport.safeParse(report).success).toBe(true);
  expect(rehearsalReport.safeParse({ ...report, digest: 'short' }).success).toBe(false);
  expect(rehearsalReport.safeParse({ ...report, cases: [] }).success).toBe(false);
  expect(rehearsalReport.safeParse({ ...report, more: 1 }).success).toBe(false);
});
