/** Where the engine stands in a step, kept in `run_step.drive`. Every field may be missing. Times are data time, ms. */
export interface StepDrive {
  /** What the step is doing: its change, or its reversal. */
  direction?: 'apply' | 'undo';
  /** Names the one job that may take the next look, so that two chains of looks can never grow from one. */
  look?: string;
  /** When that look is due. */
  lookAt?: number;
  /** The action's own memory between its moves and looks (first share of a rollback, operation, receipt). */
  progress?: unknown;
  /** A stop that the outside system did not take is tried again until then. */
  queuedUntil?: number;
  /** Tries of the queued stop so far. */
  tries?: number;
  /** What a person decided about an effect nobody could observe. */
  decision?: 'done' | 'retry';
  /** A person asked to go on although the first share could not be judged. */
  goOn?: boolean;
  /** Set when somebody asked the running call to end. */
  cancel?: { by: string; reason: string };
}
