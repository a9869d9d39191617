import type { Recovery } from '#app/actions/action.ts';
import type { StepState } from '#app/domain/run/run.ts';
import type { KillPoint } from './two-processes.ts';

/** How a cell has to end: in one of these states, with this many effects under one key. */
export interface End {
  states: readonly StepState[];
  least: number;
  most: number;
}

/** Its intent is committed, and nothing was done. */
const declared: readonly KillPoint[] = ['after-intent', 'before-effect'];
/** It was done, and nobody recorded it. */
const unrecorded: readonly KillPoint[] = ['after-effect', 'before-outcome', 'after-outcome', 'before-commit'];

/**
 * What the failure semantics say of a process that dies at a point, by what the action says of itself and by how many effects
 * its step has in all. `reaches` is false for what writes nothing outside Firebreak.
 */
export function expectedEnd(
  recovery: Recovery,
  point: KillPoint,
  { direction, moves, reaches }: { direction: 'apply' | 'undo'; moves: number; reaches: boolean },
): End {
  const done: StepState[] = direction === 'undo' ? ['undone'] : ['succeeded', 'verifying'];
  const times = reaches ? moves : 0;
  const once = { states: done, least: times, most: times };
  const wasDone = unrecorded.includes(point);
  if (!wasDone && !declared.includes(point)) return once;
  if (recovery === 'ask') return { states: ['unknown'], least: wasDone ? times : 0, most: wasDone ? times : 0 };
  // The target shows what was done, and it is not done again.
  if (recovery === 'verifiable') return once;
  return wasDone ? { ...once, most: times * 2 } : once;
}
