import type { StepState } from '#app/domain/run/run.ts';

/** What the reference knows of one run of two steps: `kill` sets the target to off, `tell` tells somebody and cannot be looked up. */
export interface RunModel {
  id: string;
  kill: StepState;
  tell: StepState;
  ended: boolean;
  /** The kill's plan that stands says that it is off already. */
  refused: boolean;
  /** What stood there before the kill; null before it and after its undo. */
  captured: string | null;
  /** An undo was refused because somebody else had set the target since. */
  movedOn: boolean;
}

/** The world as the reference has it. */
export interface Model {
  target: string;
  runs: [RunModel | null, RunModel | null];
}

/** The state in which the target is safe. */
export const off = 'off';

const isOver = (state: StepState) => state === 'succeeded' || state === 'skipped' || state === 'undone';

/** A run as it stands once the engine has planned its first step. */
export function opened(model: Model, id: string): RunModel {
  const refused = model.target === off;
  return { id, kill: 'planned', tell: 'pending', ended: false, refused, captured: null, movedOn: false };
}

/** What follows by itself: the next step is planned, a run whose steps are over ends unless its change can be undone. */
export function settle(run: RunModel): void {
  if (isOver(run.kill) && run.tell === 'pending') run.tell = 'planned';
  if (isOver(run.kill) && isOver(run.tell) && !mayUndo(run)) run.ended = true;
}

/** True when the kill can be taken back. */
export function mayUndo(run: RunModel): boolean {
  return !run.ended && run.captured !== null && (run.kill === 'succeeded' || run.kill === 'failed');
}

/** A confirmed kill, driven to its end. */
export function killed(model: Model, run: RunModel): void {
  if (model.target === off) {
    run.refused = true;
    return;
  }
  run.captured = model.target;
  model.target = off;
  run.kill = 'succeeded';
}

/** An undo that was asked for, driven to its end. */
export function undone(model: Model, run: RunModel): void {
  if (run.kill === 'succeeded' && model.target !== off) {
    run.kill = 'failed';
    run.movedOn = true;
    return;
  }
  model.target = run.captured!;
  run.kill = 'undone';
}

/** A failed kill that is to be tried again, planned. */
export function tried(model: Model, run: RunModel): void {
  run.kill = 'planned';
  run.refused = model.target === off;
  if (run.movedOn) run.captured = null;
  run.movedOn = false;
}

/** A run that a person ends: what stands before a person is passed over. */
export function cancelled(run: RunModel): void {
  run.ended = true;
  for (const step of ['kill', 'tell'] as const)
    if (run[step] === 'planned' || run[step] === 'pending') run[step] = 'skipped';
}
