import { expect, test } from 'vitest';
import { createStatesReader } from '#app/stores/slo/slo-states.server.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase();

const row = (slo: string, at: number) => ({ slo, service: 'voice', at, condition: 'ok', tier: null, evaluation: '{}' });

test('states are read again when a row was written, failed or removed, and only then', async () => {
  const read = createStatesReader(database.db);
  expect(await read()).toEqual([]);

  await database.db
    .insertInto('slo_state')
    .values([row('b', 1), row('a', 1)])
    .execute();
  const first = await read();
  expect(first.map(({ slo, at }) => [slo, at])).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
  expect(await read()).toBe(first);

  await database.db.updateTable('slo_state').set({ at: 2 }).where('slo', '=', 'b').execute();
  expect((await read()).map(({ at }) => at)).toEqual([1, 2]);

  await database.db.updateTable('slo_state').set({ error: 'no answer', error_at: 3 }).where('slo', '=', 'a').execute();
  expect((await read())[0]).toMatchObject({ error: 'no answer', errorAt: 3 });

  await database.db.deleteFrom('slo_state').where('slo', '=', 'a').execute();
  expect((await read()).map(({ slo }) => slo)).toEqual(['b']);
});

test('a write that commits after a later one is seen too', async () => {
  const read = createStatesReader(database.db);
  await read();
  let commit: () => void = () => undefined;
  const wait = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let written: () => void = () => undefined;
  const hasWritten = new Promise<void>((resolve) => {
    written = resolve;
  });
  const early = database.db.transaction().execute(async (tx) => {
    await tx.insertInto('slo_state').values(row('early', 1)).execute();
    written();
    await wait;
  });
  await hasWritten;
  await database.db.insertInto('slo_state').values(row('late', 1)).execute();
  expect((await read()).map(({ slo }) => slo)).toContain('late');
  commit();
  await early;
  expect((await read()).map(({ slo }) => slo)).toContain('early');
});
