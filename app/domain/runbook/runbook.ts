import type { ApprovalRule } from '../approval/rule.ts';

/** A place in a file: 1-based line and column. */
export interface Place {
  line: number;
  column: number;
}

/** Something wrong in a content file: what, where and how to mend it. */
export interface Problem extends Place {
  file: string;
  severity: 'error' | 'warning';
  message: string;
  /** How to mend it, one sentence. */
  hint: string | null;
}

/** An input of a runbook, asked for or defaulted when a run opens. `default` may be a rule such as `most-recently-changed`. */
export interface RunbookInput {
  name: string;
  type: 'flag' | 'revision' | 'string' | 'number' | 'boolean' | 'slo';
  label: string;
  default: string | null;
}

/** A condition on an SLO's burn before a step may act. */
export interface Requirement {
  slo: string;
  burnOver: number;
  window: string;
}

/** How a step proves itself. Durations in ms. */
export interface Verification {
  slo: string;
  burnUnder: number;
  window: string;
  within: number;
}

/** One `runbook-step` fence. Values of `with` may hold `${{ … }}` expressions. */
export interface StepDefinition extends Place {
  id: string;
  title: string;
  uses: string;
  with: Record<string, unknown>;
  when: string | null;
  require: Requirement | null;
  verify: Verification | null;
  /** ms after which the follow-up that the step leaves is due. */
  expires: number | null;
  /** Who approves the step where it is a change forward; absent when the step itself asks for nobody. */
  approvals?: ApprovalRule;
  /** Where its parts stand in the file (`uses`, `when`, `with.flag`, `verify.within`, …), for the linter. */
  places?: Record<string, Place>;
}

/** One `runbook-panel` fence. */
export interface PanelDefinition extends Place {
  show: 'burn' | 'chart' | 'changes' | 'failures' | 'logs' | 'flag' | 'revision' | 'oncall';
  options: Record<string, string>;
  /** Where its options stand in the file, for the linter. */
  places?: Record<string, Place>;
}

/** A link as found in a file. `slug` is the runbook it names, null for anything else. */
export interface RunbookLink extends Place {
  href: string;
  slug: string | null;
  /** What follows `#`, null when there is nothing. */
  anchor: string | null;
  /** False when it is drawn as unresolved. */
  resolved: boolean;
}

/**
 * A runbook body in order: rendered text, a step or a panel. `html` is sanitised and safe to place in a page; in it
 * `button.copy[data-copy]` holds what to copy and `input[data-tick]` is a box of an ordered list. `section` is `meaning`,
 * `impact`, `diagnosis`, `mitigation`, or null outside of them.
 */
export type RunbookBlock =
  | { kind: 'html'; html: string; section: string | null }
  | { kind: 'step'; step: StepDefinition; section: string | null }
  | { kind: 'panel'; panel: PanelDefinition; section: string | null };

/** A parsed runbook file. `slug` is the file name without `.md`. */
export interface Runbook {
  slug: string;
  file: string;
  title: string;
  owner: string | null;
  lastReviewedOn: string | null;
  /** Days after which a review is due; null when not declared. */
  reviewInDays: number | null;
  service: string | null;
  slos: string[];
  inputs: RunbookInput[];
  steps: StepDefinition[];
  blocks: RunbookBlock[];
  headings: { level: number; text: string; anchor: string }[];
  problems: Problem[];
  /** Who approves each change forward of it; absent when the runbook asks for nobody. */
  approvals?: ApprovalRule;
  /** SHA-256 of the file's bytes, hex; given to the parser by whoever read the bytes. */
  digest: string;
  /** Links of the text, in order. */
  links?: RunbookLink[];
  /** Where the front matter names things (`service`, `slos.0`, `inputs.flag`, `lastReviewedOn`), for the linter. */
  places?: Record<string, Place>;
}
