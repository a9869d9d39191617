/** Where a change was seen. */
export type ChangeSource = 'unleash' | 'cloud-run' | 'pagerduty' | 'api' | 'firebreak';

/** What moved. `migration`, `secret`, `terraform`, `dns`, `config` and `other` come through the API door. */
export type ChangeKind =
  | 'flag'
  | 'revision'
  | 'traffic'
  | 'migration'
  | 'secret'
  | 'terraform'
  | 'dns'
  | 'config'
  | 'other';

/** One change to the world, recorded once per `(source, externalId)`. */
export interface Change {
  id: string;
  source: ChangeSource;
  externalId: string;
  kind: ChangeKind;
  at: number;
  /** Catalog id of the service it touches; null when unknown. */
  service: string | null;
  environment: string | null;
  /** Flag name, revision name, migration id, … */
  target: string;
  /** One line in words: "voiceover-v2 rolled out 5 → 25 %". */
  title: string;
  actor: string | null;
  commit: string | null;
  url: string | null;
  before: unknown;
  after: unknown;
}

export type Evidence = 'strong' | 'some' | 'weak' | 'none';

/** A reversal that Firebreak can offer: the runbook template and its inputs. */
export interface Reversal {
  action: 'flag.kill' | 'cloudrun.traffic';
  label: string;
  /** Inputs of the run it opens. */
  inputs: Record<string, string>;
  /** For revisions: whether going back is known to be safe. */
  rollback?: 'safe' | 'unsafe' | 'unknown';
  rollbackReason?: string;
}

/** Events counted with a change in force and without it, over the same minutes. */
export interface Cohorts {
  with: { bad: number; total: number };
  without: { bad: number; total: number };
  from: number;
  to: number;
}

/** A change weighed against an incident, with its reasons in words. */
export interface Suspect {
  change: Change;
  evidence: Evidence;
  /** 0 to 1, orders the list. */
  score: number;
  /** "3 min before the first errors", "same service", "fails 1,389 of 13,450 with it on, 10 of 40,350 off". */
  reasons: string[];
  cohorts: Cohorts | null;
  /** Expected burn rate after the reversal; null when it cannot be estimated. */
  expectedBurn: number | null;
  /** The lock target that going back works on, as plans name it, also while there is nothing left to go back from; null for none. */
  target: string | null;
  reversal: Reversal | null;
}

/** The weighed list; `explained` is false when nothing of ours explains the burn. */
export interface SuspectList {
  suspects: Suspect[];
  /** The one reversal that may stand in the main place: strong evidence only. */
  main: Suspect | null;
  explained: boolean;
  /** One sentence when not explained. */
  verdict: string | null;
}
