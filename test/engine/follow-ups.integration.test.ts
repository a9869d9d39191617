import { beforeAll, expect, test } from 'vitest';
import { clearTurnedBack } from '#app/engine/clear-turned-back.server.ts';
import { remindOwners } from '#app/engine/remind-owners.server.ts';
import { ensurePerson } from '#app/platform/people.server.ts';
import { appendAudit, createAuditStore } from '#app/stores/audit.server.ts';
import { changeFollowUp } from '#app/stores/change-follow-up.server.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { createFollowUpStore, openFollowUp } from '#app/stores/follow-ups.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { createPeopleStore } from '#app/stores/people.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { insertRun } from '#test/support/run-rows.ts';
import { catalogOf, linus } from './harness.ts';

const hour = 3_600_000;
const dueAt = 100 * hour;
const notify = async () => undefined;
const database = testDatabase();
let now = 0;
const clock = { now: () => now };

beforeAll(async () => {
  const { email, name, teams } = linus;
  await ensurePerson(database.db, { email, name, role: 'product', teams, password: 'a-long-password-1' });
});

const store = () => createFollowUpStore(database.db, notify, async () => undefined);
async function leave(
  flag: string,
  owner: string,
  runId: string | null = null,
  incidentId: string | null = null,
): Promise<string> {
  const target = `flag/production/${flag}`;
  const left = { kind: 'flag-killed' as const, target, title: `${flag} is off in production`, service: null, owner };
  const wayBack = { template: 'template:flag.restore', label: `Restore ${flag}`, inputs: { flag } };
  await database.db
    .transaction()
    .execute((tx) => openFollowUp(tx, { ...left, incidentId, runId, openedAt: 0, dueAt, wayBack }));
  return (await store().open()).find((each) => each.target === target)!.id;
}

function remind(mode: 'act' | 'shadow' = 'act', pages: { id: string; status: string }[] = []) {
  const chat = { name: 'voice', title: 'Voice', url: 'https://chat.example', method: 'POST', use: 'chat' };
  const catalog = { ...catalogOf([]), endpoints: [{ ...chat, headers: {}, repeatable: false }] };
  return remindOwners({
    ...{ db: database.db, clock, notify, mode },
    catalog: async () => catalog as never,
    people: createPeopleStore(database.db, () => 0),
    incidents: { pagerDuty: async () => pages as never },
    from: 'firebreak@studio.example',
    followUpUrl: (id) => `https://console.example/follow-ups#${id}`,
  })();
}
const told = async (id: string) =>
  (await database.db.selectFrom('outbox').selectAll().where('kind', '=', 'chat').orderBy('created_at').execute())
    .map(({ body }) => body as { endpoint: string; text: string; link: string })
    .filter(({ link }) => link.endsWith(id));

test('an owner is reminded once when it is due, then once a day, in the chat of their team; not once it is cleared', async () => {
  const id = await leave('voiceover-v2', linus.email);
  now = dueAt - 1;
  await remind();
  now = dueAt;
  await remind('shadow');
  expect(await told(id)).toEqual([]);
  await Promise.all([remind(), remind()]);
  await remind();
  expect(await told(id)).toEqual([
    {
      endpoint: 'voice',
      text: 'Due now: voiceover-v2 is off in production, for 4 d 4 h. Owner linus@studio.example. The way back: Restore voiceover-v2.',
      link: `https://console.example/follow-ups#${id}`,
    },
  ]);
  now = dueAt + 23 * hour;
  await remind();
  expect(await told(id)).toHaveLength(1);
  now = dueAt + 24 * hour;
  await remind();
  expect((await told(id)).at(-1)?.text).toMatch(/^Overdue for 1 d: voiceover-v2/);
  await store().clear(id, linus, now);
  now = dueAt + 72 * hour;
  await remind();
  expect(await told(id)).toHaveLength(2);
});

test('a follow-up whose owner has no chat is reminded of later, once there is one: nothing counts as told', async () => {
  const id = await leave('moodboard-analysis-v3', 'visuals');
  now = dueAt;
  await remind();
  const row = await database.db.selectFrom('follow_up').select('reminded_at').where('id', '=', id).executeTakeFirst();
  expect(row?.reminded_at).toBeNull();
  expect(await store().reminders([id])).toEqual(new Map());
});

test('without a chat a page that still stands is told, and the follow-up knows where its reminder went', async () => {
  const incident = 'still-paged';
  const opened = { id: incident, title: incident, status: 'open' as const, opened_at: 1, children: '[]' };
  await database.db.insertInto('incident').values(opened).execute();
  const id = await leave('animatic-v2', 'visuals', null, incident);
  now = dueAt;
  await remind('act', [
    { id: 'P1', status: 'resolved' },
    { id: 'P2', status: 'triggered' },
  ]);
  const notes = await database.db.selectFrom('outbox').selectAll().where('kind', '=', 'pagerduty-note').execute();
  expect(notes.map(({ body }) => body)).toEqual([
    expect.objectContaining({ pagerDutyId: 'P2', text: expect.stringContaining('Due now: animatic-v2 is off') }),
  ]);
  const sent = { at: dueAt, to: ['PagerDuty'], taken: 0, error: null };
  expect((await store().reminders([id, 'unknown'])).get(id)).toEqual(sent);
  await database.db.updateTable('outbox').set({ delivered_at: now }).where('id', '=', notes[0]!.id).execute();
  now += 24 * hour;
  await remind('act', [{ id: 'P2', status: 'triggered' }]);
  await remind('act', [{ id: 'P2', status: 'triggered' }]);
  expect((await store().reminders([id])).get(id)).toEqual({ ...sent, at: now });
});

test('a killed flag that somebody turns on in Unleash is left behind no more, and it is said who did it', async () => {
  const flag = 'storyboard-v4';
  const plan = {
    target: `flag/production/${flag}`,
    after: { flag, environment: 'production', safe: { state: 'off' } },
  };
  const run = await insertRun(
    database.db,
    { id: 'killed' },
    { state: 'succeeded', plan, confirmed_at: 10, effect_at: 20, ended_at: 20 },
  );
  const id = await leave(flag, 'visuals', run);
  const changes = createChangeStore(database.db, clock.now, notify);
  const clear = clearTurnedBack({ db: database.db, clock, notify, changes, audit: appendAudit });
  const see = (enabled: boolean, at: number) =>
    createObservationStore(database.db).saw(
      'unleash',
      'flags',
      [{ flag, environments: [{ environment: 'production', flag, enabled, strategies: [{ name: 'default' }] }] }],
      at,
    );
  await see(false, 30);
  await clear();
  expect((await store().open()).map((each) => each.id)).toContain(id);
  await changes.record({
    ...{
      source: 'unleash',
      externalId: '7',
      kind: 'flag',
      at: 40,
      service: null,
      environment: 'production',
      target: flag,
    },
    ...{ title: `${flag} on`, actor: 'mallory', commit: null, url: null, before: null, after: null },
  });
  await see(true, 50);
  await clear();
  const [cleared] = await store().of({ incidentId: null, runIds: [run] });
  expect(cleared).toMatchObject({ clearedBy: 'mallory', clearReason: `It was taken back by mallory: ${flag} on.` });
  expect((await createAuditStore(database.db).page({ runId: run, limit: 5 }))[0]).toMatchObject({
    ...{ action: 'follow-up.clear', actor: 'engine', reason: cleared?.clearReason },
  });
});

test('another owner and date stand in the audit; a date that moved begins its reminders anew', async () => {
  const id = await leave('credits-v1', linus.email);
  now = dueAt;
  await remind();
  const change = changeFollowUp({ db: database.db, notify, audit: appendAudit });
  await change(id, { owner: 'voice', dueAt: dueAt + hour }, linus, now);
  expect((await createAuditStore(database.db).page({ limit: 1 }))[0]).toMatchObject({
    action: 'follow-up.change',
    before: { owner: linus.email, dueAt },
    after: { owner: 'voice', dueAt: dueAt + hour },
  });
  await remind();
  expect(await told(id)).toHaveLength(1);
  now = dueAt + hour;
  await remind();
  expect(await told(id)).toHaveLength(2);
  await expect(change(id, { owner: ' ', dueAt: null }, linus, now)).rejects.toThrow('Name an owner');
  await store().clear(id, linus, now);
  await expect(change(id, { owner: 'x', dueAt: null }, linus, now)).rejects.toThrow('cleared meanwhile');
});
