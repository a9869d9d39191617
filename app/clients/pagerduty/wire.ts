import { z } from 'zod';
import type { PagerDutyIncident, PagerDutyLogEntry } from '../../domain/incident/incident.ts';

/** The fields that Firebreak reads of PagerDuty's REST v2 answers; everything else passes unread. */
const time = z.string().transform((value, context) => {
  const at = Date.parse(value);
  if (Number.isNaN(at)) context.addIssue({ code: 'custom', message: 'is not a time' });
  return at;
});
const optionalTime = time.nullish().transform((value) => value ?? null);
const reference = z.object({ id: z.string(), summary: z.string().nullish() });
const link = z.object({ href: z.string(), text: z.string().nullish() });

const incident = z.object({
  id: z.string(),
  incident_number: z.number().nullish(),
  title: z.string().nullish(),
  summary: z.string().nullish(),
  status: z.enum(['triggered', 'acknowledged', 'resolved']),
  urgency: z.enum(['high', 'low']),
  service: reference.nullish(),
  html_url: z.string().nullish(),
  assignments: z.array(z.object({ assignee: reference })).default([]),
  acknowledgements: z.array(z.object({ acknowledger: reference })).default([]),
  pending_actions: z.array(z.object({ type: z.string(), at: time })).default([]),
  created_at: time,
  resolved_at: optionalTime,
  updated_at: optionalTime,
  last_status_change_at: optionalTime,
});
export const incidentSchema = z.object({ incident });
export const incidentsSchema = z.object({ incidents: z.array(incident) });
export const alertsSchema = z.object({ alerts: z.array(z.object({ alert_key: z.string().nullish() })) });
export const notesSchema = z.object({
  notes: z.array(z.object({ id: z.string(), content: z.string(), created_at: time })),
});
export const newNoteSchema = z.object({ note: z.object({ id: z.string() }) });
export const onCallsSchema = z.object({
  oncalls: z.array(
    z.object({
      escalation_level: z.number(),
      user: z.object({
        id: z.string(),
        summary: z.string().nullish(),
        name: z.string().nullish(),
        email: z.string().nullish(),
      }),
      end: optionalTime,
    }),
  ),
});
export const serviceSchema = z.object({ service: z.object({ escalation_policy: reference }) });
export const changeEventsSchema = z.object({
  change_events: z.array(
    z.object({
      id: z.string(),
      summary: z.string(),
      timestamp: time,
      source: z.string().nullish(),
      services: z.array(reference).default([]),
      links: z.array(link).nullish(),
      custom_details: z.record(z.string(), z.unknown()).nullish(),
    }),
  ),
});
export const logSchema = z.object({
  log_entries: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      summary: z.string().nullish(),
      created_at: time,
      agent: reference.extend({ type: z.string().nullish() }).nullish(),
      channel: z
        .object({ type: z.string().nullish(), summary: z.string().nullish(), content: z.string().nullish() })
        .nullish(),
    }),
  ),
});
/** What every list answers beside its items. */
export const pageSchema = z.looseObject({ more: z.boolean().default(false) });

/** A PagerDuty incident in our words; `alertKeys` come from its alerts. */
export function toIncident(wire: z.output<typeof incident>, alertKeys: string[]): PagerDutyIncident {
  const people = (references: z.output<typeof reference>[]) => references.map((one) => one.summary ?? one.id);
  return {
    id: wire.id,
    number: wire.incident_number ?? null,
    title: wire.title ?? wire.summary ?? wire.id,
    status: wire.status,
    urgency: wire.urgency,
    service: wire.service ? { id: wire.service.id, name: wire.service.summary ?? wire.service.id } : null,
    url: wire.html_url ?? '',
    alertKeys,
    assignees: people(wire.assignments.map((assignment) => assignment.assignee)),
    acknowledgedBy: people(wire.acknowledgements.map((acknowledgement) => acknowledgement.acknowledger)),
    escalatesAt: wire.pending_actions.find((action) => action.type === 'escalate')?.at ?? null,
    createdAt: wire.created_at,
    resolvedAt: wire.resolved_at ?? (wire.status === 'resolved' ? wire.last_status_change_at : null),
    updatedAt: wire.updated_at ?? wire.last_status_change_at,
  };
}

const logKinds: Record<string, PagerDutyLogEntry['kind']> = {
  trigger_log_entry: 'triggered',
  acknowledge_log_entry: 'acknowledged',
  resolve_log_entry: 'resolved',
  escalate_log_entry: 'escalated',
  assign_log_entry: 'assigned',
  notify_log_entry: 'notified',
  annotate_log_entry: 'note',
};

/** A log entry in our words. The agent of an automatic step is a service or an integration, not a person. */
export function toLogEntry(wire: z.output<typeof logSchema>['log_entries'][number]): PagerDutyLogEntry {
  const kind = logKinds[wire.type] ?? 'other';
  const person = wire.agent?.type?.startsWith('user') ? (wire.agent.summary ?? wire.agent.id) : null;
  const note = kind === 'note' ? (wire.channel?.content ?? wire.channel?.summary) : null;
  return { id: wire.id, at: wire.created_at, kind, by: person, text: note ?? wire.summary ?? wire.type };
}
