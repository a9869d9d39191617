import { expect, test } from 'vitest';
import type { RehearsalRecord } from '#app/domain/rehearsal/record.ts';
import { appendAudit, createAuditStore } from '#app/stores/audit.server.ts';
import { createRehearsalStore } from '#app/stores/rehearsals.server.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase({ each: true, max: 2 });

const record: RehearsalRecord = {
  runbook: 'burn',
  digest: 'a'.repeat(64),
  rehearsal: 'b'.repeat(64),
  cases: [
    { name: 'healthy', held: true, why: null },
    { name: 'broken', held: false, why: 'kill is failed,\u0000 not succeeded' },
  ],
  at: 5,
  by: 'ci',
};

test('the last rehearsal of a runbook replaces the one before, each with its audit line', async () => {
  const store = createRehearsalStore(database.db, async () => undefined, appendAudit);
  expect(await store.of('burn')).toBeNull();
  await store.record({ ...record, at: 3, cases: record.cases.slice(0, 1) }, null);
  await store.record(record, '10.0.0.7');
  const kept = await store.of('burn');
  expect(kept).toMatchObject({ ...record, cases: [record.cases[0], { name: 'broken', held: false }] });
  // PostgreSQL keeps no zero byte.
  expect(kept?.cases[1]?.why).not.toContain('\u0000');
  expect([...(await store.all()).keys()]).toEqual(['burn']);
  const audit = createAuditStore(database.db);
  const lines = await audit.page({ limit: 5 });
  expect(lines.map(({ action, target, actor }) => `${action} ${target} ${actor}`)).toEqual(
    Array(2).fill('rehearsal.recorded runbook/burn key ci'),
  );
  expect(await audit.verify()).toMatchObject({ ok: true });
});
