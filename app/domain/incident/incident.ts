import type { Tier } from '../slo/slo.ts';

export type IncidentStatus = 'open' | 'resolved';

/** What an incident is: a page may wake somebody, a ticket waits for the day. A ticket may rise to a page, never the other way. */
export type IncidentLevel = 'page' | 'ticket';

/** One cause that hurts: ours, with alerts (SLO × tier) and any number of PagerDuty incidents. */
export interface Incident {
  id: string;
  title: string;
  status: IncidentStatus;
  level: IncidentLevel;
  /** Catalog id of the service, null when PagerDuty's service is not in the catalog. */
  service: string | null;
  /** SLO that speaks for the incident, null when none burns. */
  slo: string | null;
  tier: Tier | null;
  /** First minute over budget pace (onset of the errors), null when unknown. */
  startedAt: number | null;
  openedAt: number;
  pagedAt: number | null;
  resolvedAt: number | null;
  /** Slug of the runbook it opens. */
  runbook: string | null;
  /** Other services that burn in the same incident. */
  children: string[];
  /** Set while PagerDuty has not taken the page of an open incident. */
  pageTrouble?: PageTrouble;
}

/** A page that reached nobody: refused for good, or not taken yet. */
export interface PageTrouble {
  kind: 'refused' | 'waiting';
  /** What PagerDuty, or the way to it, said. */
  error: string;
  since: number;
}

/** What a person has to know about a page that reached nobody. */
export function pageTroubleText({ kind, error }: PageTrouble): string {
  const said = error.trim().replace(/[.:]$/, '');
  return kind === 'refused'
    ? `PagerDuty refused this page: ${said}. Nobody was paged by it.`
    : `PagerDuty has not taken this page yet: ${said}. It is sent again.`;
}

/** A PagerDuty incident as last read by REST. */
export interface PagerDutyIncident {
  id: string;
  number: number | null;
  title: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  urgency: 'high' | 'low';
  service: { id: string; name: string } | null;
  url: string;
  /** dedup keys of its alerts: `firebreak/<incident>/page` for ours. */
  alertKeys: string[];
  assignees: string[];
  acknowledgedBy: string[];
  escalatesAt: number | null;
  createdAt: number;
  resolvedAt: number | null;
  /** PagerDuty's own time of the last change; missing when it says none. */
  updatedAt?: number | null;
}

/** A line of a PagerDuty incident's own log: what happened there, even if no webhook told. */
export interface PagerDutyLogEntry {
  id: string;
  at: number;
  kind: 'triggered' | 'acknowledged' | 'resolved' | 'escalated' | 'assigned' | 'notified' | 'note' | 'other';
  /** Person or integration that did it; null when PagerDuty names none. */
  by: string | null;
  /** Text of a note, summary of the rest. */
  text: string;
}

/** Somebody on call for a service: level 1 is the primary. */
export interface OnCall {
  person: string;
  email: string | null;
  level: number;
  until: number | null;
}

/** A line of an incident's timeline. */
export interface TimelineEntry {
  at: number;
  kind: 'onset' | 'alert' | 'page' | 'acknowledge' | 'note' | 'change' | 'run' | 'resolve' | 'told' | 'pagerduty';
  text: string;
  actor: string | null;
  href: string | null;
}
