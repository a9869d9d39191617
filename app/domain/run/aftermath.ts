import type { RunState, RunStep } from './run.ts';

/** What a run that is over did to the world: nothing, something that was undone again, or a change that stands. */
export type Aftermath = 'nothing' | 'undone' | 'stands';

const over = ['succeeded', 'skipped', 'undone'];
const underWay = ['blocked', 'running', 'verifying', 'unknown'];

/**
 * What a run left of its changes; null while it goes on, or while nobody knows. An open run is over once none of its steps
 * is left; one that has ended, once nothing of it is under way.
 */
export function aftermath(run: {
  state: RunState;
  steps: readonly Pick<RunStep, 'state' | 'kind' | 'effectAt'>[];
}): Aftermath | null {
  const ended = run.state === 'done' || run.state === 'cancelled';
  const isOver = ended
    ? run.steps.every(({ state }) => !underWay.includes(state))
    : run.state === 'open' && run.steps.length > 0 && run.steps.every(({ state }) => over.includes(state));
  if (!isOver) return null;
  const effects = run.steps.filter(
    ({ kind, effectAt }) => (kind === 'stop' || kind === 'forward') && effectAt !== null,
  );
  if (effects.some(({ state }) => state !== 'undone')) return 'stands';
  return effects.length > 0 ? 'undone' : 'nothing';
}
