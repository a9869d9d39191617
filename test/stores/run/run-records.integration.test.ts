import { beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '#app/platform/clock.ts';
import { ensurePerson } from '#app/platform/people.server.ts';
import { createRedactor } from '#app/platform/redact.ts';
import { appendAudit, createAuditStore } from '#app/stores/audit.server.ts';
import { readTimeline } from '#app/stores/incident/timeline.server.ts';
import { createPeopleStore } from '#app/stores/people.server.ts';
import { createRunRecordStore, type RunRecordStore } from '#app/stores/run/run-records.server.ts';
import { ada, catalogOf, grace, linus, vera } from '#test/engine/harness.ts';
import { testDatabase } from '#test/support/database.ts';
import { insertRun } from '#test/support/run-rows.ts';

const href = '/runs/x';
const link = `https://console.example${href}`;
const database = testDatabase();
let records: RunRecordStore;
let run: string;
let count = 0;

beforeAll(async () => {
  const redactor = createRedactor();
  redactor.add('hunter2-hunter2');
  const chat = { name: 'voice', title: 'Voice', url: 'https://chat.example', method: 'POST', use: 'chat' };
  const catalog = { ...catalogOf([]), endpoints: [{ ...chat, headers: {}, repeatable: false }] };
  records = createRunRecordStore({
    db: database.db,
    catalog: async () => catalog as never,
    people: createPeopleStore(database.db, systemClock.wall),
    clock: { now: () => 1_000 },
    notify: async () => undefined,
    audit: (tx, entry) => appendAudit(tx, entry, redactor.text),
    redact: redactor.text,
    mode: 'act',
  });
  for (const { email, name, role, teams } of [ada, grace, linus, vera]) {
    await ensurePerson(database.db, { email, name, role: role as 'viewer', teams, password: 'a-long-password-1' });
  }
  await database.db
    .insertInto('incident')
    .values({ id: 'inc', title: 'Voiceover burns', status: 'open', opened_at: 1, children: '[]' })
    .execute();
});
beforeEach(async () => {
  count += 1;
  run = await insertRun(database.db, { id: `run-${count}`, incident_id: 'inc' });
});

const hand = (to: string, from: string | null, by = ada) =>
  records.handOver({ runId: run, to, from, reason: 'I have to sleep.', href, link, actor: by });

test('a note is kept without its secret: on the run, in the timeline and in the audit', async () => {
  await records.note({
    runId: run,
    stepId: null,
    href,
    text: '  The vendor says hunter2-hunter2 is out.  ',
    actor: ada,
  });
  const said = 'The vendor says [redacted] is out.';
  expect(await records.notes(run)).toMatchObject([
    { kind: 'note', text: said, by: { name: 'Ada' }, to: null, at: 1_000 },
  ]);
  const timeline = await readTimeline(database.db, 'inc');
  expect(timeline.at(-1)).toMatchObject({ kind: 'note', text: said, actor: 'Ada', href });
  expect(await createAuditStore(database.db).page({ limit: 1, runId: run })).toMatchObject([
    { action: 'run.note', actor: ada.email, reason: said },
  ]);
});

test('who only reads, or says nothing, adds no note; nor does anybody to a step that is not there', async () => {
  await expect(records.note({ runId: run, stepId: null, href, text: 'Hello', actor: vera })).rejects.toThrow('role');
  await expect(records.note({ runId: run, stepId: null, href, text: '  ', actor: ada })).rejects.toThrow(
    'one sentence',
  );
  await expect(records.note({ runId: run, stepId: 'no', href, text: 'Hello', actor: ada })).rejects.toThrow(
    'nothing at',
  );
  expect(await records.notes(run)).toEqual([]);
});

test('a run is handed over with a sentence; its new owner is told in the chat of their team', async () => {
  await hand(linus.email, null);
  expect(await records.heldBy(linus.email)).toMatchObject([{ id: run }]);
  const told = await database.db.selectFrom('outbox').selectAll().where('kind', '=', 'chat').execute();
  expect(told.at(-1)?.body).toMatchObject({
    endpoint: 'voice',
    text: `Ada handed this run to Linus: I have to sleep.\n${run}`,
    link,
  });
  expect((await createAuditStore(database.db).page({ limit: 1, runId: run }))[0]).toMatchObject({
    action: 'run.hand-over',
    before: { assignee: null },
    after: { assignee: { email: linus.email } },
  });
});

test('of two who take the same run, the second learns who has it', async () => {
  await hand(grace.email, null, grace);
  await expect(hand(ada.email, null)).rejects.toThrow('Grace has this run now');
  await hand(ada.email, grace.email);
  expect(await records.heldBy(grace.email)).not.toContainEqual(expect.objectContaining({ id: run }));
  const outbox = await database.db.selectFrom('outbox').select('dedup_key').execute();
  expect(outbox.filter(({ dedup_key: key }) => key.startsWith(`handed/${run}/`))).toEqual([]);
});

test('nothing is handed to who only reads or was disabled, nor once the run has ended', async () => {
  await expect(hand(vera.email, null)).rejects.toThrow('somebody who may act');
  await database.db.updateTable('user').set({ banned: true }).where('email', '=', grace.email).execute();
  await expect(hand(grace.email, null)).rejects.toThrow('somebody who may act');
  await database.db.updateTable('user').set({ banned: false }).where('email', '=', grace.email).execute();
  await database.db.updateTable('run').set({ state: 'done' }).where('id', '=', run).execute();
  await expect(hand(grace.email, null)).rejects.toThrow('has ended');
  await expect(
    records.note({ runId: run, stepId: null, href, text: 'For the postmortem.', actor: ada }),
  ).resolves.toBeUndefined();
});
