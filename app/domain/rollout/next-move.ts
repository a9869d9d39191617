import type { RunStep } from '../run/run.ts';
import type { Held, HeldReason, Rollout } from './rollout.ts';
import { afterEvent, isEnded, type RolloutEvent } from './transitions.ts';
import type { StageVerdict, VerdictKind } from './verdict.ts';

/** What stands in the way of a step forward. `unapproves`: the word that the stage was given does not count any more. */
export type Brake = Omit<Held, 'since'> & { unapproves?: true };

/** The step of the run that sets a stage, or takes the rollout back. */
export type StepSeen = Pick<RunStep, 'state' | 'result' | 'reason' | 'planHash' | 'plan' | 'effectAt'> & {
  runId: string;
  stepId: string;
  /** True while its run has not ended. */
  open: boolean;
};

/** Everything the next move depends on. */
export interface RolloutSeen {
  now: number;
  rollout: Pick<Rollout, 'state' | 'stage' | 'plan' | 'held' | 'effectAt' | 'shadow'>;
  /** The run of the present stage and attempt; null before it is opened. */
  step: StepSeen | null;
  /** The run of the rollback. */
  back: StepSeen | null;
  /** True when some stage may have changed the world. */
  applied: boolean;
  /** What stands there that the rollout did not leave, in words; null while it stands as left, or nothing was left. */
  foreign: string | null;
  /** The plan of the rollback found standing there what it would put back. */
  restored: boolean;
  /** Why no step forward may be taken now, worst first. */
  brakes: readonly Brake[];
  /** Why the plan that stands before the confirmation may not be confirmed; null when it may. */
  refused: Brake | null;
  verdict: StageVerdict | null;
  /** When the data of the present stage are complete; null before it took effect. */
  bakedAt: number | null;
}

/** The next thing to do. `event` changes the row; the others go to the run of a step. */
export type RolloutMove =
  | { kind: 'rest' }
  | { kind: 'event'; event: RolloutEvent; text: string; held: Brake | null; stage: number; effectAt: number | null }
  | { kind: 'open'; direction: 'forward' | 'back' }
  | { kind: 'confirm'; direction: 'forward' | 'back'; step: StepSeen }
  | { kind: 'cancel'; step: StepSeen };

const rest: RolloutMove = { kind: 'rest' };
/** Holds that wait for the data. */
const forData: readonly HeldReason[] = ['no-data', 'provider-error', 'insufficient'];
/** Holds that only a person ends. */
const forPeople: readonly HeldReason[] = ['paused', 'step'];

/** The next move of a rollout: a pure function of what is stored and seen, so that after a crash anywhere it is the same again. */
export function nextMove(seen: RolloutSeen): RolloutMove {
  const { state } = seen.rollout;
  if (state === 'draft') return rest;
  // A step that waits must not set anything once the rollout has ended or goes back.
  const over = isEnded(state) || state === 'rolling_back';
  if (over && seen.step?.open && inHand(seen.step)) return { kind: 'cancel', step: seen.step };
  if (isEnded(state)) return rest;
  if (state === 'rolling_back') return goBack(seen);
  if (seen.foreign !== null && afterEvent(state, 'supersede')) {
    return event(seen, 'supersede', `Somebody else has set it since: ${seen.foreign}. The rollout ends here.`);
  }
  if (seen.verdict?.kind === 'breach' && afterEvent(state, 'breach')) {
    return event(seen, 'breach', worstText(seen.verdict));
  }
  switch (state) {
    case 'approved':
      return event(seen, 'begin', 'The rollout begins.');
    case 'preflight':
      return prepare(seen);
    case 'applying':
      return apply(seen);
    case 'verifying':
      return settle(seen);
    case 'baking':
      return bake(seen);
    default:
      return held(seen);
  }
}

function prepare(seen: RolloutSeen): RolloutMove {
  const [brake] = seen.brakes;
  if (brake) return hold(seen, brake);
  if (!seen.rollout.shadow) return { kind: 'open', direction: 'forward' };
  const text = `Would set ${percentOf(seen)} % now; in shadow nothing is changed.`;
  return event(seen, 'bake', text, { effectAt: seen.now });
}

function apply(seen: RolloutSeen): RolloutMove {
  const { step } = seen;
  const [brake] = seen.brakes;
  if (!step) return brake ? hold(seen, brake) : { kind: 'open', direction: 'forward' };
  switch (step.state) {
    case 'planned':
      if (brake) return hold(seen, brake);
      return seen.refused ? hold(seen, seen.refused) : { kind: 'confirm', direction: 'forward', step };
    case 'awaiting-approval':
      return hold(seen, { reason: 'approval', text: 'The plan of this step waits for its approvals.' });
    case 'verifying':
    case 'succeeded':
      return event(seen, 'take-effect', `${percentOf(seen)} % is set.`, { effectAt: step.effectAt });
    case 'undone':
      return event(seen, 'supersede', 'Somebody undid its step. The rollout ends here.');
    case 'failed':
    case 'unknown':
    case 'skipped':
      return hold(seen, { reason: 'step', text: stepText(step) });
    default:
      return rest;
  }
}

function settle(seen: RolloutSeen): RolloutMove {
  const { step } = seen;
  if (step?.state === 'verifying' && step.effectAt === null) return rest;
  if (step?.state === 'succeeded' || step?.state === 'verifying') {
    return event(seen, 'bake', `${percentOf(seen)} % is in effect.`, { effectAt: step.effectAt ?? seen.now });
  }
  if (step?.state === 'undone') return event(seen, 'supersede', 'Somebody undid its step. The rollout ends here.');
  return hold(seen, { reason: 'step', text: step ? stepText(step) : 'The run of this step is gone.' });
}

function bake(seen: RolloutSeen): RolloutMove {
  const { verdict, step, bakedAt } = seen;
  if (step?.state === 'undone') return event(seen, 'supersede', 'Somebody undid its step. The rollout ends here.');
  if (step?.state === 'failed') return hold(seen, { reason: 'step', text: stepText(step) });
  if (verdict?.kind === 'error') return hold(seen, { reason: 'provider-error', text: worstText(verdict) });
  if (verdict?.kind === 'stale') return hold(seen, { reason: 'no-data', text: worstText(verdict) });
  if (verdict === null || bakedAt === null || seen.now < bakedAt) return rest;
  if (verdict.kind === 'insufficient') return hold(seen, { reason: 'insufficient', text: worstText(verdict) });
  const text = `${percentOf(seen)} % has passed: ${worstText(verdict)}`;
  const { stage, plan } = seen.rollout;
  if (stage + 1 >= plan.stages.length) return event(seen, 'finish', text);
  return event(seen, 'next', text, { stage: stage + 1, effectAt: null });
}

function held(seen: RolloutSeen): RolloutMove {
  const { held: now, effectAt, plan } = seen.rollout;
  if (!now || forPeople.includes(now.reason)) return rest;
  const under = effectAt === null && seen.step !== null && (inHand(seen.step) || tookEffect(seen.step));
  if (now.reason === 'approval' && under) {
    // Refused, or not answered in time, the plan stands again: asked once more it is only by a person.
    const waits = seen.step?.state === 'awaiting-approval' || seen.step?.state === 'planned';
    return waits ? rest : event(seen, 'go-on-applying', 'Its plan was approved.');
  }
  if (forData.includes(now.reason) && effectAt !== null) {
    const { verdict, bakedAt } = seen;
    const early = bakedAt !== null && seen.now < bakedAt;
    const well = verdict?.kind === 'pass' || (verdict?.kind === 'insufficient' && early);
    return well ? event(seen, 'go-on-baking', 'There is enough data again.') : rest;
  }
  if (seen.brakes.length > 0) return rest;
  if (now.reason === 'takes-away' && seen.refused?.reason === now.reason) return rest;
  const calm = now.reason === 'budget' || now.reason === 'incident';
  if (calm && plan.resume === 'by-person') return rest;
  return event(seen, under ? 'go-on-applying' : 'go-on', 'What held it is over.');
}

function goBack(seen: RolloutSeen): RolloutMove {
  const { back } = seen;
  if (seen.rollout.shadow) return event(seen, 'rolled-back', 'Would be rolled back now; in shadow nothing is changed.');
  // Confirmed, and not written yet: whether there is something to take back is known in a moment.
  if (!seen.applied && seen.step && inHand(seen.step)) return rest;
  if (!seen.applied) return event(seen, 'rolled-back', 'Nothing was changed, so there was nothing to roll back.');
  if (!back) return { kind: 'open', direction: 'back' };
  switch (back.state) {
    case 'planned':
      if (seen.restored) return event(seen, 'rolled-back', 'It stands as it did before already.');
      if (seen.foreign !== null) {
        return event(
          seen,
          'supersede',
          `Somebody else has set it since: ${seen.foreign}. That stays; nothing is put back.`,
        );
      }
      if (back.plan?.refused) return event(seen, 'unverified', `Not rolled back: ${back.plan.refused}`);
      return { kind: 'confirm', direction: 'back', step: back };
    case 'succeeded':
      return back.result === 'improved' || back.result === 'none'
        ? event(seen, 'rolled-back', 'Rolled back, and it stands as it did before.')
        : event(seen, 'unverified', `Rolled back, but that it helped is not proven: ${resultText(back)}.`);
    case 'failed':
    case 'unknown':
    case 'skipped':
    case 'undone':
      return event(seen, 'unverified', `Whether it was rolled back is not known: ${stepText(back)}`);
    default:
      return rest;
  }
}

function hold(seen: RolloutSeen, brake: Brake): RolloutMove {
  return event(seen, 'hold', `Held: ${brake.text}`, { held: brake });
}

function event(
  { rollout }: RolloutSeen,
  name: RolloutEvent,
  text: string,
  set: { held?: Brake; stage?: number; effectAt?: number | null } = {},
): RolloutMove {
  const { held: why = null, stage = rollout.stage, effectAt = rollout.effectAt } = set;
  return { kind: 'event', event: name, text, held: why, stage, effectAt };
}

/** True while a run may still set the stage. */
function inHand({ state }: StepSeen): boolean {
  return ['pending', 'planned', 'awaiting-approval', 'running', 'blocked'].includes(state);
}

function tookEffect({ state }: StepSeen): boolean {
  return state === 'verifying' || state === 'succeeded';
}

function percentOf({ rollout }: RolloutSeen): number {
  return rollout.plan.stages[rollout.stage]!.percent;
}

function stepText({ state, reason }: StepSeen): string {
  return reason ?? `The step is ${state}.`;
}

function resultText({ result }: StepSeen): string {
  const words = { worse: 'it burns more than before', no_data: 'there is too little data' } as Record<string, string>;
  return words[result] ?? 'the burn did not fall';
}

/** What the worst guard says. */
function worstText({ kind, guards }: StageVerdict): string {
  const worst = guards.find((one) => one.kind === (kind as VerdictKind));
  return worst ? `${worst.guard}: ${worst.text}` : 'nothing was judged, as no guard watches this stage.';
}
