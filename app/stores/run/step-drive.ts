/** Where the engine stands in a step, kept in `run_step.drive`. Every field may be missing. Times are data time, ms. */
export interface StepDrive {
  /** What the step is doing: its change, or its reversal. */
  direction?: 'apply' | 'undo';
  /** Names the one job that may take the next look, so that two chains of looks can never grow from one. */
  look?: string;
  /** The action's own memory between its moves and looks (first share of a rollback, operation, receipt). */
  progress?: unknown;
  /** The effect was followed to its end; what is left is the burn. */
  obeyed?: boolean;
  /** A stop that the outside system did not take is tried again until then. */
  queuedUntil?: number;
  /** Tries of the queued stop so far. */
  tries?: number;
  /** Somebody, or the world that moved, asks for a fresh plan. */
  replan?: boolean;
  /** The request whose approvals this change goes by: who gave them is looked at again before the effect. */
  request?: string;
  /** Somebody broke the glass for this change: neither approvals nor freezes are asked for. */
  brokenGlass?: boolean;
  /** What a person recorded of a step they did themselves. */
  outcome?: string;
  /** What a person decided about an effect nobody could observe. */
  decision?: 'done' | 'retry';
  /** A person did it by hand, and this is what they saw. */
  byHand?: { by: string; seen: string };
  /** An undo of a change that was seen done: refused once when the target does not stand as that left it. */
  asLeft?: boolean;
  /** An undo was refused because somebody else has moved the target since: the next one is told so, and goes ahead. */
  movedOn?: boolean;
  /** A person takes the target over from this step, which holds it. */
  takeOver?: { runId: string; stepId: string; by: string; reason: string };
  /** Set when somebody asked the running call to end. */
  cancel?: { by: string; reason: string };
}
