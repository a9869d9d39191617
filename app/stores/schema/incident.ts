import type { ColumnType, Generated } from 'kysely';
import type { IncidentLevel, PagerDutyIncident, TimelineEntry } from '../../domain/incident/incident.ts';
import type { Tier } from '../../domain/slo/slo.ts';
import type { Json } from './json.ts';

/** Incidents, and what they tell the outside. */
export interface IncidentTables {
  incident: {
    id: string;
    title: string;
    status: 'open' | 'resolved';
    service: string | null;
    slo: string | null;
    tier: Tier | null;
    started_at: number | null;
    opened_at: number;
    paged_at: number | null;
    resolved_at: number | null;
    runbook: string | null;
    children: Json<string[]>;
    level: ColumnType<IncidentLevel, IncidentLevel | undefined, IncidentLevel>;
  };
  pagerduty_incident: {
    id: string;
    incident_id: string | null;
    status: 'triggered' | 'acknowledged' | 'resolved';
    service: string | null;
    read_at: number;
    body: Json<PagerDutyIncident>;
  };
  webhook_event: {
    id: string;
    /** Wall clock; rows are kept 7 days. */
    received_at: number;
    type: string;
    resource_id: string | null;
    body: Json<unknown>;
    handled_at: number | null;
  };
  timeline: {
    id: Generated<number>;
    incident_id: string;
    at: number;
    kind: TimelineEntry['kind'];
    text: string;
    actor: string | null;
    href: string | null;
    /** Makes recording idempotent: unique per incident. */
    key: string;
  };
  outbox: {
    id: string;
    kind:
      | 'pagerduty-event'
      | 'pagerduty-acknowledge'
      | 'pagerduty-ticket'
      | 'pagerduty-note'
      | 'mail'
      | 'webhook'
      | 'chat';
    dedup_key: string;
    body: Json<unknown>;
    created_at: number;
    attempts: Generated<number>;
    next_at: number;
    delivered_at: number | null;
    error: string | null;
    incident_id: string | null;
    /** When it was held back before it left: it never leaves, and another takes its place. */
    held_back_at: number | null;
    /** Until when the process that sends it is left alone with it. */
    claimed_until: number | null;
  };
}
