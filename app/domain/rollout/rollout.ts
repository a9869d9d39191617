import type { Actor } from '../run/run.ts';
import type { RolloutPlan, RolloutSubject } from './plan.ts';
import type { RolloutState } from './transitions.ts';
import type { StageVerdict } from './verdict.ts';

/** Why a rollout stands still. */
export const heldReasons = [
  'no-data',
  'provider-error',
  'insufficient',
  'budget',
  'incident',
  'frozen',
  'approval',
  'person',
  'mode',
  'step',
  'takes-away',
  'paused',
] as const;
export type HeldReason = (typeof heldReasons)[number];

/** A hold: its reason, one sentence for people, and since when. */
export interface Held {
  reason: HeldReason;
  text: string;
  since: number;
}

/** A rollout as pages and the engine see it. Times are data time, ms. */
export interface Rollout {
  id: string;
  subject: RolloutSubject;
  /** Key of the lock on what it moves: one open rollout each. */
  target: string;
  service: string;
  title: string;
  plan: RolloutPlan;
  /** True when it changes nothing: its plan says so, or the console did when it began. */
  shadow: boolean;
  state: RolloutState;
  stateSince: number;
  /** Index of the stage that is prepared, set or watched. */
  stage: number;
  /** Tries of the rollback. */
  backTries: number;
  /** Raised with every change: a change that expects an older one is refused. */
  epoch: number;
  held: Held | null;
  /** When the present stage took effect; null before. */
  effectAt: number | null;
  verdict: StageVerdict | null;
  openedBy: Actor;
  openedAt: number;
  /** Whoever started it, or resumed it: the steps are taken in their name. */
  actsFor: Actor | null;
  /** Stages that somebody approved, by index. */
  approvals: Record<string, { by: string; email?: string; at: number }>;
  endedAt: number | null;
}

/** The run that takes a step of a rollout, forward at a stage or back. */
export interface RolloutRun {
  direction: 'forward' | 'back';
  stage: number;
  attempt: number;
  runId: string;
}

/** One line of what happened to a rollout. */
export interface RolloutEntry {
  at: number;
  stage: number;
  state: RolloutState;
  by: string;
  text: string;
  /** Share that is set from here on, percent; null where this line changes none. */
  percent: number | null;
}
