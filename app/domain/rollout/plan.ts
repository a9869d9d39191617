/** What is moved under guard: a flag's exposure in one environment, or the share of a service's traffic on one revision. */
export type RolloutSubject =
  | { kind: 'flag'; flag: string; environment: string }
  | { kind: 'revision'; service: string; revision: string };

/**
 * What a guard counts: an SLO of the catalog, or two counts and the share of bad ones that is still good: of Cloud Monitoring,
 * or of the impact metrics that SDKs send to Unleash.
 */
export type GuardSource =
  | { kind: 'slo'; slo: string }
  | { kind: 'metric'; name: string; project: string; total: string; bad: string; under: number }
  | { kind: 'impact'; name: string; total: string; bad: string; under: number };

/** One thing that must hold while a stage bakes. */
export interface RolloutGuard {
  source: GuardSource;
  /** Burn at which both windows say that it does harm; null for the factor of the SLO's fast page. Of counts with `under` always 1. */
  over: number | null;
  /** Whether the whole service is judged, or only those who have the flag or the revision. */
  judge: 'service' | 'cohort';
  /** The variant whose cohort alone is judged; absent for all who have the flag. */
  variant?: string;
}

/** One step up, and how long it is watched before the next. */
export interface RolloutStage {
  /** Whole, 1 to 100. */
  percent: number;
  /** ms of data that have to be seen after the step. */
  hold: number;
  guards: RolloutGuard[];
  /** Requests under which nothing can be said; the stage is held then. */
  minRequests: number;
  /** Minutes of the two windows that must both burn; the long one never reaches back before the step. */
  window: { short: number; long: number };
  /** People (emails) or teams of whom one has to approve this stage; empty for none. */
  approve: string[];
}

/** A whole rollout as it is declared, or typed on a page. */
export interface RolloutPlan {
  stages: RolloutStage[];
  /** Where a rollback leads: to what stood before the first step, or before the present one. */
  backTo: 'start' | 'step';
  /** What ends a hold for a spent budget or an open incident. */
  resume: 'by-person' | 'when-calm';
  /** Judges and says what it would do, and changes nothing. */
  shadow: boolean;
}

/** Burn that both windows must reach where nothing else is said: the fast page of the default profile. */
const usualFactor = 14.4;
export const usualWindow = { short: 5, long: 60 } as const;
export const usualRequests = 100;

/** What a rollout moves, as the lock on targets names it. */
export function rolloutTarget(subject: RolloutSubject): string {
  return subject.kind === 'flag' ? `flag/${subject.environment}/${subject.flag}` : `traffic/${subject.service}`;
}

/** The name of a guard on pages and in verdicts. */
export function guardName({ source, judge, variant }: RolloutGuard): string {
  const name = source.kind === 'slo' ? source.slo : source.name;
  if (variant !== undefined) return `${name}, only those who have ${variant}`;
  return judge === 'cohort' ? `${name}, only those who have it` : name;
}

/** The burn at which a guard speaks. */
export function factorOf(guard: RolloutGuard): number {
  return guard.over ?? (guard.source.kind === 'slo' ? usualFactor : 1);
}
