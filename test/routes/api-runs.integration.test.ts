import pino from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDoors } from '#app/context-doors.server.ts';
import type { RequestContext } from '#app/load-context.ts';
import { systemClock } from '#app/platform/clock.ts';
import { ensurePerson, setDisabled } from '#app/platform/people.server.ts';
import { action as openRun } from '#app/routes/api.v1.runs.ts';
import { action as actOnRun, loader as readRun } from '#app/routes/api.v1.runs_.$id.ts';
import { action as actOnStep } from '#app/routes/api.v1.runs_.$id_.steps.$step.ts';
import { createApiKeyStore } from '#app/stores/api-keys.server.ts';
import { createApiRequestStore } from '#app/stores/api-requests.server.ts';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { createPeopleStore } from '#app/stores/people.server.ts';
import { type FakeTarget, fakeAction, fakeTarget } from '#test/engine/fake-target.ts';
import {
  ada,
  catalogOf,
  linus,
  startProcess,
  stepOf,
  type TestProcess,
  untilStep,
  vera,
} from '#test/engine/harness.ts';
import { testDatabase } from '#test/support/database.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: the runbook's own expression, as a file holds it
const kill = stepOf({ id: 'kill', uses: 'flag.kill', with: { flag: '${{ inputs.flag }}', environment: 'production' } });
const database = testDatabase();
let console_: TestProcess;
let target: FakeTarget;
let context: RequestContext;
let keys: Record<'ada' | 'vera' | 'linus' | 'changes', string>;
let count = 0;

beforeAll(async () => {
  target = fakeTarget('on');
  const catalog = catalogOf([kill]);
  console_ = await startProcess({
    url: database.url,
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog,
  });
  for (const { email, name, role, teams } of [ada, linus, vera])
    await ensurePerson(database.db, { email, name, role: role as 'viewer', teams, password: 'a-long-password-1' });
  const apiKeys = createApiKeyStore(database.db, systemClock);
  const make = (owner: string, scopes: string[]) => apiKeys.create({ name: 'ci', owner, scopes, expiresAt: null });
  const both = ['runs:open', 'runs:act'];
  keys = {
    ada: await make(ada.email, both),
    vera: await make(vera.email, both),
    linus: await make(linus.email, both),
    changes: await make(ada.email, ['changes:write']),
  };
  context = {
    stores: {
      apiKeys,
      apiRequests: createApiRequestStore(database.db, systemClock.wall),
      people: createPeopleStore(database.db, systemClock.wall),
      runs: console_.runs,
      catalog: { current: async () => catalog },
    },
    clock: systemClock,
    deployment: { baseUrl: 'https://console.example' },
    log: pino({ level: 'silent' }),
    address: '192.0.2.7',
    doors: createDoors(database.pool, []),
  } as unknown as RequestContext;
});
afterAll(async () => {
  await console_?.stop();
});
beforeEach(() => {
  count += 1;
  target.value = 'on';
});

type Handler = (args: never) => Promise<Response> | Response;
async function call(handler: Handler, params: object, body?: unknown, more: { key?: string; idem?: string } = {}) {
  const headers: Record<string, string> = { authorization: `Bearer ${more.key ?? keys.ada}` };
  if (more.idem) headers['idempotency-key'] = more.idem;
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await handler({ request: new Request('http://console/api', init), context, params } as never);
  return { status: response.status, headers: response.headers, body: await response.json() };
}
const asked = () => ({ runbook: 'burning', inputs: { flag: 'voiceover-v2' } });
const open = (body: unknown = asked(), more: { key?: string; idem?: string } = {}) =>
  call(openRun, {}, body, { idem: `test-key-${count}`, ...more });
const step = (id: string, body: unknown, key?: string) => call(actOnStep, { id, step: 'kill' }, body, { key });
const end = (id: string) => call(actOnRun, { id }, { intent: 'cancel', reason: 'The test is over.' });

test('a program opens a run, reads its plan, confirms it by its hash, and the audit says by which key', async () => {
  const opened = await open();
  expect([opened.status, opened.headers.get('ratelimit-limit')]).toEqual([201, '600']);
  const { id, url, steps } = opened.body.run;
  expect([url, steps[0].state, steps[0].plan.target]).toEqual([
    `https://console.example/runs/${id}`,
    'planned',
    'flag/production/voiceover-v2',
  ]);
  const confirmed = await step(id, { intent: 'confirm', hash: steps[0].hash });
  expect([confirmed.status, confirmed.body.run.steps[0].confirmedBy]).toEqual([200, 'Ada (key ci)']);
  await untilStep(console_, id, 'kill', ['succeeded', 'verifying']);
  expect(target.value).toBe('off');
  const twice = await step(id, { intent: 'confirm', hash: steps[0].hash });
  expect([twice.status, twice.body.error.code]).toEqual([409, 'already_done']);
  const audit = await createAuditStore(database.db).page({ runId: id, limit: 20 });
  const by = (name: string) => audit.find(({ action }) => action === name)?.actor;
  expect([by('run.opened'), by('step.confirmed')]).toEqual([`${ada.email} (key ci)`, `${ada.email} (key ci)`]);
  expect((await call(readRun, { id })).body.run.steps[0].confirmedAt).toMatch(/^\d{4}-\d\d-\d\dT/);
  await end(id);
});

test('asking twice with one Idempotency-Key opens one run; for something else it is refused', async () => {
  const [one, two] = await Promise.all([open(), open()]);
  const first = one.status === 201 ? one : two;
  const other = first === one ? two : one;
  // The second finds the first under way, or its run.
  expect([200, 409]).toContain(other.status);
  const again = await open();
  expect([again.status, again.body.run.id]).toEqual([200, first.body.run.id]);
  const rows = await database.db
    .selectFrom('api_request')
    .selectAll()
    .where('idempotency_key', '=', `test-key-${count}`)
    .execute();
  expect(rows).toHaveLength(1);
  const else_ = await open({ ...asked(), inputs: { flag: 'moodboard-analysis-v3' } });
  expect([else_.status, else_.body.error.field]).toEqual([400, 'Idempotency-Key']);
  await end(first.body.run.id);
  expect((await open()).body.run).toMatchObject({ id: first.body.run.id, state: 'cancelled' });
});

test('an open run that is found under another Idempotency-Key was not opened: 200', async () => {
  const first = await open();
  expect(first.status).toBe(201);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const other = await open(asked(), { idem: `another-key-${count}` });
  expect([other.status, other.body.run.id]).toEqual([200, first.body.run.id]);
  await end(first.body.run.id);
  const anew = await open(asked(), { idem: `third-key-${count}` });
  expect(anew.status).toBe(201);
  await end(anew.body.run.id);
});

test('a request that was refused may be mended and sent again under its key', async () => {
  const wrong = await open({ runbook: 'burning', inputs: { flagg: 'x' } });
  expect([wrong.status, wrong.body.error]).toMatchObject([400, { code: 'bad_input', field: 'flagg' }]);
  const right = await open();
  expect(right.status).toBe(201);
  await end(right.body.run.id);
});

test.each([
  [{ runbook: 'burning', template: 'template:flag.kill' }, 'runbook'],
  [{ template: 'flag.kill' }, 'template'],
  [{ runbook: 'burning', inputs: { flag: ['a'] } }, 'inputs.flag'],
  [{ ...asked(), service: 'nowhere' }, 'service'],
])('%o is refused with its field', async (body, field) => {
  const answer = await open(body);
  expect([answer.status, answer.body.error.field]).toEqual([400, field]);
});

test('without an Idempotency-Key, a key, its scope or JSON nothing opens', async () => {
  expect((await call(openRun, {}, asked())).body.error.field).toBe('Idempotency-Key');
  expect((await open(asked(), { key: 'fb_guessed-guessed-guessed-guessed' })).status).toBe(401);
  expect((await open(asked(), { key: keys.changes })).body.error.message).toContain('runs:open');
  expect((await open('no', {})).status).toBe(400);
});

test('a key does what its owner may now, and no more', async () => {
  const viewer = await open(asked(), { key: keys.vera });
  expect([viewer.status, viewer.body.error.message]).toEqual([
    403,
    'The owner of this key, Vera, may not do this as viewer.',
  ]);
  const opened = await open({ runbook: 'burning', inputs: { flag: 'moodboard-analysis-v3' } });
  const { id, steps } = opened.body.run;
  const foreign = await step(id, { intent: 'confirm', hash: steps[0].hash }, keys.linus);
  expect([foreign.status, foreign.body.error.message]).toMatchObject([403, expect.stringContaining('flags you own')]);
  await setDisabled(database.db, ada.email, true);
  const disabled = await step(id, { intent: 'confirm', hash: steps[0].hash });
  expect([disabled.status, disabled.body.error.message]).toMatchObject([403, expect.stringContaining('was disabled')]);
  await setDisabled(database.db, ada.email, false);
  expect(target.value).toBe('on');
  await end(id);
});

test('nobody approves by key, and a stale hash is told', async () => {
  const { id } = (await open()).body.run;
  for (const intent of ['approve', 'reject', 'break-glass', 'sign-off']) {
    const answer = await step(id, { intent, hash: 'x', reason: 'It has to be.' });
    expect([intent, answer.status, answer.body.error.field]).toEqual([intent, 400, 'intent']);
  }
  expect((await step(id, { intent: 'confirm', hash: 'x' })).body.error.code).toBe('plan_stale');
  expect((await step('none', { intent: 'replan' })).status).toBe(404);
  await end(id);
});
