import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Endpoint } from '#app/domain/endpoint/endpoint.ts';
import type { RolloutPlan } from '#app/domain/rollout/plan.ts';
import { createFreezeStore } from '#app/stores/freezes.server.ts';
import { ada, grace, linus, untilStep, vera } from '../harness.ts';
import { planOf, type RolloutProcess, rolloutCatalog, untilRollout } from './harness.ts';
import { openOneFlag, subject } from './one-flag.ts';

const hour = 3_600_000;

let world: Awaited<ReturnType<typeof openOneFlag>>;
let process: RolloutProcess;

beforeEach(async () => {
  world = await openOneFlag();
});
afterEach(() => world.close());

const silent = async () => undefined;
const entries = async (id: string) => (await process.rollouts.entries(id)).map(({ text }) => text);

test.each<[string, () => void, string, Partial<RolloutPlan>]>([
  ['a spent budget', () => (world.told.budgetRemaining = 0.09), 'budget', {}],
  [
    'an open incident',
    () => world.told.incidents.push({ title: 'It burns', service: 'voiceover', children: [] }),
    'incident',
    {},
  ],
  ['an SLO that burns', () => (world.told.tier = 'page-fast'), 'incident', {}],
  ['data that are not known', () => (world.told.error = 'quota'), 'no-data', {}],
])('%s keeps the first step from being taken', async (_, befall, reason, part) => {
  process = await world.start();
  befall();
  const id = await process.begin(subject, planOf([25, 100], part));
  expect(await untilRollout(process, id, ['held', 'baking'])).toMatchObject({ state: 'held', held: { reason } });
  expect(world.unleash.writes).toEqual([]);
  expect(await process.rollouts.runs(id)).toEqual([]);
});

test('calm lets it go on by itself only where its plan says so', async () => {
  process = await world.start();
  world.told.budgetRemaining = 0.05;
  const waits = await process.begin(subject, planOf([25, 100]));
  await untilRollout(process, waits, ['held']);
  world.told.budgetRemaining = 0.5;
  await process.turn();
  await process.turn();
  expect((await process.rollouts.get(waits))?.state).toBe('held');
  await process.decide(waits, 'resume');
  await untilRollout(process, waits, ['baking']);
  await process.decide(waits, 'abort', 'Enough.');
  await untilRollout(process, waits, ['rolled_back']);
  world.told.budgetRemaining = 0.05;
  const goes = await process.begin(subject, planOf([25, 100], { resume: 'when-calm' }));
  await untilRollout(process, goes, ['held']);
  world.told.budgetRemaining = 0.5;
  await untilRollout(process, goes, ['baking']);
});

test('a freeze holds it until it ends', async () => {
  process = await world.start();
  const freezes = createFreezeStore(process.db, silent, silent);
  const by = { actor: ada, at: world.clock.now(), address: null };
  const span = { kind: 'once' as const, from: world.clock.now() - hour, until: world.clock.now() + 100 * hour };
  const freeze = { scope: 'everything' as const, target: null, reason: 'Black Friday.', timeZone: 'UTC', span };
  const ice = await freezes.make(freeze, by);
  const id = await process.begin(subject, planOf([25, 100]));
  expect(await untilRollout(process, id, ['held', 'baking'])).toMatchObject({
    held: { reason: 'frozen', text: 'Changes are frozen: Black Friday.' },
  });
  await freezes.end(ice, { ...by, at: world.clock.now() });
  await untilRollout(process, id, ['baking']);
});

test('whoever started it has to stand still: else it is held until somebody else takes it on', async () => {
  process = await world.start();
  world.told.people = { [ada.email]: null, [grace.email]: grace };
  const id = await process.begin(subject, planOf([25, 100]));
  const held = await untilRollout(process, id, ['held', 'baking']);
  expect(held).toMatchObject({ held: { reason: 'person' }, actsFor: { email: ada.email } });
  await process.decide(id, 'resume', null, grace);
  await untilRollout(process, id, ['baking']);
  const [run] = await process.rollouts.runs(id);
  expect((await process.runs.get(run!.runId))?.steps[0]?.confirmedBy).toBe('Grace');
});

test('a stage waits for the word of those whom its plan names, and of nobody else', async () => {
  process = await world.start();
  world.told.people = { [ada.email]: ada, [linus.email]: linus };
  const plan = planOf([25, 100]);
  plan.stages[0]!.approve = ['voice'];
  const id = await process.begin(subject, plan);
  expect(await untilRollout(process, id, ['held', 'baking'])).toMatchObject({ held: { reason: 'approval' } });
  await expect(process.decide(id, 'approve-stage', null, grace)).rejects.toMatchObject({ code: 'forbidden' });
  await process.decide(id, 'approve-stage', null, linus);
  expect(await untilRollout(process, id, ['baking'])).toMatchObject({ approvals: { 0: { by: 'Linus' } } });
});

test('too few requests hold it at the end of the stage, and a person may skip with a reason', async () => {
  world.told.load = () => ({ total: 3, bad: 0 });
  process = await world.start();
  const id = await process.begin(subject, planOf([25, 100]));
  expect(await untilRollout(process, id, ['held', 'done'])).toMatchObject({
    held: { reason: 'insufficient' },
    stage: 0,
  });
  await expect(process.decide(id, 'skip')).rejects.toMatchObject({ code: 'reason_needed' });
  await process.decide(id, 'skip', 'Nobody is awake to use it.');
  await untilRollout(process, id, ['baking']);
  expect(world.unleash.percent()).toBe(100);
});

test('paused it takes no step, and is still taken back when it burns', async () => {
  process = await world.start();
  const id = await process.begin(subject, planOf([25, 100]));
  await untilRollout(process, id, ['baking']);
  await process.decide(id, 'pause', 'Lunch.');
  const from = world.clock.now();
  world.told.load = (at) => ({ total: 600, bad: at > from && world.unleash.percentAt(at - 30_000) > 0 ? 60 : 0 });
  expect((await untilRollout(process, id, ['rolled_back', 'rollback_unverified', 'done'])).state).toBe('rolled_back');
  expect(world.unleash.percent()).toBe(0);
});

test('a blind stage is started only by whoever says that they know', async () => {
  process = await world.start();
  const id = await process.rollouts.draw({ subject, service: 'voiceover', plan: planOf([1, 100]) }, ada);
  await expect(process.decide(id, 'start')).rejects.toMatchObject({ code: 'reason_needed' });
  await process.rollouts.decide({
    id,
    epoch: 0,
    decision: 'start',
    reason: null,
    knowsBlind: true,
    actor: ada,
    address: null,
  });
  const from = world.clock.now();
  // A total failure of the 1 %: its burn of 10× stays under 14.4×, and nobody sees it.
  world.told.load = (at) => ({ total: 1_000, bad: at > from && world.unleash.percentAt(at - 30_000) === 1 ? 10 : 0 });
  expect(await untilRollout(process, id, ['rolled_back', 'done', 'held'])).not.toMatchObject({ state: 'rolled_back' });
  expect((await entries(id)).join('\n')).toMatch(/1 % has passed: .*Burns 10×/);
});

test('in shadow it judges, says what it would do, and changes nothing', async () => {
  process = await world.start();
  const id = await process.begin(subject, planOf([25, 100], { shadow: true }));
  await untilRollout(process, id, ['baking']);
  const from = world.clock.now();
  world.told.load = (at) => ({ total: 600, bad: at > from ? 60 : 0 });
  await untilRollout(process, id, ['rolled_back', 'done']);
  const said = (await entries(id)).join('\n');
  expect(said).toContain('Would set 25 % now');
  expect(said).toContain('Would be rolled back now');
  expect(world.unleash.writes).toEqual([]);
  expect(await process.rollouts.runs(id)).toEqual([]);
});

test('one at a time: a second rollout of the same waits until the first has ended', async () => {
  process = await world.start();
  await process.begin(subject, planOf([25, 100]));
  await expect(process.begin(subject, planOf([50]))).rejects.toMatchObject({ code: 'locked' });
});

test('product people roll out flags that they own, viewers nothing, and a stale word is refused', async () => {
  process = await world.start();
  const other = { ...subject, flag: 'moodboard-analysis-v3' };
  const draw = (who: typeof ada, what: Parameters<typeof process.rollouts.draw>[0]['subject'] = subject) =>
    process.rollouts.draw({ subject: what, service: 'voiceover', plan: planOf([25]) }, who);
  const id = await draw(linus);
  await expect(draw(linus, other)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(draw(linus, { kind: 'revision', service: 'voiceover', revision: 'r2' })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(draw(vera)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(process.decide(id, 'cancel', null, vera)).rejects.toMatchObject({ code: 'forbidden' });
  await process.decide(id, 'cancel', null, linus);
  const stale = { id, epoch: 0, decision: 'start' as const, reason: null, actor: linus, address: null };
  await expect(process.rollouts.decide(stale)).rejects.toMatchObject({ code: 'plan_stale' });
});

test.each([
  ['the chat of their name', ['other', 'voice'], 'voice'],
  ['every declared chat where they have none', ['other'], 'other'],
])('owners are told of a hold and of the end, once each, in %s', async (_, declared, told) => {
  const base = rolloutCatalog();
  const chat = (name: string) => ({ name, use: 'chat', url: `https://chat.example/${name}` }) as unknown as Endpoint;
  process = await world.start({ catalog: { ...base, endpoints: declared.map(chat) } });
  const id = await process.begin(subject, planOf([25, 100]));
  await untilRollout(process, id, ['baking']);
  world.told.silentFrom = world.clock.now();
  await untilRollout(process, id, ['held']);
  await process.decide(id, 'abort', 'Enough.');
  await untilRollout(process, id, ['rolled_back']);
  const chats = async () =>
    (
      await process.db.selectFrom('outbox').select('body').where('kind', '=', 'chat').orderBy('created_at').execute()
    ).map(({ body }) => body as { text: string; endpoint: string });
  await expect.poll(async () => (await chats()).length, { timeout: 10_000 }).toBe(3);
  expect((await chats()).map(({ endpoint }) => endpoint)).toEqual([told, told, told]);
  const [held, back, ended] = (await chats()).map(({ text }) => text);
  expect(held).toMatch(/^voiceover-v2 in production: Held: .*missing data is never success/);
  expect(back).toContain('Aborted by Ada: Enough.');
  expect(ended).toContain('Rolled back');
});

test('paused before its step was told to be in effect and resumed, it takes no second one', async () => {
  process = await world.start({ moves: false });
  const id = await process.begin(subject, planOf([25, 100]));
  while ((await process.rollouts.get(id))?.state !== 'baking') await process.turn();
  const [run] = await process.rollouts.runs(id);
  await untilRun(run!.runId);
  const held = JSON.stringify({ reason: 'paused', text: 'Paused by Ada.', since: world.clock.now() });
  await process.db.updateTable('rollout').set({ state: 'held', held, effect_at: null }).where('id', '=', id).execute();
  await process.decide(id, 'resume');
  await process.turn();
  expect((await entries(id)).slice(6)).toEqual(expect.arrayContaining(['Resumed by Ada.', '25 % is in effect.']));
  expect((await process.rollouts.runs(id)).filter(({ stage }) => stage === 0)).toHaveLength(1);
});

test('an engine that slept over an abort gives its word for no step any more', async () => {
  process = await world.start({ moves: false });
  const id = await process.begin(subject, planOf([25, 100]));
  while ((await process.rollouts.runs(id)).length === 0) await process.turn();
  const [run] = await process.rollouts.runs(id);
  const { planHash } = await untilStep(process, run!.runId, 'expose', ['planned']);
  const asRead = (await process.rollouts.get(id))!;
  await process.decide(id, 'abort', 'It burns.');
  const word = { runId: run!.runId, stepId: 'expose', hash: planHash!, reason: 'Stage 1.', acknowledged: true };
  expect(await process.rollouts.confirm(asRead, { ...word, outcome: null, actor: ada, address: null })).toBe(false);
  expect((await process.runs.get(run!.runId))?.steps[0]?.confirmedAt).toBeNull();
});

async function untilRun(id: string): Promise<void> {
  const ended = () => expect.poll(async () => (await process.runs.get(id))?.steps[0]?.state, { timeout: 20_000 });
  await ended().toBe('succeeded');
  await process.db.updateTable('run').set({ state: 'done' }).where('id', '=', id).execute();
}
