import type { Account } from './desk.ts';
import type {
  PdAgent,
  PdAlert,
  PdChangeEvent,
  PdIncident,
  PdLogEntry,
  PdNote,
  PdOnCall,
  PdService,
  PdUser,
} from './model.ts';

const iso = (at: number) => new Date(at).toISOString();
const optional = (at: number | null) => (at === null ? null : iso(at));

/** PagerDuty's JSON shapes. `base` is the address that its links start with. */
export function createRender(account: Account, base: () => string) {
  const reference = (type: string, id: string, summary: string, path: string) => ({
    id,
    type,
    summary,
    self: `${base()}${path}`,
    html_url: `${base()}${path}`,
  });
  const userReference = (id: string) => {
    const user = account.users.find((one) => one.id === id);
    return reference('user_reference', id, user?.name ?? id, `/users/${id}`);
  };
  const serviceReference = (id: string) => {
    const service = account.services.find((one) => one.id === id);
    return reference('service_reference', id, service?.name ?? id, `/services/${id}`);
  };
  const policy = (service: string) =>
    reference('escalation_policy_reference', policyOf(service), 'On call', `/escalation_policies/${policyOf(service)}`);
  const agent = ({ id, type, name }: PdAgent) => ({ id, type, summary: name, self: null, html_url: null });
  const incidentReference = (incident: PdIncident) => ({
    ...reference('incident_reference', incident.id, title(incident), `/incidents/${incident.id}`),
    html_url: pageOf(incident),
  });
  const pageOf = (incident: PdIncident) => `${base()}/incidents/${incident.id}/view`;

  return {
    pageOf,
    incident: (incident: PdIncident) => ({
      ...reference('incident', incident.id, title(incident), `/incidents/${incident.id}`),
      html_url: pageOf(incident),
      incident_number: incident.number,
      title: incident.title,
      status: incident.status,
      urgency: incident.urgency,
      incident_key: incident.incidentKey,
      service: serviceReference(incident.service),
      escalation_policy: policy(incident.service),
      created_at: iso(incident.createdAt),
      updated_at: iso(incident.updatedAt),
      last_status_change_at: iso(incident.statusAt),
      resolved_at: incident.status === 'resolved' ? iso(incident.statusAt) : null,
      assignments: incident.assignees.map((user) => ({ at: iso(incident.statusAt), assignee: userReference(user) })),
      acknowledgements: incident.acknowledgements.map(({ user, at }) => ({ at: iso(at), acknowledger: agent(user) })),
      pending_actions: [
        ...(incident.escalatesAt === null ? [] : [{ type: 'escalate', at: iso(incident.escalatesAt) }]),
        ...(incident.snoozedUntil ? [{ type: 'unacknowledge', at: iso(incident.snoozedUntil) }] : []),
      ],
      alert_counts: {
        all: incident.alerts.length,
        triggered: incident.alerts.filter((alert) => alert.status === 'triggered').length,
        resolved: incident.alerts.filter((alert) => alert.status === 'resolved').length,
      },
      teams: [],
      priority: null,
    }),
    alert: (incident: PdIncident, alert: PdAlert) => ({
      ...reference('alert', alert.id, alert.summary, `/incidents/${incident.id}/alerts/${alert.id}`),
      status: alert.status,
      alert_key: alert.key,
      severity: alert.severity,
      created_at: iso(alert.createdAt),
      service: serviceReference(incident.service),
      incident: incidentReference(incident),
      body: {
        type: 'alert_body',
        details: alert.details,
        contexts: alert.links.map((link) => ({ type: 'link', ...link })),
      },
    }),
    note: (note: PdNote) => ({
      id: note.id,
      content: note.content,
      created_at: iso(note.at),
      user: userReference(note.user),
      channel: { summary: 'The PagerDuty website or APIs' },
    }),
    logEntry: (incident: PdIncident, entry: PdLogEntry) => ({
      ...reference(entry.type, entry.id, entry.summary, `/log_entries/${entry.id}`),
      created_at: iso(entry.at),
      agent: agent(entry.agent),
      channel:
        entry.content === null
          ? { type: 'auto', summary: entry.summary }
          : { type: 'note', summary: entry.content, content: entry.content },
      service: serviceReference(incident.service),
      incident: incidentReference(incident),
      teams: [],
    }),
    service: (service: PdService) => ({
      ...reference('service', service.id, service.name, `/services/${service.id}`),
      name: service.name,
      status: 'active',
      alert_creation: 'create_alerts_and_incidents',
      incident_urgency_rule: { type: 'constant', urgency: 'severity_based' },
      escalation_policy: policy(service.id),
    }),
    user: (user: PdUser) => ({
      ...reference('user', user.id, user.name, `/users/${user.id}`),
      name: user.name,
      email: user.email,
    }),
    onCall: (row: PdOnCall, service: string, user: PdUser, full: boolean) => ({
      escalation_policy: policy(service),
      escalation_level: row.level,
      schedule: null,
      user: full
        ? { ...reference('user', user.id, user.name, `/users/${user.id}`), name: user.name, email: user.email }
        : userReference(user.id),
      start: null,
      end: null,
    }),
    changeEvent: (event: PdChangeEvent) => ({
      id: event.id,
      type: 'change_event',
      summary: event.summary,
      timestamp: iso(event.at),
      services: event.service ? [serviceReference(event.service)] : [],
      source: event.source,
      links: event.links,
      custom_details: event.details,
    }),
    /** Body of a v3 webhook. */
    webhook: (
      id: string,
      kind: string,
      at: number,
      by: PdAgent,
      incident: PdIncident,
      note?: { id: string; content: string },
    ) => ({
      id,
      event_type: kind,
      resource_type: 'incident',
      occurred_at: iso(at),
      agent: agent(by),
      client: null,
      data: note
        ? {
            id: note.id,
            type: 'incident_note',
            incident: incidentReference(incident),
            content: note.content,
            trimmed: false,
          }
        : {
            id: incident.id,
            type: 'incident',
            self: `${base()}/incidents/${incident.id}`,
            html_url: pageOf(incident),
            number: incident.number,
            status: incident.status,
            incident_key: incident.incidentKey,
            created_at: iso(incident.createdAt),
            title: incident.title,
            service: serviceReference(incident.service),
            assignees: incident.assignees.map(userReference),
            escalation_policy: policy(incident.service),
            urgency: incident.urgency,
            resolved_at: optional(incident.status === 'resolved' ? incident.statusAt : null),
          },
    }),
  };
}

export type Render = ReturnType<typeof createRender>;

/** Each service has an escalation policy of its own. */
export function policyOf(service: string): string {
  return `${service}-POLICY`;
}

function title(incident: PdIncident): string {
  return `[#${incident.number}] ${incident.title}`;
}
