import { expect, test } from 'vitest';
import type { ChangeRequest } from '#app/domain/flag/change-request.ts';
import type { FlagSchedule } from '#app/domain/flag/schedule.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld, now, type World } from '../support/pages/world.ts';

const schedule: FlagSchedule = {
  ...{ id: 's1', flag: 'voiceover-v2', environment: 'production', title: 'Set voiceover-v2 to 25 % in production' },
  ...{
    inputs: { flag: 'voiceover-v2', environment: 'production', percent: '25' },
    local: '2026-11-24T09:00',
    zone: 'Europe/Berlin',
    firesAt: Date.parse('2026-11-24T08:00:00Z'),
  },
  seen: { flag: 'voiceover-v2', environment: 'production', enabled: false, strategies: [] },
  ...{ by: 'Linus Pauling', byEmail: 'linus@studio.example', madeAt: now, state: 'waiting' },
  ...{ endedAt: null, endedBy: null, why: null, runId: null },
};
const request: ChangeRequest = {
  ...{ id: 'r1', flag: 'voiceover-v2', environment: 'production', title: 'Set voiceover-v2 to 50 % in production' },
  ...{ template: 'template:flag.expose', inputs: { flag: 'voiceover-v2', environment: 'production', percent: '50' } },
  ...{ reason: 'For the fair.', owners: ['voice'], by: 'Mary', byEmail: 'mary@studio.example', askedAt: now - 60_000 },
  ...{ expiresAt: now + 86_400_000, state: 'open', decidedBy: null, decidedAt: null, decision: null, runId: null },
  told: [],
};

const asking = (): World => ({ ...burningWorld(), requests: [request] });

test('a change for a later time stands on the flag’s page with its countdown, and in the list of runs', async () => {
  const world = { ...burningWorld(), schedules: [schedule] };
  const { text } = await visit('/flags/voiceover-v2', world);
  expect(text).toContain('Set voiceover-v2 to 25 % in production Tue, 24 Nov 2026, 09:00 Europe/Berlin, in 2 d');
  expect(text).toContain('voiceover-availability judges it afterwards.');
  expect((await visit('/runs', world)).text).toContain('To come Set voiceover-v2 to 25 %');
  const { told } = await visit('/flags/voiceover-v2', world, { form: { intent: 'unschedule', id: 's1' } });
  expect(told).toEqual([{ what: 'unschedule', with: { id: 's1', by: 'ada@studio.example' } }]);
  const other = await visit('/flags/voiceover-v2', world, { form: { intent: 'unschedule', id: 's2' } });
  expect([other.status, other.told]).toEqual([404, []]);
});

test('planning keeps the flag as it is seen, and refuses a time that is none', async () => {
  const form = {
    intent: 'schedule',
    environment: 'production',
    percent: '50',
    at: '2026-11-24T09:00',
    zone: 'Europe/Berlin',
  };
  const { told, location } = await visit('/flags/voiceover-v2', burningWorld(), { as: 'product', form });
  expect(location).toBe('/flags/voiceover-v2#planned');
  expect(told).toMatchObject([
    { what: 'schedule', with: { firesAt: schedule.firesAt, seen: { flag: 'voiceover-v2', enabled: true } } },
  ]);
  const wrong = await visit('/flags/voiceover-v2', burningWorld(), { form: { ...form, at: '2025-01-01T09:00' } });
  expect([wrong.status, wrong.told]).toEqual([400, []]);
  // Said once: in the form, which may stand far below the top.
  expect(wrong.html.split('This time has passed already.')).toHaveLength(2);
  expect(wrong.html).toMatch(
    /<details class="fold" open=""><summary>Set a share at a later time…<\/summary><div class="problem" role="alert">This time/,
  );
  // What was typed stands in the form again, and in no other.
  expect(wrong.html).toMatch(/<details class="fold" open="">(?:(?!<\/details>).)*value="2025-01-01T09:00"/s);
  expect(wrong.html.match(/<details class="fold" open="">/g)).toHaveLength(1);
});

test.each([
  [
    { intent: 'expose', percent: '140', variants: 'blue 50, green 50' },
    'product',
    /name="variants"[^>]*value="blue 50, green 50"/,
  ],
  [
    { intent: 'expose', percent: '40', variants: 'blue fifty' },
    'product',
    /&quot;blue fifty&quot; is no variant with its share\. Write: blue 50, green 50\.[\s\S]*name="variants"[^>]*value="blue fifty"/,
  ],
  [{ intent: 'ask', percent: '30', reason: 'x' }, 'product', /name="percent"[^>]*value="30"/],
] as const)('%o is refused and keeps what was typed', async (form, as, kept) => {
  const world = burningWorld();
  if (form.intent === 'ask') {
    world.catalog!.flags = world.catalog!.flags.map((flag) => ({ ...flag, owners: ['visuals'] }));
  }
  const { status, told, html } = await visit('/flags/voiceover-v2', world, {
    as,
    form: { environment: 'production', ...form },
  });
  expect([status, told]).toEqual([400, []]);
  expect(html).toMatch(kept);
});

test.each([
  [{ intent: 'unschedule', id: 's2' }, 1],
  [{ intent: 'schedule', environment: 'nowhere', percent: '5', at: '2026-11-24T09:00', zone: 'UTC' }, 1],
  [{ intent: 'expose', environment: 'production', percent: '140' }, 0],
])('%j is refused at the top only where no form of the page is at fault', async (form, top) => {
  const { html } = await visit('/flags/voiceover-v2', burningWorld(), { form });
  const [above = '', ...below] = html.split('<div class="two">');
  expect([above, below.join()].map((part) => part.split('class="problem"').length - 1)).toEqual([top, 1 - top]);
});

test('a decline that says too little keeps what it says', async () => {
  const form = { intent: 'decline', id: 'r1', reason: 'no' };
  const { status, told, html } = await visit('/change-requests', asking(), { form });
  expect([status >= 400, told]).toEqual([true, []]);
  expect(html).toMatch(/<details class="fold mt-1" open="">(?:(?!<\/details>).)*value="no"/s);
});

test('a product person asks for what is not theirs, and only for that', async () => {
  const world = burningWorld();
  world.catalog!.flags = world.catalog!.flags.map((flag) => ({ ...flag, owners: ['visuals'] }));
  const page = await visit('/flags/voiceover-v2', world, { as: 'product' });
  expect(page.text).toContain('Ask for a change…');
  expect((await visit('/flags/voiceover-v2', world, { as: 'viewer' })).text).not.toContain('Ask for a change…');
  const form = { intent: 'ask', environment: 'production', percent: '50', reason: 'For the fair.' };
  const asked = await visit('/flags/voiceover-v2', world, { as: 'product', form });
  expect(asked.location).toBe('/change-requests#request-new');
  expect(asked.told).toMatchObject([
    { what: 'ask', with: { owners: ['visuals'], title: 'Set voiceover-v2 to 50 % in production' } },
  ]);
  // Their own they turn themselves; a responder any.
  expect((await visit('/flags/voiceover-v2', burningWorld(), { as: 'product', form })).status).toBe(403);
  expect((await visit('/flags/voiceover-v2', world, { form })).status).toBe(403);
  expect((await visit('/flags/voiceover-v2', world, { as: 'viewer', form })).status).toBe(403);
  for (const intent of ['kill', 'schedule', 'unschedule']) {
    const refused = await visit('/flags/voiceover-v2', world, {
      as: 'product',
      form: { intent, environment: 'production', percent: '1', at: '2026-11-24T09:00', zone: '', id: 's1' },
    });
    expect([intent, refused.status, refused.told]).toEqual([intent, 403, []]);
  }
});

test('owners and responders open a request as a run of their own, or decline it with a reason', async () => {
  for (const as of ['product', 'responder'] as const) {
    const { told, location } = await visit('/change-requests', asking(), {
      as,
      form: { intent: 'open-run', id: 'r1' },
    });
    expect(location).toMatch(/^\/runs\//);
    expect(told.map(({ what }) => what)).toEqual(['openRun', 'answer']);
    expect(told[0]!.with).toMatchObject({ template: 'template:flag.expose', inputs: { percent: '50' } });
  }
  const unsaid = await visit('/change-requests', asking(), { form: { intent: 'decline', id: 'r1', reason: ' ' } });
  expect([unsaid.status, unsaid.told]).toEqual([422, []]);
  const { told } = await visit('/change-requests', asking(), {
    form: { intent: 'decline', id: 'r1', reason: 'Not now.' },
  });
  expect(told).toMatchObject([{ what: 'answer', with: { state: 'declined', why: 'Not now.' } }]);
});

test('a request goes to every declared chat where its owners have none, and the page says where it was told', async () => {
  const chat = (name: string) => ({ name, use: 'chat' as const, url: `https://chat.example/${name}`, label: name });
  const form = { intent: 'ask', environment: 'production', percent: '50', reason: 'For the fair.' };
  const asked = async (owners: string[], names: string[]) => {
    const world = burningWorld();
    world.catalog!.flags = world.catalog!.flags.map((flag) => ({ ...flag, owners }));
    world.catalog!.endpoints = names.map(chat) as never;
    const { told } = await visit('/flags/voiceover-v2', world, { as: 'product', form });
    return (told[0]!.with as { chats: string[] }).chats;
  };
  expect(await asked(['visuals'], ['visuals', 'ops'])).toEqual(['visuals']);
  // A person is told in the chat of their team.
  expect(await asked(['ada@studio.example'], ['media-platform', 'ops'])).toEqual(['media-platform']);
  expect(await asked(['visuals'], ['ops', 'war-room'])).toEqual(['ops', 'war-room']);
  expect(await asked(['visuals'], [])).toEqual([]);
  const told = [
    { chat: 'ops', taken: true, error: null },
    { chat: 'war-room', taken: false, error: '503 from war-room.' },
  ];
  const page = await visit('/change-requests', { ...burningWorld(), requests: [{ ...request, told }] });
  expect(page.text).toContain('Told in the chats ops, war-room (not taken: 503 from war-room).');
  const silent = await visit('/change-requests', asking());
  expect(silent.text).toContain('Told in no chat, as none was declared: it stands only here.');
});

test('others only look: a product person of another team, a viewer, and nobody takes back what is not theirs', async () => {
  const world = asking();
  world.catalog!.flags = world.catalog!.flags.map((flag) => ({ ...flag, owners: ['visuals'] }));
  expect((await visit('/change-requests', world, { as: 'product' })).text).toContain(
    'It is for visuals, or a responder.',
  );
  for (const form of [
    { intent: 'open-run', id: 'r1' },
    { intent: 'decline', id: 'r1', reason: 'because' },
    { intent: 'withdraw', id: 'r1' },
  ]) {
    for (const as of ['product', 'viewer'] as const) {
      const { status, told } = await visit('/change-requests', world, { as, form: form as Record<string, string> });
      expect([form, as, status, told]).toEqual([form, as, 403, []]);
    }
  }
});
