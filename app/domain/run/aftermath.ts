import type { RunState, RunStep } from './run.ts';

/**
 * What a run that is over did to the world: nothing, something that was undone again, a change that was confirmed and never
 * seen to take effect, or one that stands.
 */
export type Aftermath = 'nothing' | 'undone' | 'unseen' | 'stands';

const over = ['succeeded', 'skipped', 'undone'];
const underWay = ['blocked', 'running', 'verifying', 'unknown'];

/**
 * What a run left of its changes; null while it goes on, or while nobody knows. An open run is over once none of its steps
 * is left; one that has ended, once nothing of it is under way.
 */
export function aftermath(run: {
  state: RunState;
  steps: readonly Pick<RunStep, 'state' | 'kind' | 'confirmedAt' | 'effectAt'>[];
}): Aftermath | null {
  const ended = run.state === 'done' || run.state === 'cancelled';
  const isOver = ended
    ? run.steps.every(({ state }) => !underWay.includes(state))
    : run.state === 'open' && run.steps.length > 0 && run.steps.every(({ state }) => over.includes(state));
  if (!isOver) return null;
  const changes = run.steps.filter(({ kind }) => kind === 'stop' || kind === 'forward');
  const left = changes.filter(({ state }) => state !== 'undone');
  if (left.some(({ effectAt }) => effectAt !== null)) return 'stands';
  if (left.some(({ confirmedAt }) => confirmedAt !== null)) return 'unseen';
  return changes.length > left.length ? 'undone' : 'nothing';
}
