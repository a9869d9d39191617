import type { HandWork } from '../../domain/run/commands/by-hand.ts';
import type { GateViewer } from '../../domain/run/gate-offers.ts';
import type { Offered } from '../../domain/run/offers.ts';
import type { ErrorCode } from '../../errors.ts';
import type { SaidLine } from './step-lines.tsx';

/** What the last form on a step was told; its values are kept in the form. */
export interface StepFailure {
  code: ErrorCode;
  message: string;
  stepId: string | null;
  values: Record<string, string>;
}

/** What was refused of one form of a step: its values stand in it again. Null for every other form. */
export function refusedOf(failure: StepFailure | null, step: { id: string }, intent: string): StepFailure | null {
  return failure?.stepId === step.id && failure.values.intent === intent ? failure : null;
}

/** Who looks at a run, and from where. */
export interface RunViewer {
  actor: Offered;
  mode: 'observe' | 'shadow' | 'act';
  /** Names of the PagerDuty incidents that nobody has acknowledged: whoever confirms a change may do so with it. */
  waiting: string[];
  failure: StepFailure | null;
  /** Who it is, and what stands between plans and their effect; absent where nothing is gated. */
  gated?: GateViewer;
  /** `incident` when the run stands on its incident's page: confirming leads back there. */
  from: 'incident' | null;
  /** What the steps said while they ran; none where it is not shown. */
  lines?: SaidLine[];
  /** What to do by hand, by step; absent where nobody asked for it. */
  hand?: Record<string, HandWork>;
  /** True where no step may look like the one thing to do: nothing is known to be to blame. */
  quiet?: boolean;
}
