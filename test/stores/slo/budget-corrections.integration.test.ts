import { expect, test } from 'vitest';
import { appendAudit, createAuditStore } from '#app/stores/audit.server.ts';
import { createBudgetCorrectionStore } from '#app/stores/slo/budget-corrections.server.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase();
const notices: string[] = [];
const notify = async (topic: string) => {
  notices.push(topic);
};
const store = () => createBudgetCorrectionStore(database.db, notify, appendAudit);
const correction = (change: object = {}) => ({
  ...{ slo: 'a', kind: 'exclusion' as const, from: 1_000, to: 2_000, bad: 5, total: 90 },
  ...{ reason: 'Load test', approvedBy: 'ada@example.com', approvedAt: 9_000, ...change },
});

test('is in force with its audit line, and gone with another once it is withdrawn', async () => {
  const id = await store().approve(correction(), '10.0.0.1');
  expect(await store().of(['a', 'b'], 0, 5_000)).toEqual([{ id, ...correction() }]);
  expect(await store().of(['a'], 1_001, 5_000)).toEqual([]);
  expect(await store().of(['b'], 0, 5_000)).toEqual([]);
  const ada = { email: 'grace@example.com' };
  expect(await store().withdraw({ slo: 'b', id }, ada, 9_500, null)).toBe(false);
  expect(await store().withdraw({ slo: 'a', id }, ada, 9_500, null)).toBe(true);
  expect(await store().withdraw({ slo: 'a', id }, ada, 9_600, null)).toBe(false);
  expect(await store().of(['a'], 0, 5_000)).toEqual([]);
  const lines = await createAuditStore(database.db, (text) => text).page({ limit: 9 });
  expect(lines.map(({ action, actor, target, reason }) => [action, actor, target, reason])).toEqual([
    ['budget.withdraw', 'grace@example.com', 'slo/a', null],
    ['budget.exclusion', 'ada@example.com', 'slo/a', 'Load test'],
  ]);
  expect(notices).toEqual(['slos', 'slos']);
});

test('no event is left out twice, not even by two people at once', async () => {
  const both = await Promise.allSettled([
    store().approve(correction({ slo: 'c' }), null),
    store().approve(correction({ slo: 'c', from: 1_500, to: 2_500 }), null),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'bad_input' } });
  expect(await store().of(['c'], 0, 5_000)).toHaveLength(1);
  // Next to it, of another SLO, or added on top is another matter.
  await store().approve(correction({ slo: 'c', from: 5_000, to: 6_000 }), null);
  await store().approve(correction({ slo: 'd' }), null);
  await store().approve(correction({ slo: 'c', kind: 'adjustment', bad: 7, total: 0 }), null);
  expect((await store().of(['c'], 0, 9_000)).length).toBe(3);
});

test('without an audit line there is no correction', async () => {
  const failing = createBudgetCorrectionStore(database.db, notify, async () => {
    throw new Error('no audit');
  });
  await expect(failing.approve(correction({ slo: 'e' }), null)).rejects.toThrow('no audit');
  expect(await store().of(['e'], 0, 5_000)).toEqual([]);
});
