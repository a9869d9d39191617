import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFollowUpStore, openFollowUp } from '#app/stores/follow-ups.server.ts';
import { ada, untilStep } from '../harness.ts';
import { planOf, type RolloutProcess, untilRollout } from './harness.ts';
import { openOneFlag, subject } from './one-flag.ts';

let world: Awaited<ReturnType<typeof openOneFlag>>;
let process: RolloutProcess;

beforeEach(async () => {
  world = await openOneFlag();
});
afterEach(() => world.close());

const saidOf = async (id: string) => (await process.rollouts.entries(id)).map(({ state, text }) => `${state}: ${text}`);

test('on a healthy service it goes to 100 %, each stage one run, and ends', async () => {
  process = await world.start();
  const id = await process.begin(subject, planOf([5, 50, 100]));
  const done = await untilRollout(process, id, ['done', 'held', 'rolled_back', 'superseded'], 80_000);
  expect(done).toMatchObject({ state: 'done', stage: 2, held: null });
  expect(world.unleash.percent()).toBe(100);
  expect(await process.rollouts.runs(id)).toMatchObject([
    { direction: 'forward', stage: 0, attempt: 1 },
    { direction: 'forward', stage: 1, attempt: 1 },
    { direction: 'forward', stage: 2, attempt: 1 },
  ]);
  expect(world.unleash.writes.map((write) => /(\d+ % of users|everyone)/.exec(write)?.[0]).filter(Boolean)).toEqual([
    '5 % of users',
    '50 % of users',
    'everyone',
  ]);
  const said = await saidOf(id);
  expect(said[0]).toContain('Drawn up');
  expect(said.at(-1)).toContain('done: 100 % has passed: voiceover-availability: Burns 0× over');
});

const bad = (from: number) => (at: number) => ({
  total: 600,
  bad: at > from && world.unleash.percentAt(at - 30_000) > 3 ? 60 : 0,
});

test('one that burns is rolled back to exactly what stood before, by one run that waits for nobody', async () => {
  const before = [
    { id: 's0', name: 'flexibleRollout', parameters: { rollout: '3', stickiness: 'userId', groupId: 'x' } },
  ];
  const strategies = before.map((one) => ({ ...one, constraints: [], segments: [], variants: [] }));
  world.unleash.byHand({ enabled: true, strategies });
  process = await world.start();
  const id = await process.begin(subject, planOf([10, 50, 100]));
  await untilRollout(process, id, ['baking']);
  world.told.load = bad(world.clock.now());
  // Whoever started it is gone: going back asks for nobody.
  world.told.people = {};
  const back = await untilRollout(process, id, ['rolled_back', 'rollback_unverified', 'done', 'superseded'], 80_000);
  expect(back).toMatchObject({ state: 'rolled_back' });
  expect(world.unleash.state().strategies).toEqual(strategies);
  const said = await saidOf(id);
  expect(said.join('\n')).toMatch(/rolling_back: voiceover-availability: Burns \d+× over 5 min/);
  const runs = await process.rollouts.runs(id);
  expect(runs.filter(({ direction }) => direction === 'back')).toHaveLength(1);
  expect(runs.filter(({ direction }) => direction === 'forward')).toHaveLength(1);
});

test('a blackout of its data holds it, and the return of the data lets it go on', async () => {
  process = await world.start();
  const id = await process.begin(subject, planOf([25, 100]));
  await untilRollout(process, id, ['baking']);
  world.told.silentFrom = world.clock.now();
  const held = await untilRollout(process, id, ['held', 'done', 'rolled_back']);
  expect(held).toMatchObject({ state: 'held', held: { reason: 'no-data' }, stage: 0 });
  expect(world.unleash.percent()).toBe(25);
  world.told.silentFrom = null;
  await untilRollout(process, id, ['done'], 60_000);
  expect(world.unleash.percent()).toBe(100);
});

test('somebody else’s hand on the flag ends it, and what they set stays', async () => {
  process = await world.start();
  const id = await process.begin(subject, planOf([25, 100]));
  await untilRollout(process, id, ['baking']);
  world.unleash.byHand({ enabled: false });
  const ended = await untilRollout(process, id, ['superseded', 'done', 'rolled_back']);
  expect(ended.state).toBe('superseded');
  expect(world.unleash.state().enabled).toBe(false);
  expect((await saidOf(id)).at(-1)).toContain('voiceover-v2 is off now');
});

test('killed while its rollback is on its way it stays killed', async () => {
  const strategies = [
    { id: 's0', name: 'flexibleRollout', parameters: { rollout: '3', stickiness: 'userId', groupId: 'x' } },
  ].map((one) => ({ ...one, constraints: [], segments: [], variants: [] }));
  world.unleash.byHand({ enabled: true, strategies });
  process = await world.start({
    hooks: {
      at: async (point) => {
        const [rollout] = await process.rollouts.list({ limit: 1 });
        if (point === 'before-open' && rollout?.state === 'rolling_back') world.unleash.byHand({ enabled: false });
      },
    },
  });
  const id = await process.begin(subject, planOf([10, 100]));
  await untilRollout(process, id, ['baking']);
  await process.decide(id, 'abort', 'It burns.');
  const ended = await untilRollout(process, id, ['superseded', 'rolled_back', 'rollback_unverified']);
  expect([ended.state, world.unleash.state().enabled], (await saidOf(id)).join('\n')).toEqual(['superseded', false]);
  expect((await saidOf(id)).at(-1)).toContain('nothing is put back');
});

test('the reminder of a kill stands again once what raised the flag since is put back', async () => {
  process = await world.start();
  world.unleash.byHand({ enabled: false });
  const followUps = createFollowUpStore(
    process.db,
    async () => undefined,
    async () => undefined,
  );
  const target = `flag/${subject.environment}/${subject.flag}`;
  const kill = {
    kind: 'flag-killed' as const,
    target,
    title: 'off in production',
    service: 'voiceover',
    owner: 'voice',
  };
  const left = { ...kill, incidentId: null, runId: null, openedAt: 1, dueAt: null, wayBack: null };
  await process.db.transaction().execute((tx) => openFollowUp(tx, left));
  const id = await process.begin(subject, planOf([10, 100]));
  await untilRollout(process, id, ['baking']);
  expect(await followUps.open()).toEqual([]);
  await process.decide(id, 'abort', 'It burns.');
  await untilRollout(process, id, ['rolled_back', 'rollback_unverified']);
  expect(world.unleash.state().enabled).toBe(false);
  expect((await followUps.open()).map(({ title }) => title)).toEqual(['off in production']);
});

test('putting back what a run lowered is refused: it would let more people in, ungated', async () => {
  process = await world.start({ moves: false });
  const strategies = [
    { id: 's0', name: 'flexibleRollout', parameters: { rollout: '50', stickiness: 'userId', groupId: 'x' } },
  ].map((one) => ({ ...one, constraints: [], segments: [], variants: [] }));
  world.unleash.byHand({ enabled: true, strategies });
  const inputs = { flag: subject.flag, environment: subject.environment };
  const open = (template: string, more: Record<string, string>) =>
    process.runs.openRun({ template, inputs: { ...inputs, ...more }, incidentId: null, service: 'voiceover' }, ada);
  const lowered = await open('template:flag.expose', { percent: '5' });
  const { planHash } = await untilStep(process, lowered, 'expose', ['planned']);
  const word = { reason: 'It burns.', acknowledged: true, outcome: null, actor: ada, address: null };
  await process.runs.confirm({ runId: lowered, stepId: 'expose', hash: planHash!, ...word });
  await untilStep(process, lowered, 'expose', ['verifying', 'succeeded']);
  const back = await open('template:flag.put-back', { run: lowered });
  const step = await untilStep(process, back, 'put-back', ['planned']);
  expect(step.plan?.refused).toContain('would let more people in');
});
