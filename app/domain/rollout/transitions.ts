export const rolloutStates = [
  'draft',
  'approved',
  'preflight',
  'applying',
  'verifying',
  'baking',
  'held',
  'rolling_back',
  'rolled_back',
  'rollback_unverified',
  'done',
  'superseded',
  'cancelled',
] as const;
/** Where a rollout stands. */
export type RolloutState = (typeof rolloutStates)[number];

/** States that nothing leaves, but a person who asks for the rollback once more. */
export const endedRollouts = ['rolled_back', 'rollback_unverified', 'done', 'superseded', 'cancelled'] as const;

/** One thing that can happen to a rollout. */
export interface RolloutTransition {
  event: string;
  by: 'person' | 'engine';
  from: readonly RolloutState[];
  to: RolloutState;
}

/** Every allowed change of a rollout's state; there is no other. */
const rolloutTransitions = [
  { event: 'start', by: 'person', from: ['draft'], to: 'approved' },
  { event: 'cancel', by: 'person', from: ['draft', 'approved', 'preflight', 'held'], to: 'cancelled' },
  { event: 'begin', by: 'engine', from: ['approved'], to: 'preflight' },
  { event: 'apply', by: 'engine', from: ['preflight'], to: 'applying' },
  { event: 'take-effect', by: 'engine', from: ['applying'], to: 'verifying' },
  { event: 'bake', by: 'engine', from: ['preflight', 'verifying'], to: 'baking' },
  { event: 'hold', by: 'engine', from: ['preflight', 'applying', 'verifying', 'baking'], to: 'held' },
  { event: 'pause', by: 'person', from: ['approved', 'preflight', 'verifying', 'baking'], to: 'held' },
  { event: 'resume', by: 'person', from: ['held'], to: 'preflight' },
  { event: 'resume-baking', by: 'person', from: ['held'], to: 'baking' },
  { event: 'go-on', by: 'engine', from: ['held'], to: 'preflight' },
  { event: 'go-on-applying', by: 'engine', from: ['held'], to: 'applying' },
  { event: 'go-on-baking', by: 'engine', from: ['held'], to: 'baking' },
  { event: 'next', by: 'engine', from: ['baking'], to: 'preflight' },
  { event: 'skip', by: 'person', from: ['baking', 'held'], to: 'preflight' },
  { event: 'finish', by: 'engine', from: ['baking'], to: 'done' },
  { event: 'skip-to-end', by: 'person', from: ['baking', 'held'], to: 'done' },
  { event: 'breach', by: 'engine', from: ['preflight', 'applying', 'verifying', 'baking', 'held'], to: 'rolling_back' },
  {
    event: 'abort',
    by: 'person',
    from: ['preflight', 'applying', 'verifying', 'baking', 'held'],
    to: 'rolling_back',
  },
  { event: 'rolled-back', by: 'engine', from: ['rolling_back'], to: 'rolled_back' },
  { event: 'unverified', by: 'engine', from: ['rolling_back'], to: 'rollback_unverified' },
  { event: 'back-again', by: 'person', from: ['rollback_unverified'], to: 'rolling_back' },
  {
    event: 'supersede',
    by: 'engine',
    from: ['preflight', 'applying', 'verifying', 'baking', 'held', 'rolling_back'],
    to: 'superseded',
  },
] as const satisfies readonly RolloutTransition[];

export type RolloutEvent = (typeof rolloutTransitions)[number]['event'];

/** The state that `event` leads to, or null when it cannot happen in this state. */
export function afterEvent(state: RolloutState, event: RolloutEvent): RolloutState | null {
  const row: RolloutTransition | undefined = rolloutTransitions.find((one) => one.event === event);
  return row?.from.includes(state) ? row.to : null;
}

/** True for a rollout that goes no further by itself. */
export function isEnded(state: RolloutState): boolean {
  return (endedRollouts as readonly RolloutState[]).includes(state);
}
