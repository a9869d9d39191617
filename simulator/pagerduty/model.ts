/** A PagerDuty service. `source` is the name that events carry for it (its catalog id): the orchestration routes by it. */
export interface PdService {
  id: string;
  name: string;
  source: string | null;
}

export interface PdUser {
  id: string;
  name: string;
  email: string;
}

/** Who is on call: `service` null means for every service that has no row of its own. Level 1 is told first. */
export interface PdOnCall {
  service: string | null;
  level: number;
  user: string;
}

export interface PdLink {
  href: string;
  text?: string;
}

export type Severity = 'critical' | 'error' | 'warning' | 'info';

export interface PdAlert {
  id: string;
  key: string;
  status: 'triggered' | 'resolved';
  severity: Severity;
  summary: string;
  source: string;
  createdAt: number;
  links: PdLink[];
  details: Record<string, unknown>;
}

/** What acts: a person, a service's integration, or PagerDuty itself. */
export interface PdAgent {
  id: string;
  type: 'user_reference' | 'service_reference' | 'events_api_v2_inbound_integration_reference';
  name: string;
}

export interface PdLogEntry {
  id: string;
  type: `${'trigger' | 'acknowledge' | 'resolve' | 'escalate' | 'assign' | 'notify' | 'annotate' | 'snooze' | 'unacknowledge'}_log_entry`;
  at: number;
  agent: PdAgent;
  summary: string;
  /** Text of a note. */
  content: string | null;
}

export interface PdNote {
  id: string;
  user: string;
  content: string;
  at: number;
}

export interface PdIncident {
  id: string;
  number: number;
  title: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  urgency: 'high' | 'low';
  service: string;
  /** Only set on incidents that were made by REST with one: those from alerts have none. */
  incidentKey: string | null;
  createdAt: number;
  updatedAt: number;
  statusAt: number;
  level: number;
  assignees: string[];
  acknowledgements: { user: PdAgent; at: number }[];
  escalatesAt: number | null;
  /** When a snooze ends, and the incident is triggered again; absent while it is not snoozed. */
  snoozedUntil?: number | null;
  alerts: PdAlert[];
  log: PdLogEntry[];
  notes: PdNote[];
}

export interface PdChangeEvent {
  id: string;
  summary: string;
  at: number;
  service: string;
  source: string | null;
  links: PdLink[];
  details: Record<string, unknown>;
}

/** A webhook on its way: the body is fixed when the event happens, so that a late delivery tells old news. */
export interface PdDelivery {
  id: string;
  dueAt: number;
  attempts: number;
  body: string;
}

/** Everything that a restart must find again. */
export interface PdState {
  counter: number;
  incidents: PdIncident[];
  changeEvents: PdChangeEvent[];
  deliveries: PdDelivery[];
}
