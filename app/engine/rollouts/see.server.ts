import { neverCarried } from '../../actions/traffic-choice.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { Brake, RolloutSeen } from '../../domain/rollout/next-move.ts';
import type { Rollout } from '../../domain/rollout/rollout.ts';
import { isEnded } from '../../domain/rollout/transitions.ts';
import { type GuardReading, judgeGuard, judgeStage, type StageVerdict } from '../../domain/rollout/verdict.ts';
import type { Actor, Plan } from '../../domain/run/run.ts';
import { minuteMs } from '../../domain/slo/series.ts';
import { backStep, forwardStep } from '../../stores/rollout-steps.server.ts';
import { brakesOf } from './brakes.server.ts';
import type { RolloutDeps } from './deps.ts';
import { foreignBack, foreignEdit, restored } from './foreign.server.ts';

export type ReadGuards = (
  catalog: Catalog,
  rollout: Rollout,
  effectAt: number,
  signal: AbortSignal,
) => Promise<GuardReading[]>;

/** Reads everything that the next move depends on; null when it changed while it was read. */
export async function see(
  deps: RolloutDeps,
  readGuards: ReadGuards,
  catalog: Catalog,
  rollout: Rollout,
  signal: AbortSignal,
): Promise<{ seen: RolloutSeen; person: Actor | null } | null> {
  const over = isEnded(rollout.state) || rollout.state === 'rolling_back';
  const before = await deps.rollouts.steps(rollout.id);
  const goesBack = rollout.state === 'rolling_back';
  const foreign = await (goesBack ? foreignBack : over ? async () => null : foreignEdit)(deps, rollout, before);
  const { brakes, person } = over ? { brakes: [], person: null } : await brakesOf(deps, catalog, rollout);
  const judged = over ? null : await judge(deps, readGuards, catalog, rollout, signal);
  const steps = await deps.rollouts.steps(rollout.id);
  // A step of ours that moved in between would look like somebody else's hand, and a plan made in between was not compared.
  if (!sameStates(before, steps)) return null;
  const step = forwardStep(rollout, steps);
  const plan = step?.seen.state === 'planned' ? step.seen.plan : null;
  const seen: RolloutSeen = {
    now: deps.clock.now(),
    rollout,
    step: step?.seen ?? null,
    back: backStep(rollout, steps)?.seen ?? null,
    applied: steps.some(({ direction, step: row }) => direction === 'forward' && row.captured !== null),
    foreign,
    restored: goesBack && restored(rollout, steps),
    brakes,
    refused: plan && planRefusal(rollout, plan),
    verdict: judged?.verdict ?? null,
    bakedAt: judged?.bakedAt ?? null,
  };
  return { seen, person };
}

async function judge(
  deps: RolloutDeps,
  readGuards: ReadGuards,
  catalog: Catalog,
  rollout: Rollout,
  signal: AbortSignal,
): Promise<{ verdict: StageVerdict; bakedAt: number } | null> {
  const { effectAt } = rollout;
  if (effectAt === null) return null;
  const stage = rollout.plan.stages[rollout.stage]!;
  const readings = await readGuards(catalog, rollout, effectAt, signal);
  const now = deps.clock.now();
  const verdict = judgeStage(
    stage.guards.map((guard, index) => judgeGuard(guard, stage, readings[index]!, effectAt, now)),
    now,
  );
  if (!sameVerdict(rollout.verdict, verdict)) await deps.rollouts.judged(rollout, verdict);
  const settle = Math.max(0, ...readings.map((reading) => reading.settle));
  return { verdict, bakedAt: Math.ceil(effectAt / minuteMs) * minuteMs + stage.hold + settle };
}

function sameVerdict(a: StageVerdict | null, b: StageVerdict): boolean {
  return a !== null && JSON.stringify({ ...a, at: 0 }) === JSON.stringify({ ...b, at: 0 });
}

/** Why a plan may not be confirmed in a person's name: a person confirms with a reason what is not known. */
function planRefusal({ subject }: Rollout, plan: Plan): Brake | null {
  if (plan.refused) return { reason: 'step', text: plan.refused };
  const expected = subject.kind === 'revision' ? neverCarried(subject.revision) : null;
  const open = plan.preconditions.find(({ state, text }) => state !== 'pass' && text !== expected);
  return open ? { reason: 'step', text: open.text } : null;
}

type States = readonly { runId: string; seen: { state: string } }[];

function sameStates(a: States, b: States): boolean {
  const text = (steps: States) => steps.map(({ runId, seen }) => `${runId} ${seen.state}`).join('\n');
  return text(a) === text(b);
}
