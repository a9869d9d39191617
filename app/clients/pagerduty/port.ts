import type { OnCall, PagerDutyIncident, PagerDutyLogEntry } from '../../domain/incident/incident.ts';

/** A change event that a tool sent to PagerDuty. */
export interface PagerDutyChangeEvent {
  id: string;
  summary: string;
  at: number;
  service: string | null;
  source: string | null;
  links: { href: string; text: string }[];
  details: Record<string, unknown>;
}

export interface PagerDutyRead {
  incident(id: string, signal?: AbortSignal): Promise<PagerDutyIncident>;
  /** Open (triggered, acknowledged) incidents of all services. */
  openIncidents(signal?: AbortSignal): Promise<PagerDutyIncident[]>;
  onCalls(serviceId: string, signal?: AbortSignal): Promise<OnCall[]>;
  changeEvents(since: number, signal?: AbortSignal): Promise<PagerDutyChangeEvent[]>;
  /** The incident's own log, oldest first: who acknowledged, wrote a note, resolved. */
  log?(id: string, signal?: AbortSignal): Promise<PagerDutyLogEntry[]>;
}

/** An Events v2 event. `summary` is at most 1024 characters; the first 60 say what fails, how much, and the likeliest change. */
export interface PagerDutyEvent {
  action: 'trigger' | 'acknowledge' | 'resolve';
  dedupKey: string;
  /** Integration key of the PagerDuty service. */
  routingKey: string;
  summary: string;
  severity: 'critical' | 'error' | 'warning' | 'info';
  source: string;
  links: { href: string; text: string }[];
  details: Record<string, unknown>;
}

/** Writes; never retried here. `from` is the email of a PagerDuty user. */
export interface PagerDutyWrite {
  sendEvent(event: PagerDutyEvent, signal?: AbortSignal): Promise<void>;
  acknowledge(incidentId: string, from: string, signal?: AbortSignal): Promise<void>;
  resolve(incidentId: string, from: string, signal?: AbortSignal): Promise<void>;
  /** Keeps an acknowledged incident quiet for `ms`; then PagerDuty triggers it again. */
  snooze(incidentId: string, ms: number, from: string, signal?: AbortSignal): Promise<void>;
  /** Pages the people of a level of its escalation policy, from 1, at once. */
  escalate(incidentId: string, level: number, from: string, signal?: AbortSignal): Promise<void>;
  addNote(incidentId: string, text: string, from: string, signal?: AbortSignal): Promise<string>;
  notes(incidentId: string, signal?: AbortSignal): Promise<{ id: string; text: string; at: number }[]>;
}
