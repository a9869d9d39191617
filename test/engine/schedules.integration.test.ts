import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import type { FlagEnvironmentState } from '#app/domain/flag/flag.ts';
import type { Actor } from '#app/domain/run/run.ts';
import { fireSchedules } from '#app/engine/fire-schedules.server.ts';
import { manualClock } from '#app/platform/clock.ts';
import { appendAudit, createAuditStore } from '#app/stores/audit.server.ts';
import { createChangeRequestStore } from '#app/stores/flag/change-requests.server.ts';
import { createFlagScheduleStore } from '#app/stores/flag/flag-schedules.server.ts';
import { createFollowUpStore } from '#app/stores/follow-ups.server.ts';
import { createOutboxStore } from '#app/stores/outbox.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { type FakeTarget, fakeAction, fakeTarget } from './fake-target.ts';
import { ada, catalogOf, linus, startProcess, type TestProcess, untilStep } from './harness.ts';

const start = Date.parse('2026-11-22T03:26:00Z');
const firesAt = start + 3_600_000;
const minute = 60_000;
const silent = async () => undefined;
const wish = { flag: 'voiceover-v2', environment: 'production', percent: '25' };

let catalog: Catalog;
const database = testDatabase({ each: true });
let process: TestProcess;
let target: FakeTarget;
let clock: ReturnType<typeof manualClock>;
let people: Map<string, Actor>;
/** What the flag is at now, percent. */
let now: number;
let needsReason: boolean;

beforeEach(async () => {
  target = fakeTarget('on');
  clock = manualClock(start);
  catalog = catalogOf([]);
  people = new Map([[linus.email, linus]]);
  now = 5;
  needsReason = false;
  const action = fakeAction('flag.expose', 'forward', target, '25');
  process = await startProcess({
    url: database.url,
    catalog,
    clock,
    actions: [
      {
        ...action,
        async plan(context) {
          const planned = await action.plan(context);
          const preconditions = needsReason ? [{ state: 'fail' as const, text: 'An incident is open.' }] : [];
          return { ...planned, plan: { ...planned.plan, before: at(now), preconditions } };
        },
      },
    ],
  });
});
afterEach(async () => {
  await process.stop();
});

function at(percent: number): FlagEnvironmentState {
  const rollout = { rollout: String(percent), stickiness: 'default', groupId: 'g' };
  const strategy = {
    id: 's',
    name: 'flexibleRollout',
    parameters: rollout,
    constraints: [],
    segments: [],
    variants: [],
  };
  return { flag: wish.flag, environment: wish.environment, enabled: true, strategies: [strategy] };
}

const schedules = () => createFlagScheduleStore(process.db, silent, appendAudit);
const by = (actor: Actor) => ({ actor, at: clock.now(), address: null });
const planned = {
  ...{ flag: wish.flag, environment: wish.environment, template: 'template:flag.expose', inputs: wish },
  ...{ title: 'Set voiceover-v2 to 25 % in production', local: '2026-11-22T05:26', zone: 'Europe/Berlin', firesAt },
};
const make = (actor = linus) => schedules().make({ ...planned, seen: at(5) }, by(actor));
const get = async (id: string) => (await schedules().of(wish.flag)).find((one) => one.id === id)!;

function fire() {
  return fireSchedules({
    ...{ db: process.db, clock, catalog: async () => catalog, runs: process.runs, notify: silent, mode: 'act' },
    people: { get: async (email) => people.get(email) ?? null },
  })();
}

/** Looks as the engine does, until the plan is over. */
async function fireUntilOver(id: string) {
  for (let looks = 0; looks < 200; looks++) {
    await fire();
    const one = await get(id);
    if (one.state !== 'waiting') return one;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the schedule never ended');
}

test('it waits for its time, then a run does it in the name of whoever asked, once', async () => {
  const id = await make();
  await fire();
  expect([(await get(id)).state, target.effects]).toEqual(['waiting', []]);
  clock.set(firesAt + 1_000);
  const done = await fireUntilOver(id);
  expect(done).toMatchObject({ state: 'fired', why: null });
  const step = await untilStep(process, done.runId!, 'expose', ['succeeded']);
  expect(step.confirmedBy).toBe('Linus');
  // Two engines, or one that died in between, do nothing more.
  await Promise.all([fire(), fire()]);
  expect(target.effects).toHaveLength(1);
  expect((await createAuditStore(process.db).verify()).ok).toBe(true);
});

test('where the flag asks for approval, its time is when that is asked for', async () => {
  const approvals = { people: 1, from: [], requester: 'excluded' as const };
  catalog.flags[0]!.environments = [{ name: 'production', protected: true, approvals }];
  const id = await make();
  clock.set(firesAt + 1_000);
  const done = await fireUntilOver(id);
  expect(done).toMatchObject({ state: 'fired', why: null });
  await untilStep(process, done.runId!, 'expose', ['awaiting-approval']);
  const [waiting] = await process.runs.waitingApprovals();
  expect([waiting?.request.requester.email, waiting?.request.reason]).toEqual([
    linus.email,
    expect.stringMatching(/^Planned for /),
  ]);
  expect(target.effects).toEqual([]);
});

test('two engines that look at once do it once', async () => {
  const id = await make();
  clock.set(firesAt);
  for (let looks = 0; looks < 40; looks++)
    await Promise.all([fire().catch(() => undefined), fire().catch(() => undefined)]);
  const done = await fireUntilOver(id);
  expect(done).toMatchObject({ state: 'fired', why: null });
  await untilStep(process, done.runId!, 'expose', ['succeeded']);
  expect(target.effects).toHaveLength(1);
});

test('a process that died before its word does not give it hours later', async () => {
  const id = await make();
  clock.set(firesAt);
  await fire();
  const { runId } = await get(id);
  await untilStep(process, runId!, 'expose', ['planned']);
  clock.set(firesAt + 120 * minute);
  await fire();
  expect(await get(id)).toMatchObject({ state: 'missed', why: expect.stringContaining('more than 10 min late') });
  expect([(await process.runs.get(runId!))?.state, target.effects]).toEqual(['cancelled', []]);
});

test.each<[string, () => void, RegExp]>([
  ['the flag has moved since', () => (now = 50), /^It was on · 5 % of users.* when this was planned and is on · 50 %/],
  ['a check fails', () => (needsReason = true), /^An incident is open\.$/],
  [
    'they may not any more',
    () => people.set(linus.email, { ...linus, teams: [] }),
    /^You may act on flags you own only/,
  ],
  ['they are a viewer by now', () => people.set(linus.email, { ...linus, role: 'viewer' }), /Viewers read/],
  ['they have left', () => people.clear(), /^Linus has no account any more\.$/],
])('where %s nothing is done, and they are told', async (_, change, why) => {
  const id = await make();
  clock.set(firesAt);
  change();
  const ended = await fireUntilOver(id);
  expect(ended).toMatchObject({ state: 'refused', why: expect.stringMatching(why) });
  expect(target.effects).toEqual([]);
  const [told] = await createFollowUpStore(process.db, silent, silent).open();
  expect(told).toMatchObject({
    owner: linus.email,
    title: expect.stringMatching(/^Not done: Set voiceover-v2 to 25 %/),
  });
});

test('what is refused leaves the run that somebody else has opened for the same', async () => {
  people.set(ada.email, ada);
  const id = await make(ada);
  const open = { template: planned.template, inputs: wish, incidentId: null, service: null };
  const runId = await process.runs.openRun(open, linus);
  clock.set(firesAt);
  needsReason = true;
  expect(await fireUntilOver(id)).toMatchObject({ state: 'refused', runId });
  expect((await process.runs.get(runId))?.state).toBe('open');
});

test('what was missed while nobody was there is not done later', async () => {
  const id = await make();
  clock.set(firesAt + 11 * minute);
  await fire();
  expect(await get(id)).toMatchObject({ state: 'missed', why: expect.stringContaining('more than 10 min late') });
  expect(target.effects).toEqual([]);
});

test('one a time; cancelled it is never done', async () => {
  const id = await make();
  await expect(make(ada)).rejects.toMatchObject({ code: 'already_done' });
  expect(await schedules().cancel(id, by(ada))).toBe(true);
  expect(await schedules().cancel(id, by(ada))).toBe(false);
  clock.set(firesAt);
  await fire();
  expect([(await get(id)).state, target.effects]).toEqual(['cancelled', []]);
  await expect(make(ada)).resolves.toBeTypeOf('string');
});

test('a request is asked once, told to the chats of its owners, answered once, and over after a week', async () => {
  const requests = createChangeRequestStore(process.db, silent, appendAudit);
  const { flag, environment, template, title } = planned;
  const wanted = { flag, environment, template, title, inputs: wish, reason: 'For the fair.', owners: ['visuals'] };
  const told = { ...wanted, chats: ['visuals'], link: 'http://127.0.0.1/change-requests' };
  const id = await requests.ask(told, by(linus));
  await expect(requests.ask(told, by(linus))).rejects.toMatchObject({ code: 'already_done' });
  const sent = await process.db.selectFrom('outbox').selectAll().execute();
  expect(sent.map(({ kind, body }) => [kind, body])).toEqual([
    [
      'chat',
      {
        endpoint: 'visuals',
        text: 'For visuals: Linus asks to set voiceover-v2 to 25 % in production. Why: For the fair.',
        link: 'http://127.0.0.1/change-requests',
      },
    ],
  ]);
  const waiting = { chat: 'visuals', taken: false, error: null };
  expect((await requests.open(clock.now())).map(({ told: where }) => where)).toEqual([[waiting]]);
  await createOutboxStore(process.db).markDelivered(process.db, sent[0]!.id, clock.now());
  expect((await requests.get(id))?.told).toEqual([{ ...waiting, taken: true }]);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => requests.answer(id, { state: 'declined', why: 'Not now.' }, by(ada))),
  );
  expect(answers.filter(Boolean)).toHaveLength(1);
  expect(await requests.get(id)).toMatchObject({ state: 'declined', decidedBy: 'Ada', decision: 'Not now.' });
  const late = await requests.ask(told, by(linus));
  clock.set(start + 8 * 86_400_000);
  expect(await requests.answer(late, { state: 'withdrawn', why: '' }, by(linus))).toBe(false);
  expect(await requests.expire(clock.now())).toBe(1);
  expect(await requests.get(late)).toMatchObject({ state: 'expired' });
  expect((await createAuditStore(process.db).verify()).ok).toBe(true);
});
