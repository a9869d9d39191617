import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import type { KillNotice } from '#app/domain/flag/kill-notice.ts';
import type { Actor } from '#app/domain/run/run.ts';
import { pollPagerDuty } from '#app/engine/incidents/poll-pagerduty.server.ts';
import { tellOwners } from '#app/engine/tell-owners.server.ts';
import { createFollowUpStore, openFollowUp } from '#app/stores/follow-ups.server.ts';
import { type Harness, startHarness } from './incidents/harness.ts';

const target = 'flag/production/voiceover-v2';
const silent = async () => undefined;
let at: Harness;
beforeEach(async () => {
  at = await startHarness();
});
afterEach(() => at.stop());

const person = (email: string, teams: string[]): Actor => ({
  email,
  name: email.split('@')[0]!,
  role: 'responder',
  teams,
});
const ada = person('ada@studio.example', ['media-platform']);
const linus = person('linus@studio.example', []);

/** Teams that Linus is in, and who owns the flag. */
let teams: string[];
let owners: string[];
beforeEach(() => {
  teams = [];
  owners = ['linus@studio.example', 'voice'];
});

const tell = (mode: 'act' | 'observe' = 'act') =>
  tellOwners({
    ...at.deps,
    mode,
    from: 'ada@studio.example',
    flagUrl: (flag) => `https://firebreak.example/flags/${flag}`,
    catalog,
    stores: {
      followUps: createFollowUpStore(at.db, silent, silent),
      incidents: at.incidents,
      observations: at.deps.observations,
      people: { get: async (email) => (email === linus.email ? { ...linus, teams } : null) },
    },
  });

/** A kill that somebody confirmed, with the follow-up that it leaves. */
async function killed(run: string, by: Actor, incidentId: string | null, reason: string | null = null): Promise<void> {
  const opened = { template: 't', title: run, inputs: '{}', steps: '[]', digest: '', source: '', opened_by: by.email };
  await at.db
    .insertInto('run')
    .values({ id: run, state: 'open', incident_id: incidentId, opened_at: 1, ...opened })
    .execute();
  await at.db
    .insertInto('run_step')
    .values({
      run_id: run,
      step_id: 'kill',
      index: 0,
      uses: 'flag.kill',
      kind: 'stop',
      state: 'succeeded',
      result: 'none',
      attempt: 1,
      epoch: 1,
      outputs: '{}',
      plan: JSON.stringify({ target }),
      confirmed_by: JSON.stringify(by),
      confirmed_at: at.clock.now(),
      confirm_reason: reason,
    })
    .execute();
  const left = { kind: 'flag-killed' as const, target, title: 'voiceover-v2 is off in production', wayBack: null };
  const rest = { service: 'voiceover', owner: null, incidentId, runId: run, openedAt: at.clock.now(), dueAt: null };
  await at.db.transaction().execute((tx) => openFollowUp(tx, { ...left, ...rest }));
}

const catalog = async () =>
  ({
    ...((await at.deps.catalog()) as Catalog),
    flags: [
      {
        name: 'voiceover-v2',
        owners,
        slos: ['voiceover-availability'],
        safe: { state: 'off' },
      },
    ],
    endpoints: [
      { name: 'voice', use: 'chat' },
      { name: 'linus@studio.example', use: 'webhook' },
      { name: 'visuals', use: 'chat' },
    ],
  }) as unknown as Catalog;

const notice = async () => (await at.deps.observations.get<KillNotice>('firebreak', `killed/${target}`)).value;

/** An incident that PagerDuty has. */
async function paged(): Promise<string> {
  await at.apply(at.verdict('voiceover-availability', 'page-fast'));
  await at.deliver();
  await pollPagerDuty(at.deps);
  return (await at.incidents.open())[0]!.id;
}

test('the owner of a flag hears at once who made it safe, why, on what evidence and what brings it back', async () => {
  const incident = await paged();
  const reasons = ['same service', 'fails 1,389 of 13,450 with it on, 10 of 40,350 off'];
  await at.deps.observations.saw('firebreak', `suspects/${incident}`, { suspects: [{ target, reasons }] }, 1);
  await killed('run-1', ada, incident, 'It burns since 25 %.');
  await tell()();
  // Another process, and every next cycle: still once.
  await tell()();
  await at.deliver();
  const [told, ...more] = (await at.incidents.timeline(incident)).filter(({ text }) => text.includes('voiceover-v2'));
  expect(more).toEqual([]);
  expect(told!.text).toMatch(/^Notice for linus@studio.example, voice: voiceover-v2 is off in production, by ada\./);
  expect(told!.text).toContain('Why: It burns since 25 %. Evidence: same service; fails 1,389 of 13,450');
  expect(told!.text).toContain('voiceover-availability burns its budget no faster than it may; the incident is over;');
  const [pagerDuty] = await at.incidents.pagerDuty(incident);
  const notes = await at.rest.notes(pagerDuty!.id);
  expect(notes.filter(({ text }) => text.includes('voiceover-v2 is off in production, by ada'))).toHaveLength(1);
  expect(await notice()).toMatchObject({ by: 'ada', owners: ['linus@studio.example', 'voice'], runId: 'run-1' });
});

test('who turned their own flag off is told nothing; a later kill by somebody else is told anew', async () => {
  await killed('run-1', linus, null);
  await tell()();
  expect(await notice()).toBeNull();
  await killed('run-2', ada, null);
  await tell()();
  expect(await notice()).toMatchObject({ runId: 'run-2', why: null, evidence: [] });
});

test('where Firebreak only observes nothing leaves it', async () => {
  const incident = await paged();
  await killed('run-1', ada, incident);
  await tell('observe')();
  await at.deliver();
  const [pagerDuty] = await at.incidents.pagerDuty(incident);
  expect(await at.rest.notes(pagerDuty!.id)).toEqual([]);
  expect(await notice()).not.toBeNull();
});

test('a declared chat of the owners hears it, once, with the way to the page; nobody else does', async () => {
  await killed('run-1', ada, null, 'It burns.');
  await tell()();
  await tell()();
  const said: unknown[] = [];
  const endpoints: Parameters<Harness['deliver']>[0] = {
    catalog,
    endpoints: {
      send: async ({ name }, _scope, { body }) => {
        said.push([name, body]);
        return { status: 200, body: '', ms: 1 };
      },
    },
  };
  await at.deliver(endpoints);
  await at.deliver(endpoints);
  expect(said).toEqual([
    [
      'voice',
      {
        text: expect.stringMatching(
          /^For linus@studio.example, voice: voiceover-v2 is off in production, by ada\. Why: It burns\..*\nhttps:\/\/firebreak.example\/flags\/voiceover-v2$/,
        ),
      },
    ],
  ]);
});

test('the incident says that a chat was told once it took the message, not before', async () => {
  const incident = await paged();
  await killed('run-1', ada, incident);
  await tell()();
  const told = async () => (await at.incidents.timeline(incident)).filter(({ text }) => text.startsWith('Told in'));
  const send = async () => ({ status: 200, body: '', ms: 1 });
  const down = async () => {
    throw new Error('503');
  };
  await at.deliver({ catalog, endpoints: { send: down } });
  expect(await told()).toEqual([]);
  at.clock.advance(60_000);
  await at.deliver({ catalog, endpoints: { send } });
  expect(await told()).toMatchObject([
    { kind: 'told', text: 'Told in the chat voice: voiceover-v2 is off in production' },
  ]);
});

test.each([
  ['the chat of a team of the owner', ['visuals'], ['visuals']],
  ['every declared chat where the owner has none', [], ['visuals', 'voice']],
])('a flag that one person owns: %s hears it', async (_text, of, expected) => {
  [owners, teams] = [['linus@studio.example'], of];
  await killed('run-1', ada, null, 'It burns.');
  await tell()();
  const rows = await at.db.selectFrom('outbox').select('body').where('kind', '=', 'chat').execute();
  expect(rows.map(({ body }) => (body as { endpoint: string }).endpoint).sort()).toEqual(expected);
});
