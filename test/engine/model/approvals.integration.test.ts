import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor, StepState } from '#app/domain/run/run.ts';
import { giveAccounts } from '#test/support/accounts.ts';
import { fakeAction } from '../fake-target.ts';
import { gated, mary, root } from '../gated.ts';
import { ada, grace, vera } from '../harness.ts';
import { type KillPoint, killPoints } from '../kill-points/two-processes.ts';
import { agreeing } from './agreeing.ts';
import { openWorld } from './real.ts';

/** One run of one change forward, which sets the target to on and needs two others than whoever asks. */
interface GatedRun {
  id: string;
  state: StepState;
  ended: boolean;
  /** What stood there when the plan was read. */
  read: string;
  asked: { by: Actor; given: Set<string> } | null;
  captured: string | null;
}

interface Model {
  target: string;
  run: GatedRun | null;
  /** Changes that two others let happen. */
  made: number;
}

const on = 'on';
const needed = 2;
const people = [ada, grace, mary, root, vera];
const person = fc.constantFrom(...people);

async function openGated() {
  const world = await openWorld(gated({ people: needed, from: [], requester: 'excluded' }), (target) => [
    fakeAction('flag.restore', 'forward', target, on),
  ]);
  await giveAccounts(world.db, people);
  return {
    ...world,
    async agrees(model: Model): Promise<void> {
      expect(world.target.value).toBe(model.target);
      await world.isSound();
      if (!model.run) return;
      const { id, state, ended, asked } = model.run;
      const run = (await world.runs.get(id))!;
      expect([run.steps[0]!.state, run.state === 'done' || run.state === 'cancelled']).toEqual([state, ended]);
      const requests = await world.runs.approvalRequests({ runId: id });
      const open = requests.filter(({ outcome }) => outcome === null);
      expect(open.map(({ requester, approvals }) => [requester.email, approvals.length])).toEqual(
        asked ? [[asked.by.email, asked.given.size]] : [],
      );
      for (const { outcome, requester, approvals } of requests) {
        const given = new Set(approvals.map(({ actor }) => actor.email));
        expect(given).not.toContain(requester.email);
        expect(given.size === needed).toBe(outcome === 'approved');
      }
      const done = world.target.effects.filter(({ key }) => key.startsWith(`${id}/restore/apply/`));
      expect(done.length).toBeLessThanOrEqual(requests.filter(({ outcome }) => outcome === 'approved').length);
    },
  };
}

type Real = Awaited<ReturnType<typeof openGated>>;
type Command = fc.AsyncCommand<Model, Real>;

/** A wish about the run, in whatever state it is (or only `when`): taken exactly when the reference says so. */
const wish = (
  name: string,
  ask: (real: Real, of: { runId: string; stepId: string; hash: string }) => Promise<unknown>,
  taken: (run: GatedRun) => boolean,
  then: (run: GatedRun, model: Model) => void,
  { point = null, when = () => true }: { point?: KillPoint | null; when?: (run: GatedRun) => boolean } = {},
): Command =>
  agreeing(
    point ? `${name} and die ${point}` : name,
    ({ run }) => run !== null && when(run),
    async (model, real) => {
      const run = model.run!;
      const { planHash } = await real.step(run.id, 'restore');
      const code = await real.wish(ask(real, { runId: run.id, stepId: 'restore', hash: planHash ?? 'none' }));
      const is = taken(run);
      expect(code === null, `${code}`).toBe(is);
      if (is) then(run, model);
      if (point !== null && is && run.state !== 'awaiting-approval') await real.die(run.id, point);
      else await real.drain();
    },
  );

const open = (actor: Actor): Command =>
  agreeing(
    `${actor.name} opens`,
    ({ run }) => (run === null || run.ended) && actor !== vera,
    async (model, real) => {
      const wanted = { template: real.template(), inputs: {}, incidentId: null, service: null };
      const id = await real.runs.openRun(wanted, actor);
      await real.drain();
      model.run = { id, state: 'planned', ended: false, read: model.target, asked: null, captured: null };
    },
  );

const form = { reason: 'The cause is mended.', acknowledged: true, outcome: null, address: null };
const waits = ({ ended, state }: GatedRun) => !ended && state === 'awaiting-approval';
const mayDecide = (run: GatedRun, actor: Actor) => waits(run) && actor !== vera && actor !== run.asked!.by;

/** It is planned again, and what was given is void. */
function goesBack(run: GatedRun): void {
  run.state = 'planned';
  run.asked = null;
}

const ask = (actor: Actor, right: boolean, when?: (run: GatedRun) => boolean) =>
  wish(
    `${actor.name} asks${right ? '' : ' for another plan'}`,
    (real, of) => real.runs.confirm({ ...of, ...form, actor, ...(right ? {} : { hash: 'another' }) }),
    (run) => !run.ended && run.state === 'planned' && right && run.read !== on && actor !== vera,
    (run) => {
      run.state = 'awaiting-approval';
      run.asked = { by: actor, given: new Set() };
    },
    { when },
  );

const approve = (actor: Actor, right: boolean, more: { point?: KillPoint; when?: (run: GatedRun) => boolean } = {}) =>
  wish(
    `${actor.name} approves${right ? '' : ' another plan'}`,
    (real, of) => real.runs.approve({ ...of, actor, address: null, ...(right ? {} : { hash: 'another' }) }),
    (run) => right && mayDecide(run, actor),
    (run, model) => {
      const { given } = run.asked!;
      given.add(actor.email);
      if (given.size < needed) return;
      goesBack(run);
      const moved = run.read !== model.target;
      run.read = model.target;
      if (moved) return;
      run.captured = model.target;
      run.state = 'succeeded';
      model.target = on;
      model.made += 1;
    },
    more,
  );

const reject = (actor: Actor) =>
  wish(
    `${actor.name} rejects`,
    (real, of) => real.runs.reject({ ...of, actor, address: null, reason: 'Not tonight.' }),
    (run) => mayDecide(run, actor),
    goesBack,
  );

const withdraw = (actor: Actor) =>
  wish(
    `${actor.name} withdraws`,
    (real, of) => real.runs.withdraw({ ...of, actor, address: null }),
    (run) => waits(run) && run.asked!.by === actor,
    goesBack,
  );

const replan = wish(
  'plan again',
  (real, { runId, stepId }) => real.runs.replan(runId, stepId),
  (run) => !run.ended && run.state === 'planned',
  (run, model) => {
    run.read = model.target;
  },
);

const cancel = wish(
  'cancel',
  (real, { runId }) => real.runs.cancel({ runId, reason: 'Over.', actor: root }),
  (run) => !run.ended,
  (run) => {
    if (run.state !== 'succeeded') run.state = 'skipped';
    run.asked = null;
    run.ended = true;
  },
);

const undo = (when?: (run: GatedRun) => boolean) =>
  wish(
    'undo',
    async (real, { runId, stepId }) => {
      const { undoHash } = await real.step(runId, stepId);
      await real.runs.undo({ runId, stepId, hash: undoHash ?? 'none', reason: null, actor: ada });
    },
    (run) => !run.ended && run.state === 'succeeded',
    (run, model) => {
      model.target = run.captured!;
      run.state = 'undone';
      run.ended = true;
    },
    { when },
  );

/** Only before the change: what an undo does where somebody else came after it is the model's beside this. */
const stranger = (value: string): Command =>
  agreeing(
    `somebody else sets it to ${value}`,
    ({ run }) => run === null || run.ended || run.state !== 'succeeded',
    async (model, real) => {
      model.target = value;
      real.target.value = value;
    },
  );

const isPlanned = ({ ended, state, read }: GatedRun) => !ended && state === 'planned' && read !== on;
const asked = person.map((actor) => ask(actor, true, isPlanned));
const approval = person.map((actor) => approve(actor, true, { when: waits }));
const died = fc
  .tuple(person, fc.constantFrom(...killPoints))
  .map(([actor, point]) => approve(actor, true, { point, when: waits }));
/** What ends a request, or is refused: too much of it, and no request would ever have its two. */
const rarely = fc.oneof(
  fc.tuple(person, fc.boolean()).map(([actor, right]) => ask(actor, right)),
  fc.tuple(person, fc.boolean()).map(([actor, right]) => approve(actor, right)),
  person.map(reject),
  person.map(withdraw),
  fc.constantFrom(replan, cancel, undo()),
  fc.constantFrom('off', 'half', on).map(stranger),
);
const commands: fc.Arbitrary<Command>[] = [
  person.map(open),
  ...[asked, asked, approval, approval, approval, died, died],
  rarely,
  fc.constant(undo(({ state }) => state === 'succeeded')),
];

let real: Real;
beforeAll(async () => {
  real = await openGated();
});
afterAll(() => real.close());

test('whoever asks, approves, rejects, withdraws or dies: a change goes once for each two yeses of others, to what they read', async () => {
  let made = 0;
  const property = fc.asyncProperty(fc.commands(commands, { maxCommands: 40, size: 'max' }), async (wanted) => {
    real.target.value = 'off';
    const model: Model = { target: 'off', run: null, made: 0 };
    await open(ada).run(model, real);
    await fc.asyncModelRun(() => ({ model, real }), wanted);
    made += model.made;
    expect((await real.chain()).ok).toBe(true);
  });
  await fc.assert(property, { numRuns: 40 });
  expect(made).toBeGreaterThan(10);
});
