import type { RunRow, StepRow } from '../../stores/run/run-rows.ts';

/** What a segment does next with a run. */
export type NextMove =
  | { kind: 'plan' | 'apply' | 'look'; stepId: string }
  /** A person, a lock or a scheduled look comes next. */
  | { kind: 'rest' }
  /** Nothing is left to do. */
  | { kind: 'finish' };

const over = new Set<StepRow['state']>(['succeeded', 'skipped', 'undone']);

/**
 * The next move of a run. What is in flight comes first, in whatever state the run is: an effect is always followed
 * to its outcome. A step that waits for a scheduled look moves only for the job that carries its token.
 */
export function chooseMove(
  run: Pick<RunRow, 'state'>,
  steps: readonly Pick<StepRow, 'step_id' | 'state' | 'drive'>[],
  look: string | null,
): NextMove {
  const move = (kind: 'plan' | 'apply' | 'look', step: Pick<StepRow, 'step_id' | 'drive'>): NextMove =>
    step.drive.look === undefined || step.drive.look === look ? { kind, stepId: step.step_id } : { kind: 'rest' };
  const inFlight = steps.find((step) => step.state === 'running' || step.state === 'blocked');
  if (inFlight) return move('apply', inFlight);
  const verifying = steps.find((step) => step.state === 'verifying');
  if (verifying) return move('look', verifying);
  if (run.state === 'done' || run.state === 'cancelled') return { kind: 'rest' };
  const current = steps.find((step) => !over.has(step.state));
  if (!current) return { kind: 'finish' };
  const stands = current.state === 'planned' || current.state === 'awaiting-approval';
  const plans = current.state === 'pending' || (stands && current.drive.replan === true);
  return plans ? move('plan', current) : { kind: 'rest' };
}
