import { expect, test } from 'vitest';
import { clearFollowUps, openFollowUp, reopenFollowUp } from '#app/stores/follow-ups.server.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase();

test('what is killed again from another incident is left behind by that one', async () => {
  for (const id of ['first', 'second']) {
    await database.db
      .insertInto('incident')
      .values({ id, title: id, status: 'open', opened_at: 1, children: '[]' })
      .execute();
  }
  const kill = (incidentId: string, openedAt: number) =>
    database.db.transaction().execute((tx) =>
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
  const rows = await database.db.selectFrom('follow_up').select(['incident_id', 'opened_at', 'due_at']).execute();
  expect(rows).toEqual([{ incident_id: 'second', opened_at: 100, due_at: 207 }]);
});

test('what a change cleared stands again as it was; what was cleared before it, or is open anew, does not', async () => {
  const target = 'flag/production/moodboard-analysis-v3';
  const { db } = database;
  const change = (work: Parameters<ReturnType<typeof db.transaction>['execute']>[0]) => db.transaction().execute(work);
  const left = { kind: 'flag-killed' as const, target, service: null, owner: null, incidentId: null, runId: null };
  const open = (title: string, openedAt: number) =>
    change((tx) => openFollowUp(tx, { ...left, title, openedAt, dueAt: openedAt + 7, wayBack: null }));
  const opened = () =>
    db
      .selectFrom('follow_up')
      .select(['title', 'opened_at', 'due_at', 'cleared_by'])
      .where('target', '=', target)
      .where('cleared_at', 'is', null)
      .execute();
  await open('long ago', 100);
  await change((tx) => clearFollowUps(tx, target, 'ada', 150));
  await open('the kill', 200);
  await change((tx) => clearFollowUps(tx, target, 'ada', 300));
  await change((tx) => reopenFollowUp(tx, target, 301));
  expect(await opened()).toEqual([]);
  await change((tx) => reopenFollowUp(tx, target, 290));
  const stands = [{ title: 'the kill', opened_at: 200, due_at: 207, cleared_by: null }];
  expect(await opened()).toEqual(stands);
  await change((tx) => reopenFollowUp(tx, target, 100));
  expect(await opened()).toEqual(stands);
});
