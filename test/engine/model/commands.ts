import fc from 'fast-check';
import { expect } from 'vitest';
import { type KillPoint, killPoints } from '../kill-points/two-processes.ts';
import { agreeing } from './agreeing.ts';
import type { Real } from './real.ts';
import {
  cancelled,
  killed,
  type Model,
  mayUndo,
  off,
  opened,
  type RunModel,
  settle,
  tried,
  undone,
} from './reference.ts';

type Command = fc.AsyncCommand<Model, Real>;
type StepName = 'kill' | 'tell';

/** What happens to one run, or to the world: after it the engine has nothing left to do, and both have to agree. */
const command = (
  name: string,
  check: (model: Model) => boolean,
  run: (model: Model, real: Real) => Promise<void>,
): Command =>
  agreeing(name, check, async (model, real) => {
    await run(model, real);
    for (const one of model.runs) if (one && !one.ended) settle(one);
  });

/** A wish about a run that was opened, in whatever state it is: the reference says whether it is taken. */
const about = (which: 0 | 1, name: string, run: (model: Model, run: RunModel, real: Real) => Promise<void>): Command =>
  command(
    `${name} ${which}`,
    (model) => model.runs[which] !== null,
    (model, real) => run(model, model.runs[which]!, real),
  );

const open = (which: 0 | 1, other: boolean) =>
  command(
    `open ${which}`,
    (model) => model.runs[which] === null || model.runs[which].ended,
    async (model, real) => {
      const wanted = { template: real.template(), inputs: {}, incidentId: null, service: null };
      const id = await real.runs.openRun(wanted, real.who(other));
      await real.drain();
      model.runs[which] = opened(model, id);
    },
  );

/** The step that stands before a person. */
const current = (run: RunModel): StepName => (['succeeded', 'skipped', 'undone'].includes(run.kill) ? 'tell' : 'kill');

const mayConfirm = (run: RunModel, step: StepName) =>
  !run.ended && run[step] === 'planned' && (step === 'tell' || !run.refused);

/** Confirms the plan that stands, or one that never stood; the process may die while it drives it. */
const confirm = (which: 0 | 1, other: boolean, right: boolean, point: KillPoint | null) =>
  about(
    which,
    `confirm${right ? '' : ' another plan of'}${point ? ` and die ${point}` : ''}`,
    async (model, run, real) => {
      const stepId = current(run);
      const { planHash } = await real.step(run.id, stepId);
      const said = { reason: null, acknowledged: false, outcome: null, address: null, actor: real.who(other) };
      const hash = right ? (planHash ?? 'none') : 'another';
      const code = await real.wish(real.runs.confirm({ runId: run.id, stepId, hash, ...said }));
      const taken = right && mayConfirm(run, stepId);
      expect(code === null, `${code}`).toBe(taken);
      if (!taken) return;
      if (point === null) await real.drain();
      else await real.die(run.id, point);
      if (stepId === 'kill') killed(model, run);
      else run.tell = point !== null && lostAt.includes(point) ? 'unknown' : 'succeeded';
    },
  );

/** Where what was told is not known to be told. */
const lostAt: readonly KillPoint[] = [
  ...(['after-intent', 'before-effect', 'after-effect', 'before-outcome', 'after-outcome', 'before-commit'] as const),
];

const skip = (which: 0 | 1, other: boolean) =>
  about(which, 'skip', async (_model, run, real) => {
    const stepId = current(run);
    const wanted = { runId: run.id, stepId, reason: 'No need.', actor: real.who(other) };
    const code = await real.wish(real.runs.skip(wanted));
    const leaves = stepId === 'kill' && run.captured !== null && !run.movedOn;
    const taken = !run.ended && ['planned', 'pending', 'failed'].includes(run[stepId]) && !leaves;
    expect(code === null, `${code}`).toBe(taken);
    if (taken) run[stepId] = 'skipped';
    await real.drain();
  });

const undo = (which: 0 | 1, other: boolean) =>
  about(which, 'undo', async (model, run, real) => {
    const { undoHash } = await real.step(run.id, 'kill');
    const wanted = { runId: run.id, stepId: 'kill', hash: undoHash ?? 'none', reason: null, actor: real.who(other) };
    const code = await real.wish(real.runs.undo(wanted));
    const taken = mayUndo(run);
    expect(code === null, `${code}`).toBe(taken);
    await real.drain();
    if (taken) undone(model, run);
  });

const decide = (which: 0 | 1, decision: 'done' | 'retry' | 'abort') =>
  about(which, decision, async (model, run, real) => {
    const stepId = current(run);
    const wanted = { runId: run.id, stepId, decision, actor: real.who(false) };
    const code = await real.wish(real.runs.resolveUnknown(wanted));
    const taken = !run.ended && (run[stepId] === 'unknown' || (decision === 'retry' && run[stepId] === 'failed'));
    expect(code === null, `${code}`).toBe(taken);
    await real.drain();
    if (!taken) return;
    if (decision !== 'retry') run[stepId] = decision === 'done' ? 'succeeded' : 'failed';
    else if (stepId === 'kill') tried(model, run);
    else run.tell = 'planned';
  });

const cancel = (which: 0 | 1, other: boolean) =>
  about(which, 'cancel', async (_model, run, real) => {
    const code = await real.wish(real.runs.cancel({ runId: run.id, reason: 'Over.', actor: real.who(other) }));
    expect(code === null, `${code}`).toBe(!run.ended);
    if (!run.ended) cancelled(run);
    await real.drain();
  });

/** Nobody holds the target while the engine rests: there is nothing to take over. */
const takeOver = (which: 0 | 1) =>
  about(which, 'take over', async (_model, run, real) => {
    const wanted = { runId: run.id, stepId: 'kill', reason: 'Let me.', actor: real.who(true) };
    expect(await real.wish(real.runs.takeOver(wanted))).not.toBeNull();
    await real.drain();
  });

const replan = (which: 0 | 1) =>
  about(which, 'plan again', async (model, run, real) => {
    const stepId = current(run);
    const code = await real.wish(real.runs.replan(run.id, stepId));
    const taken = !run.ended && run[stepId] === 'planned';
    expect(code === null, `${code}`).toBe(taken);
    await real.drain();
    if (taken && stepId === 'kill') run.refused = model.target === off;
  });

const stranger = (value: string) =>
  command(
    `somebody else sets it to ${value}`,
    () => true,
    async (model, real) => {
      model.target = value;
      real.target.value = value;
    },
  );

const which = fc.constantFrom<0 | 1>(0, 0, 0, 1);
const other = fc.boolean();

/** Everything that may happen, the usual things more often. */
export const anyCommand: fc.Arbitrary<Command>[] = [
  fc.tuple(which, other).map(([run, person]) => open(run, person)),
  fc.tuple(which, other, fc.constant(true), fc.constant(null)).map((given) => confirm(...given)),
  fc.tuple(which, other, fc.constant(true), fc.constant(null)).map((given) => confirm(...given)),
  fc.tuple(which, other, fc.constant(true), fc.constantFrom(...killPoints)).map((given) => confirm(...given)),
  fc.tuple(which, other, fc.constant(false), fc.constant(null)).map((given) => confirm(...given)),
  fc.tuple(which, other).map((given) => skip(...given)),
  fc.tuple(which, other).map((given) => undo(...given)),
  fc.tuple(which, other).map((given) => undo(...given)),
  fc.tuple(which, other).map((given) => undo(...given)),
  fc.tuple(which, fc.constantFrom('done', 'retry', 'abort')).map(([run, what]) => decide(run, what)),
  fc.tuple(which, other).map((given) => cancel(...given)),
  which.map(takeOver),
  which.map(replan),
  fc.constantFrom('on', 'half', off).map(stranger),
  fc.constantFrom('on', 'half', off).map(stranger),
];
