import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RolloutPlan } from '#app/domain/rollout/plan.ts';
import type { Actor } from '#app/domain/run/run.ts';
import { ada, grace, linus } from '../harness.ts';
import { planOf, type RolloutProcess, untilRollout } from './harness.ts';
import { openOneFlag, subject } from './one-flag.ts';

let world: Awaited<ReturnType<typeof openOneFlag>>;
let process: RolloutProcess;

beforeEach(async () => {
  world = await openOneFlag();
});
afterEach(() => world.close());

/** Somebody sets the flag to half of the users by hand. */
function halfByHand(): void {
  const parameters = { rollout: '50', stickiness: 'userId', groupId: 'voiceover-v2' };
  const strategy = { id: 's0', name: 'flexibleRollout', parameters, constraints: [], segments: [], variants: [] };
  world.unleash.byHand({ enabled: true, strategies: [strategy] });
}
const draw = (percents: number[], part: Partial<RolloutPlan> = {}) =>
  process.rollouts.draw({ subject, service: 'voiceover', plan: planOf(percents, part) }, ada);

test('a rollout that would take a flag away from people is neither drawn up nor started', async () => {
  process = await world.start({ moves: false });
  halfByHand();
  await process.turn();
  const message =
    '50 % of production has it now, and stage 1 sets 5 %: a rollout only goes up. Draw it up from above that, or set a smaller share by hand first.';
  await expect(draw([5, 100])).rejects.toMatchObject({ code: 'bad_input', message });
  await expect(draw([50, 100])).rejects.toMatchObject({ code: 'bad_input' });
  await draw([60, 100]);
  await draw([5, 100], { shadow: true });
  world.unleash.byHand({ enabled: false });
  await process.turn();
  const id = await draw([5, 100]);
  halfByHand();
  await process.turn();
  await expect(process.decide(id, 'start')).rejects.toMatchObject({ code: 'bad_input', message });
  expect((await process.rollouts.get(id))?.state).toBe('draft');
});

test.each<[string, (id: string) => Promise<void>]>([
  ['its plan is read anew', async (id) => process.runs.replan((await process.rollouts.runs(id))[0]!.runId, 'expose')],
  ['somebody resumes it', (id) => process.decide(id, 'resume')],
])('raised by another hand before the first step, it is held and takes nothing away until %s', async (_, again) => {
  let raised = false;
  const at = async (point: string) => {
    if (point !== 'before-open' || raised) return;
    raised = true;
    halfByHand();
  };
  process = await world.start({ hooks: { at } });
  const id = await process.begin(subject, planOf([5, 100]));
  const held = await untilRollout(process, id, ['held', 'baking', 'superseded']);
  expect(held).toMatchObject({ state: 'held', stage: 0, effectAt: null, held: { reason: 'takes-away' } });
  expect(held.held?.text).toContain('50 % of production has it now');
  expect(world.unleash.writes).toEqual([]);
  // Once it raises the share again it goes on by itself.
  world.unleash.byHand({ enabled: false });
  // Held for long: the engine does not keep the plan fresh by itself any more.
  await process.db.updateTable('run').set({ opened_at: 0 }).execute();
  await again(id);
  await untilRollout(process, id, ['baking']);
  expect([world.unleash.percent(), (await process.rollouts.runs(id)).length]).toEqual([5, 1]);
});

test('held before its first step it is called off, and the run of that step with it', async () => {
  process = await world.start({ hooks: { at: async (point) => (point === 'before-open' ? halfByHand() : undefined) } });
  const id = await process.begin(subject, planOf([5, 100]));
  await untilRollout(process, id, ['held', 'baking']);
  await expect(process.decide(id, 'abort', 'Not now.')).rejects.toMatchObject({ code: 'already_done' });
  await process.decide(id, 'cancel');
  const [run] = await process.rollouts.runs(id);
  await expect.poll(async () => (await process.runs.get(run!.runId))?.state, { timeout: 20_000 }).toBe('cancelled');
  expect((await process.rollouts.get(id))?.state).toBe('cancelled');
  expect([world.unleash.writes, world.unleash.percent()]).toEqual([[], 50]);
});

test('whoever drew it up or started it does not approve its stages, though the plan names them', async () => {
  process = await world.start();
  world.told.people[grace.email] = grace;
  const plan = planOf([25, 100]);
  plan.stages[0]!.approve = ['voice', 'media-platform', grace.email];
  const id = await process.rollouts.draw({ subject, service: 'voiceover', plan }, linus);
  await process.decide(id, 'start');
  expect(await untilRollout(process, id, ['held', 'baking'])).toMatchObject({ held: { reason: 'approval' } });
  for (const own of [linus, ada]) {
    await expect(process.decide(id, 'approve-stage', null, own)).rejects.toMatchObject({ code: 'forbidden' });
  }
  await process.decide(id, 'approve-stage', null, grace);
  const baking = await untilRollout(process, id, ['baking']);
  expect(baking).toMatchObject({ approvals: { 0: { by: 'Grace' } }, actsFor: { name: 'Ada' } });
});

test.each<[string, Actor | null]>([
  ['disabled', null],
  ['in another team', { ...linus, role: 'responder', teams: [] }],
  ['a viewer', { ...linus, role: 'viewer' }],
])(
  'a word given by somebody who is %s at the step does not count, and somebody else gives theirs',
  async (_, since) => {
    process = await world.start({ moves: false });
    world.told.people = { [ada.email]: ada, [linus.email]: linus, [grace.email]: { ...grace, teams: ['voice'] } };
    const plan = planOf([25, 100]);
    plan.stages[0]!.approve = ['voice'];
    const id = await process.begin(subject, plan);
    await process.turn();
    await process.decide(id, 'approve-stage', null, linus);
    world.told.people[linus.email] = since;
    await process.turn();
    const held = (await process.rollouts.get(id))!;
    expect(held).toMatchObject({ state: 'held', stage: 0, approvals: {}, held: { reason: 'approval' } });
    expect(held.held!.text).toBe(
      'Linus, who approved this stage, may not do so any more: this stage waits for the word of voice.',
    );
    expect(await process.rollouts.runs(id)).toEqual([]);
    await process.decide(id, 'approve-stage', null, { ...grace, teams: ['voice'] });
    await process.turn();
    expect(await process.rollouts.get(id)).toMatchObject({ state: 'applying', approvals: { 0: { by: 'Grace' } } });
  },
);

test('of five that are started at once for one flag one goes on, and the others are told which', async () => {
  process = await world.start({ moves: false });
  const ids = await Promise.all([1, 2, 3, 4, 5].map(() => draw([5, 100])));
  const answers = await Promise.allSettled(ids.map((id) => process.decide(id, 'start')));
  const refused = answers.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(refused.map(({ code, message }) => [code, message])).toEqual(
    Array(4).fill(['locked', expect.stringContaining('under way already: end that one first.')]),
  );
});

test('a console that only observes by now says that it does not take back what burns', async () => {
  process = await world.start();
  const id = await process.begin(subject, planOf([25, 100]));
  await untilRollout(process, id, ['baking']);
  await process.stop();
  const from = world.clock.now();
  world.told.load = (at) => ({ total: 600, bad: at > from ? 60 : 0 });
  process = await world.start({ mode: 'observe' });
  const left = await untilRollout(process, id, ['rollback_unverified', 'rolled_back', 'done']);
  expect([left.state, world.unleash.percent()]).toEqual(['rollback_unverified', 25]);
  expect((await process.rollouts.entries(id)).at(-1)?.text).toMatch(/^Not rolled back: .*observes/);
});

test.each([
  ['start', 0],
  ['step', 25],
] as const)(
  'one that waits between two stages is still judged, and taken back to its %s when what stands does harm',
  async (backTo, left) => {
    process = await world.start();
    const plan = planOf([25, 60, 100], { backTo });
    plan.stages[2]!.approve = ['voice'];
    const id = await process.begin(subject, plan);
    expect(await untilRollout(process, id, ['held', 'done'])).toMatchObject({ stage: 2, held: { reason: 'approval' } });
    const from = world.clock.now();
    world.told.load = (at) => ({ total: 600, bad: at > from && world.unleash.percentAt(at - 30_000) > 0 ? 60 : 0 });
    await untilRollout(process, id, ['rolled_back', 'rollback_unverified']);
    expect(world.unleash.percent()).toBe(left);
  },
);

const trouble = { title: 'It burns', service: 'voiceover', children: [] };
const befall = {
  incident: () => {
    world.told.incidents = [trouble];
  },
  budget: () => {
    world.told.budgetRemaining = 0.09;
  },
};
const calm = () => {
  world.told.incidents = [];
  world.told.budgetRemaining = 0.5;
};

test.each([
  ['incident', 'by-person'],
  ['incident', 'when-calm'],
  ['budget', 'by-person'],
  ['budget', 'when-calm'],
] as const)('%s holds the next stage, and %s says what ends that', async (reason, resume) => {
  process = await world.start();
  const id = await process.begin(subject, planOf([25, 100], { resume }));
  await untilRollout(process, id, ['baking']);
  befall[reason]();
  const held = await untilRollout(process, id, ['held', 'done']);
  expect(held).toMatchObject({ state: 'held', stage: 1, held: { reason } });
  expect([world.unleash.percent(), (await process.rollouts.runs(id)).length]).toEqual([25, 1]);
  calm();
  if (resume === 'by-person') {
    await process.turn();
    await process.turn();
    expect(await process.rollouts.get(id)).toMatchObject({ state: 'held', stage: 1 });
    await process.decide(id, 'resume');
  }
  await untilRollout(process, id, ['baking', 'done']);
  expect(world.unleash.percent()).toBe(100);
});
