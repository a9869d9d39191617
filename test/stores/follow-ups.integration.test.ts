import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DbHandle, openDb } from '#app/platform/db.server.ts';
import { openFollowUp } from '#app/stores/follow-ups.server.ts';
import { createTestDatabase } from '#test/support/database.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let handle: DbHandle;
beforeAll(async () => {
  database = await createTestDatabase();
  handle = openDb(database.url, { onError: () => undefined });
});
afterAll(async () => {
  await handle?.close();
  await database?.drop();
});

test('what is killed again from another incident is left behind by that one', async () => {
  for (const id of ['first', 'second']) {
    await handle.db
      .insertInto('incident')
      .values({ id, title: id, status: 'open', opened_at: 1, children: '[]' })
      .execute();
  }
  const kill = (incidentId: string, openedAt: number) =>
    handle.db.transaction().execute((tx) =>
      openFollowUp(tx, {
        kind: 'flag-killed',
        target: 'flag/production/voiceover-v2',
        title: 'voiceover-v2 is off',
        service: 'voiceover',
        owner: 'linus@studio.example',
        dueAt: openedAt + 7,
        wayBack: null,
        incidentId,
        runId: null,
        openedAt,
      }),
    );
  await kill('first', 100);
  await kill('second', 200);
  const rows = await handle.db.selectFrom('follow_up').select(['incident_id', 'opened_at', 'due_at']).execute();
  expect(rows).toEqual([{ incident_id: 'second', opened_at: 100, due_at: 207 }]);
});
