import type { AuditEntry } from '../audit/audit.ts';
import type { FollowUp } from '../follow-up/follow-up.ts';
import type { SentEvent } from '../incident/delivery.ts';
import type { Incident, PagerDutyIncident, TimelineEntry } from '../incident/incident.ts';
import type { RunNote } from '../run/note.ts';
import type { Run } from '../run/run.ts';
import type { BurnPoint, SloEvaluation } from '../slo/evaluation.ts';
import type { Slo } from '../slo/slo.ts';

/** A run with all that was written about it. */
export interface RunRecord {
  run: Run;
  notes: RunNote[];
  /** Its lines of the audit, oldest first. */
  audit: AuditEntry[];
  /** What its steps said while they ran. */
  lines: { step: string; attempt: number; at: number; text: string }[];
}

/** Everything that is known of an incident, or of a run of none, at one moment. Secrets are taken out of every text. Times ms. */
export interface Happened {
  now: number;
  /** IANA zone that times are also told in, beside UTC. */
  zone: string;
  organisation: string;
  /** Where the console is, as people outside reach it; without a slash at its end. */
  baseUrl: string;
  incident: Incident | null;
  timeline: TimelineEntry[];
  deliveries: SentEvent[];
  pagerDuty: PagerDutyIncident[];
  runs: RunRecord[];
  followUps: FollowUp[];
  /** The SLO that speaks for it, with its minutes over the time of the story; null where none does. */
  burn: {
    slo: Slo;
    evaluation: SloEvaluation | null;
    points: BurnPoint[];
    from: number;
    to: number;
  } | null;
}
