import type { Selectable } from 'kysely';
import type { StepSeen } from '../../domain/rollout/next-move.ts';
import type { Rollout, RolloutRun } from '../../domain/rollout/rollout.ts';
import { type TemplateName, templateRun } from '../../domain/run/templates.ts';
import { AppError } from '../../errors.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import { lockedStep } from '../run/decide-step.server.ts';
import { digestOf, insertRun } from '../run/open-run.server.ts';
import type { RunStoreDeps } from '../run/runs.server.ts';
import type { StepDrive } from '../run/step-drive.ts';
import type { Database } from '../schema.ts';

/** A rollout's run with its one step. */
export type RolloutStep = RolloutRun & { seen: StepSeen; step: Selectable<Database['run_step']> };

/** States of a step from which nothing more comes: the next try is another run. */
const spent = ['failed', 'skipped', 'undone'];

/** All runs of a rollout with their steps, in the order of their stages and tries. */
export async function stepsOf(db: Db | Tx, rolloutId: string): Promise<RolloutStep[]> {
  const runs = await db
    .selectFrom('rollout_run')
    .innerJoin('run', 'run.id', 'rollout_run.run_id')
    .select(['direction', 'stage', 'attempt', 'rollout_run.run_id', 'run.state as run_state'])
    .where('rollout_id', '=', rolloutId)
    .orderBy('stage')
    .orderBy('attempt')
    .execute();
  if (runs.length === 0) return [];
  const ids = runs.map(({ run_id }) => run_id);
  const steps = await db.selectFrom('run_step').selectAll().where('run_id', 'in', ids).execute();
  return runs.flatMap(({ direction, stage, attempt, run_id: runId, run_state }) => {
    const step = steps.find((one) => one.run_id === runId);
    if (!step) return [];
    const open = run_state === 'open' || run_state === 'prepared';
    const { state, result, reason, plan } = step;
    const seen: StepSeen = {
      ...{ runId, stepId: step.step_id, open, state, result, reason, plan },
      planHash: step.plan_hash,
      effectAt: step.effect_at,
    };
    return [{ direction, stage, attempt, runId, seen, step }];
  });
}

/** The newest try of a rollout's present stage; null before one was opened. */
export function forwardStep(rollout: Pick<Rollout, 'stage'>, steps: readonly RolloutStep[]): RolloutStep | null {
  return steps.findLast((one) => one.direction === 'forward' && one.stage === rollout.stage) ?? null;
}

/** The run of the rollback that goes on; null before it was opened. */
export function backStep(rollout: Pick<Rollout, 'backTries'>, steps: readonly RolloutStep[]): RolloutStep | null {
  return steps.find((one) => one.direction === 'back' && one.attempt === rollout.backTries) ?? null;
}

/**
 * The run that holds what a rollback gives back: what stood before the first step, or before the present one. Between two stages
 * the present one is the last that was set.
 */
function restoresFrom(rollout: Pick<Rollout, 'plan'>, steps: readonly RolloutStep[]): RolloutStep | null {
  const changed = steps.filter(({ direction, step }) => direction === 'forward' && step.captured !== null);
  const present = changed.find(({ stage }) => stage === changed.at(-1)?.stage);
  return (rollout.plan.backTo === 'step' ? present : null) ?? changed[0] ?? null;
}

/**
 * Opens the run of a rollout's next step in the caller's transaction, which holds the rollout's row. A try that may still do
 * its work is kept: a stage never has two.
 */
export async function openStep(
  deps: Pick<RunStoreDeps, 'send' | 'clock' | 'notify' | 'audit'>,
  tx: Tx,
  rollout: Rollout,
  direction: RolloutRun['direction'],
): Promise<void> {
  const steps = await stepsOf(tx, rollout.id);
  const last = direction === 'forward' ? forwardStep(rollout, steps) : backStep(rollout, steps);
  if (last && (direction === 'back' || mayStillSet(last.seen))) {
    // A plan that lies there since long ago is read anew: what it says of the world holds no more.
    if (last.seen.state === 'planned') await replanIn(tx, deps, last);
    return;
  }
  const [template, inputs] =
    direction === 'forward' ? forwardRun(rollout) : backRun(rollout, restoresFrom(rollout, steps)?.runId ?? '');
  const made = templateRun(template, inputs);
  if (!made.ok) throw new AppError('bad_input', made.problems.map(({ message }) => message).join(' '));
  const openedBy = rollout.actsFor?.email ?? rollout.openedBy.email;
  const at = deps.clock.now();
  const runId = await insertRun(tx, deps.send, {
    ...{ template, inputs, title: made.run.title, steps: made.run.steps, digest: digestOf(made.run.steps) },
    ...{ state: 'open', service: rollout.service, incidentId: null, source: template, openedBy, openedAt: at },
  });
  const attempt = direction === 'forward' ? (last?.attempt ?? 0) + 1 : rollout.backTries;
  await tx
    .insertInto('rollout_run')
    .values({ rollout_id: rollout.id, direction, stage: rollout.stage, attempt, run_id: runId })
    .execute();
  await deps.notify('runs', tx);
  await deps.audit(tx, {
    ...{ at, actor: openedBy, action: 'run.opened', target: template, runId, stepId: null, reason: null },
    ...{ before: null, after: { inputs, rollout: rollout.id }, address: null },
  });
}

async function replanIn(tx: Tx, { send }: Pick<RunStoreDeps, 'send'>, { runId, seen }: RolloutStep): Promise<void> {
  const { step } = await lockedStep(tx, runId, seen.stepId);
  if (step.state !== 'planned') return;
  const { look: _look, ...kept } = step.drive;
  const drive: StepDrive = { ...kept, replan: true };
  await tx
    .updateTable('run_step')
    .set({ drive: JSON.stringify(drive) })
    .where('run_id', '=', runId)
    .where('step_id', '=', seen.stepId)
    .execute();
  await send(tx, { runId, look: null });
}

/** True for a try that sets its stage, or has set it: a stage that stands is not set again. */
function mayStillSet({ open, state }: StepSeen): boolean {
  return (open && !spent.includes(state)) || state === 'verifying' || state === 'succeeded';
}

type Wanted = [template: TemplateName, inputs: Record<string, string>];

function forwardRun({ subject, stage, plan }: Rollout): Wanted {
  const percent = String(plan.stages[stage]!.percent);
  return subject.kind === 'flag'
    ? ['template:flag.expose', { flag: subject.flag, environment: subject.environment, percent }]
    : ['template:cloudrun.traffic', { service: subject.service, to: subject.revision, percent }];
}

function backRun(rollout: Rollout, run: string): Wanted {
  const { subject } = rollout;
  const slo = burned(rollout);
  const proof: Record<string, string> = slo ? { slo } : {};
  return subject.kind === 'flag'
    ? ['template:flag.put-back', { flag: subject.flag, environment: subject.environment, run, ...proof }]
    : ['template:cloudrun.put-back', { service: subject.service, run, ...proof }];
}

/** The SLO whose burn has to end by the rollback; null where nothing burned, or only for a few. */
function burned({ plan, stage, effectAt, verdict }: Rollout): string | null {
  // Between two stages the verdict is of the one before.
  const judged = plan.stages[effectAt === null && stage > 0 ? stage - 1 : stage]!;
  const guard = judged.guards.find(
    ({ source, judge }, index) =>
      source.kind === 'slo' && judge === 'service' && verdict?.guards[index]?.kind === 'breach',
  );
  return guard?.source.kind === 'slo' ? guard.source.slo : null;
}
