import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { appendAudit, createAuditStore, type NewAuditEntry } from '#app/stores/audit.server.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase({ each: true, max: 16 });

const entry = (n: number, change: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  at: 1_700_000_000_000 + n,
  actor: 'ada@studio.example',
  action: 'flag.kill',
  target: `flag/production/flag-${n}`,
  runId: `run-${n % 3}`,
  stepId: 'stop',
  reason: n % 2 ? 'it burns' : null,
  before: { rollout: n, enabled: true, at: n / 7 },
  after: { enabled: false, rollout: n },
  address: '192.0.2.7',
  ...change,
});
const append = (n: number, change?: Partial<NewAuditEntry>) =>
  database.db.transaction().execute((tx) => appendAudit(tx, entry(n, change)));
const verify = () => createAuditStore(database.db).verify();
const run = (statement: string) => sql.raw(statement).execute(database.db);

test('300 appends at once all survive, in one unbroken chain', async () => {
  const seqs = await Promise.all(Array.from({ length: 300 }, (_, n) => append(n)));
  expect([...seqs].sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, n) => n + 1));
  expect(await verify()).toEqual({ ok: true, brokenAt: null, entries: 300 });
});

test('a transaction that fails takes its line with it and leaves no gap', async () => {
  await append(1);
  await expect(
    database.db.transaction().execute(async (tx) => {
      await appendAudit(tx, entry(2));
      throw new Error('the business failed');
    }),
  ).rejects.toThrow('the business failed');
  await append(3);
  expect(await verify()).toEqual({ ok: true, brokenAt: null, entries: 2 });
});

test('whatever JSON comes in, the chain holds when it is read back', async () => {
  const odd = [
    { b: 1, a: { z: [1e21, 5e-324, -0, 0.1], '': null } },
    'text with \0 and \ud800 and 😀',
    { __proto__x: 1, '10': 'ten', '9': 'nine', long: 'x'.repeat(10_000) },
    [[], {}, [undefined]],
    JSON.parse('{"__proto__": {"deep": true}}'),
    null,
    undefined,
    0,
    false,
  ];
  for (const [n, value] of odd.entries()) await append(n, { before: value, after: { value }, reason: 'nul \0 inside' });
  expect(await verify()).toMatchObject({ ok: true, entries: odd.length });
});

test('secrets are taken out before the line is hashed', async () => {
  await database.db
    .transaction()
    .execute((tx) =>
      appendAudit(tx, entry(1, { reason: 'with s3cret inside', after: { token: 's3cret' } }), (text) =>
        text.replaceAll('s3cret', '[redacted]'),
      ),
    );
  const [line] = await createAuditStore(database.db).page({ limit: 1 });
  expect(line).toMatchObject({ reason: 'with [redacted] inside', after: { token: '[redacted]' } });
  expect((await verify()).ok).toBe(true);
});

describe('what verify finds', () => {
  beforeEach(async () => {
    for (let n = 1; n <= 6; n += 1) await append(n);
  });

  test.each([
    ['an edited text', `update audit set actor = 'nobody' where seq = 3`, 3],
    ['an edited value', `update audit set after = '{"enabled": true, "rollout": 4}' where seq = 4`, 4],
    ['a changed time', 'update audit set at = at + 1 where seq = 2', 2],
    ['a deletion in the middle', 'delete from audit where seq = 4', 4],
    ['a deletion at the start', 'delete from audit where seq = 1', 1],
    [
      'a deletion hidden by renumbering',
      'delete from audit where seq = 4; update audit set seq = 4 where seq = 5; update audit set seq = 5 where seq = 6',
      4,
    ],
    [
      'two swapped lines',
      'update audit set seq = 99 where seq = 2; update audit set seq = 2 where seq = 3; update audit set seq = 3 where seq = 99',
      2,
    ],
    [
      'contents swapped between two lines',
      `update audit set target = case seq when 2 then 'flag/production/flag-3' else 'flag/production/flag-2' end where seq in (2, 3)`,
      2,
    ],
  ])('%s', async (_name, statement, brokenAt) => {
    await run(statement);
    expect(await verify()).toMatchObject({ ok: false, brokenAt });
  });
});

test('pages come newest first and by run', async () => {
  for (let n = 1; n <= 6; n += 1) await append(n);
  const audit = createAuditStore(database.db);
  expect((await audit.page({ limit: 2 })).map((line) => line.seq)).toEqual([6, 5]);
  expect((await audit.page({ limit: 2, before: 5 })).map((line) => line.seq)).toEqual([4, 3]);
  expect((await audit.page({ limit: 9, runId: 'run-1' })).map((line) => line.seq)).toEqual([4, 1]);
});
