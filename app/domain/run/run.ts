import type { Verification } from '../runbook/runbook.ts';

export const stepStates = [
  'pending',
  'blocked',
  'planned',
  'awaiting-approval',
  'running',
  'verifying',
  'succeeded',
  'failed',
  'unknown',
  'skipped',
  'undone',
] as const;
/** What happened to the step's effect. */
export type StepState = (typeof stepStates)[number];

/** What verification found. */
export type StepResult = 'improved' | 'not_improved' | 'worse' | 'no_data' | 'none';

/** `prepared` was opened by the engine with its incident and has changed nothing yet. */
export type RunState = 'prepared' | 'open' | 'done' | 'cancelled';

/** `read` observes, `people` asks or tells a person, `stop` makes safe, `forward` goes on. */
export type ActionKind = 'read' | 'people' | 'stop' | 'forward';

/** One check of a plan; `unknown` never passes silently. */
export interface Precondition {
  state: 'pass' | 'fail' | 'unknown';
  text: string;
}

/** What a step will do, read from the world, stored, shown and bound by its hash. */
export interface Plan {
  action: string;
  kind: ActionKind;
  /** What is locked: `flag/production/voiceover-v2`, `traffic/voiceover`; null for reads and people. */
  target: string | null;
  /** One line: "Bring voiceover-v2 to off in production". */
  title: string;
  /** Words on the button: "Turn off and verify". */
  confirmLabel: string;
  before: unknown;
  after: unknown;
  /** The diff in words, a line each: `-` before, `+` after, ` ` context. */
  diff: { sign: '-' | '+' | ' '; text: string }[];
  preconditions: Precondition[];
  /** True when a failed or unknown precondition asks for a sentence and a hold-to-confirm. */
  needsReason: boolean;
  /** Expected burn afterwards in words with counts, or "cannot be estimated". */
  expected: string;
  /** Child flags, applications, instances: lines in words. */
  blast: string[];
  /** "Effect in about 20 s, first proof at 03:36, verified when …" parts, in words without clock times. */
  effect: string;
  /** Expected ms from the click to the effect. */
  effectMs: number | null;
  /** Exactly what undo will do, one sentence; null when it cannot be undone. */
  undo: string | null;
  /** The same change as exact shell commands. */
  commands: { label: string; command: string }[];
  verify: Verification | null;
  readAt: number;
  /** Refusal that no reason overrides (target does not exist, forward change on stale state); null when it may be confirmed. */
  refused: string | null;
}

/** Outcome of verification at one look. Times ms. */
export interface VerificationState {
  slo: string;
  window: string;
  burnUnder: number;
  /** When the effect was; only buckets that began after it count. */
  effectAt: number;
  /** First time at which the window is full of data from after the effect and settled. */
  firstInformativeAt: number;
  deadline: number;
  lookedAt: number;
  burn: number | null;
  bad: number;
  total: number;
  coverage: number;
  provisional: boolean;
  outcome: StepResult | null;
  text: string;
}

/** Somebody who acts: name for people, email as the key, role and teams for permission. `engine` acts as itself. */
export interface Actor {
  email: string;
  name: string;
  role: 'viewer' | 'product' | 'responder' | 'admin' | 'engine';
  teams: string[];
  /** Name of the API key that acts for the person; absent when they act themselves. */
  key?: string;
}

/** A run as pages show it. */
export interface Run {
  id: string;
  /** Runbook slug, or `template:flag.kill` for a built-in one-step template. */
  template: string;
  title: string;
  state: RunState;
  service: string | null;
  incidentId: string | null;
  inputs: Record<string, string>;
  openedBy: string;
  openedAt: number;
  endedAt: number | null;
  /** Who has the run now; absent while nobody was named. */
  assignee?: { name: string; email: string };
  /** SHA-256 of the runbook's bytes as they were when the run opened. */
  digest: string;
  steps: RunStep[];
}

/** A step of a run with its latest plan, verification and receipt. */
export interface RunStep {
  id: string;
  index: number;
  title: string;
  uses: string;
  /** The flag that it is about; null for anything else, and while its name is not known. */
  flag: string | null;
  kind: ActionKind;
  state: StepState;
  result: StepResult;
  /** Why it is blocked, skipped, failed or unknown: one sentence. */
  reason: string | null;
  planHash: string | null;
  plan: Plan | null;
  attempt: number;
  confirmedBy: string | null;
  confirmedAt: number | null;
  effectAt: number | null;
  endedAt: number | null;
  verification: VerificationState | null;
  /** Receipt of a flag change, or the operation record of a traffic change. */
  evidence: unknown;
  outputs: Record<string, unknown>;
  /** State captured at apply, what undo restores. */
  captured: unknown;
  undoable: boolean;
  /** What an undo is bound to; null where there is nothing to undo. */
  undoHash: string | null;
  /** Somebody else has moved the target since this change: its undo was refused once, and it may be passed over. */
  movedOn?: boolean;
}
