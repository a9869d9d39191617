import type { Actor } from '../run/run.ts';
import type { Rollout } from './rollout.ts';
import { needsApproval, whyNotApproveStage } from './stage-approval.ts';
import { afterEvent, type RolloutEvent } from './transitions.ts';

/** What a person may decide about a rollout, in the order in which it is offered. */
export const rolloutDecisions = [
  'start',
  'approve-stage',
  'resume',
  'abort',
  'back-again',
  'pause',
  'skip',
  'cancel',
] as const;
export type RolloutDecision = (typeof rolloutDecisions)[number];

/** What a decision makes of a rollout, or why it cannot be made. */
export type Decided =
  | {
      change: {
        event: RolloutEvent;
        text: string;
        held?: { reason: 'paused'; text: string };
        stage?: number;
        effectAt?: number | null;
        actsFor?: Actor;
        backTries?: number;
      };
      /** True when it approves the present stage. */
      approves: boolean;
    }
  | { code: 'already_done' | 'reason_needed' | 'forbidden'; problem: string };

/** Decisions that say in one sentence why. */
export const needsWords: readonly RolloutDecision[] = ['pause', 'skip', 'abort'];

type Decidable = Pick<
  Rollout,
  'state' | 'stage' | 'plan' | 'effectAt' | 'held' | 'shadow' | 'approvals' | 'openedBy' | 'actsFor'
>;

/** True once a stage of the rollout may have changed the world: also by a first step of which nobody knows how it ended. */
function hasMoved({ stage, effectAt, state, shadow, held, ...asked }: Decidable) {
  const underWay = state === 'applying' || state === 'verifying';
  // A plan that waits for its approvals may be approved in this moment.
  const mayStep = held?.reason === 'step' || (held?.reason === 'approval' && !needsApproval({ stage, ...asked }));
  const stepped = underWay || (state === 'held' && mayStep);
  return !shadow && (stage > 0 || effectAt !== null || stepped);
}

/** The event that a decision causes now; null where it does not apply. */
export function decisionEvent(wish: RolloutDecision, rollout: Decidable): RolloutEvent | null {
  const possible = (event: RolloutEvent) => (afterEvent(rollout.state, event) ? event : null);
  const { held, effectAt, stage, plan } = rollout;
  const asksStage = held?.reason === 'approval' && needsApproval(rollout);
  switch (wish) {
    case 'start':
      return possible('start');
    case 'approve-stage':
      return asksStage ? possible('resume') : null;
    case 'pause':
      return possible('pause');
    case 'resume':
      if (asksStage) return null;
      return possible(effectAt === null ? 'resume' : 'resume-baking');
    case 'skip':
      if (effectAt === null) return null;
      return possible(stage + 1 >= plan.stages.length ? 'skip-to-end' : 'skip');
    case 'abort':
      return hasMoved(rollout) ? possible('abort') : null;
    case 'cancel':
      return hasMoved(rollout) ? null : possible('cancel');
    case 'back-again':
      return possible('back-again');
  }
}

/** What a person's word makes of a rollout. Whoever sends it on answers for its next steps from then on; whoever approves does not. */
export function decision(wish: RolloutDecision, rollout: Rollout, actor: Actor, reason: string | null): Decided {
  const event = decisionEvent(wish, rollout);
  if (event === null) return { code: 'already_done', problem: 'The rollout has moved on; read it again.' };
  if (needsWords.includes(wish) && !reason) return { code: 'reason_needed', problem: 'Say in one sentence why.' };
  const refused = wish === 'approve-stage' ? whyNotApproveStage(rollout, actor) : null;
  if (refused !== null) return { code: 'forbidden', problem: refused };
  const why = reason ? `: ${reason}` : '.';
  const base = { event, text: `${words[wish]} by ${actor.name}${why}` };
  const on = { ...base, actsFor: actor };
  switch (wish) {
    case 'start':
    case 'resume':
      return { change: on, approves: false };
    case 'approve-stage':
      return { change: base, approves: true };
    case 'pause':
      return {
        change: { ...base, held: { reason: 'paused', text: `Paused by ${actor.name}${why}` } },
        approves: false,
      };
    case 'skip': {
      const last = event === 'skip-to-end';
      return { change: last ? on : { ...on, stage: rollout.stage + 1, effectAt: null }, approves: false };
    }
    case 'back-again':
      return { change: { ...base, backTries: rollout.backTries + 1 }, approves: false };
    default:
      return { change: base, approves: false };
  }
}

const words: Record<RolloutDecision, string> = {
  start: 'Started',
  'approve-stage': 'Stage approved',
  pause: 'Paused',
  resume: 'Resumed',
  skip: 'The rest of this stage is skipped',
  abort: 'Aborted',
  cancel: 'Called off',
  'back-again': 'Rolled back once more',
};
