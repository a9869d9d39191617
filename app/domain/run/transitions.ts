import type { StepState } from './run.ts';

/** One thing that can happen to a step: from which states, to which. `by` says whether a person or the engine makes it happen. */
export interface Transition {
  event: string;
  by: 'person' | 'engine';
  from: readonly StepState[];
  to: StepState;
}

/**
 * Every allowed change of a step's state; there is no other. An undo takes the step back through `running` (or `blocked`,
 * while another run holds its target), so that a crash in it is recovered like any effect. What a person reports as done by
 * hand never runs: it is looked at and judged like any effect that is there.
 */
export const transitions = [
  { event: 'plan', by: 'engine', from: ['pending', 'planned', 'awaiting-approval'], to: 'planned' },
  { event: 'pass-over', by: 'engine', from: ['pending', 'planned'], to: 'skipped' },
  { event: 'read', by: 'engine', from: ['pending', 'planned'], to: 'succeeded' },
  { event: 'confirm', by: 'person', from: ['planned'], to: 'running' },
  { event: 'ask-approval', by: 'person', from: ['planned'], to: 'awaiting-approval' },
  { event: 'approve', by: 'person', from: ['awaiting-approval'], to: 'running' },
  { event: 'reject', by: 'person', from: ['awaiting-approval'], to: 'planned' },
  { event: 'withdraw', by: 'person', from: ['awaiting-approval'], to: 'planned' },
  { event: 'lapse', by: 'engine', from: ['awaiting-approval'], to: 'planned' },
  { event: 'break-glass', by: 'person', from: ['planned', 'awaiting-approval'], to: 'running' },
  { event: 'wait', by: 'engine', from: ['running'], to: 'blocked' },
  { event: 'go-on', by: 'engine', from: ['blocked'], to: 'running' },
  { event: 'stale', by: 'engine', from: ['running', 'blocked'], to: 'planned' },
  { event: 'take-effect', by: 'engine', from: ['running'], to: 'verifying' },
  { event: 'succeed', by: 'engine', from: ['running', 'verifying'], to: 'succeeded' },
  { event: 'fail', by: 'engine', from: ['running', 'blocked', 'verifying'], to: 'failed' },
  { event: 'lose', by: 'engine', from: ['running', 'blocked', 'verifying'], to: 'unknown' },
  { event: 'call-off', by: 'engine', from: ['running', 'blocked'], to: 'skipped' },
  {
    event: 'skip',
    by: 'person',
    from: ['pending', 'planned', 'awaiting-approval', 'blocked', 'failed'],
    to: 'skipped',
  },
  { event: 'end-wait', by: 'person', from: ['verifying'], to: 'skipped' },
  { event: 'retry', by: 'person', from: ['failed', 'unknown'], to: 'pending' },
  {
    event: 'by-hand',
    by: 'person',
    from: ['pending', 'planned', 'failed', 'unknown'],
    to: 'verifying',
  },
  { event: 'decide-done', by: 'person', from: ['unknown'], to: 'verifying' },
  { event: 'decide-undone', by: 'person', from: ['unknown'], to: 'undone' },
  { event: 'decide-failed', by: 'person', from: ['unknown'], to: 'failed' },
  { event: 'undo', by: 'person', from: ['planned', 'verifying', 'succeeded', 'failed'], to: 'running' },
  { event: 'undone', by: 'engine', from: ['running'], to: 'undone' },
] as const satisfies readonly Transition[];

export type StepEvent = (typeof transitions)[number]['event'];

/** The state that `event` leads to, or null when it cannot happen in this state. */
export function after(state: StepState, event: StepEvent): StepState | null {
  const row: Transition | undefined = transitions.find((one) => one.event === event);
  return row?.from.includes(state) ? row.to : null;
}

/** True when some event leads from one state to the other. */
export function allowed(from: StepState, to: StepState): boolean {
  return transitions.some((row: Transition) => row.to === to && row.from.includes(from));
}
