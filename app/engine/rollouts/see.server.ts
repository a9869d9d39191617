import { neverCarried } from '../../actions/traffic-choice.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { FlagEnvironmentState } from '../../domain/flag/flag.ts';
import { notRaised } from '../../domain/flag/not-raised.ts';
import type { Brake, RolloutSeen } from '../../domain/rollout/next-move.ts';
import { onlyUp } from '../../domain/rollout/only-up.ts';
import type { Rollout } from '../../domain/rollout/rollout.ts';
import { isEnded } from '../../domain/rollout/transitions.ts';
import { type GuardReading, judgeGuard, judgeStage, type StageVerdict } from '../../domain/rollout/verdict.ts';
import type { Actor, Plan } from '../../domain/run/run.ts';
import type { TrafficEntry } from '../../domain/service/traffic.ts';
import { minuteMs } from '../../domain/slo/series.ts';
import { standsOver } from '../../stores/rollout/must-raise.server.ts';
import { backStep, forwardStep, type RolloutStep } from '../../stores/rollout/rollout-steps.server.ts';
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
  const standing = inEffect(rollout, before);
  const judged = over ? null : await judge(deps, readGuards, catalog, standing, signal);
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
    refused: plan && (await planRefusal(deps, rollout, plan)),
    verdict: judged?.verdict ?? null,
    bakedAt: standing === rollout ? (judged?.bakedAt ?? null) : null,
  };
  return { seen, person };
}

/** The rollout as of the stage that is in effect: between two stages the last one is still judged, and taken back when it does harm. */
function inEffect(rollout: Rollout, steps: readonly RolloutStep[]): Rollout {
  if (rollout.effectAt !== null || rollout.stage === 0) return rollout;
  const stage = rollout.stage - 1;
  const effectAt = forwardStep({ stage }, steps)?.seen.effectAt ?? null;
  return effectAt === null ? rollout : { ...rollout, stage, effectAt };
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
async function planRefusal(
  { db }: Pick<RolloutDeps, 'db'>,
  { subject, plan: { stages }, stage }: Rollout,
  plan: Plan,
): Promise<Brake | null> {
  if (plan.refused) return { reason: 'step', text: plan.refused };
  const { percent } = stages[stage]!;
  // A plan of traffic names LATEST, not who is the latest: that stands in what was last seen.
  const stands =
    standsNow(plan, subject, percent) ?? (subject.kind === 'revision' ? await standsOver(db, subject, percent) : null);
  if (stands !== null) return { reason: 'takes-away', text: onlyUp(subject, { stages }, stage, stands) };
  const expected = subject.kind === 'revision' ? neverCarried(subject.revision) : null;
  const open = plan.preconditions.find(({ state, text }) => state !== 'pass' && text !== expected);
  return open ? { reason: 'step', text: open.text } : null;
}

/** The share that the plan has just read, where the step would not raise it: somebody else may have set it since the start. */
function standsNow({ before }: Plan, subject: Rollout['subject'], percent: number): string | null {
  if (before === null) return null;
  if (subject.kind === 'flag') return notRaised(before as FlagEnvironmentState, percent);
  const share = (before as { traffic: TrafficEntry[] }).traffic
    .filter(({ revision }) => revision === subject.revision)
    .reduce((sum, one) => sum + one.percent, 0);
  return share >= percent ? `${share} %` : null;
}

type States = readonly { runId: string; seen: { state: string } }[];

function sameStates(a: States, b: States): boolean {
  const text = (steps: States) => steps.map(({ runId, seen }) => `${runId} ${seen.state}`).join('\n');
  return text(a) === text(b);
}
