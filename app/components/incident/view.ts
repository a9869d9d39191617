import type { Alert } from '../../domain/alert/alert.ts';
import type { Change, SuspectList } from '../../domain/change/change.ts';
import type { FollowUp } from '../../domain/follow-up/follow-up.ts';
import type { SentEvent } from '../../domain/incident/delivery.ts';
import type { Incident, OnCall, PagerDutyIncident, TimelineEntry } from '../../domain/incident/incident.ts';
import type { ErrorLines, Failures } from '../../domain/incident/observed.ts';
import type { StepGate } from '../../domain/run/gate-offers.ts';
import type { Actor, Run } from '../../domain/run/run.ts';
import type { Service } from '../../domain/service/service.ts';
import type { Silence } from '../../domain/silence/silence.ts';
import type { BurnPoint, SloEvaluation } from '../../domain/slo/evaluation.ts';
import type { BurnProfile, Slo } from '../../domain/slo/slo.ts';
import type { Read } from '../observed-panel.tsx';

/** What is silenced of what an incident's alerts burn: nothing, some, or all of it. */
export interface SilencedPart {
  silence: Silence | null;
  all: boolean;
}

/** An SLO with its last evaluation and the state of its source. */
export interface SloView {
  slo: Pick<Slo, 'id' | 'title' | 'service' | 'objective' | 'period' | 'indicator' | 'budgeting' | 'settle' | 'paging'>;
  profile: BurnProfile | null;
  evaluation: SloEvaluation | null;
  readAt: number | null;
  error: string | null;
  errorAt: number | null;
}

/** A service that this one calls, with the burn of its most burning SLO over 5 min; `slo` is null where none is declared. */
export interface Dependency {
  id: string;
  title: string;
  kind: Service['kind'];
  slo: string | null;
  /** In words: "26×", "no data". */
  burn: string;
  burning: boolean;
  dataTo: number | null;
  runbook: { slug: string; title: string } | null;
}

/** Everything the incident page shows. Times are ms of data time. */
export interface IncidentView {
  now: number;
  dataTo: number | null;
  actor: Actor;
  /** Names of the flags that the actor owns. */
  ownFlags: string[];
  /** What stands between the plans of its runbook's run and their effect, by step. */
  gates: Record<string, StepGate>;
  mode: 'observe' | 'shadow' | 'act';
  incident: Incident;
  /** Its alerts, cleared ones too. */
  alerts: Alert[];
  silenced: SilencedPart;
  /** What was told to the outside about it, newest first. */
  deliveries: SentEvent[];
  /** When it burned again at a page tier, over the last two hours. */
  returns: number[];
  service: Pick<Service, 'id' | 'title' | 'owner' | 'kind' | 'runbook'> | null;
  main: SloView | null;
  /** Other SLOs of this incident's services: burning ones first. */
  others: SloView[];
  points: BurnPoint[];
  chart: { from: number; to: number };
  changes: Change[];
  suspects: Read<SuspectList>;
  failures: Read<Failures>;
  lines: Read<ErrorLines>;
  onCall: Read<OnCall[]>;
  dependencies: Dependency[];
  timeline: TimelineEntry[];
  pagerDuty: PagerDutyIncident[];
  runbook: RunbookPart | null;
  runs: Run[];
  /** Changes of these runs that were turned back since. */
  turnedBack: { run: string; step: string }[];
  followUps: FollowUp[];
  /** Names of others seen on this page in the last 45 s. */
  lookingToo: string[];
}

/** What the incident page needs of its runbook: its text is one link away, also when no run is open. */
export interface RunbookPart {
  slug: string;
  title: string;
  digest: string;
  service: string | null;
  hasSteps: boolean;
}

const MINUTE = 60_000;

/** The chart's range: two hours to now, or around the onset when the incident is older. */
export function chartRange(incident: Pick<Incident, 'startedAt' | 'openedAt' | 'resolvedAt'>, now: number) {
  const end = incident.resolvedAt === null ? now : Math.min(now, incident.resolvedAt + 30 * MINUTE);
  const onset = incident.startedAt ?? incident.openedAt;
  const from = Math.min(end - 120 * MINUTE, onset - 45 * MINUTE);
  return { from: Math.max(from, end - 12 * 60 * MINUTE), to: end };
}
