import type { SimClock } from '../world/seams.ts';
import type {
  PdAgent,
  PdAlert,
  PdChangeEvent,
  PdIncident,
  PdLogEntry,
  PdOnCall,
  PdService,
  PdState,
  PdUser,
  Severity,
} from './model.ts';

/** What an account is made of. The first service takes events that name none. */
export interface Account {
  services: readonly PdService[];
  users: readonly PdUser[];
  onCall: readonly PdOnCall[];
}

/** Kinds of v3 webhook events that the desk tells of. */
export type DeskEvent =
  `incident.${'triggered' | 'acknowledged' | 'resolved' | 'escalated' | 'annotated' | 'unacknowledged'}`;

const kept = 500;

/**
 * What happens to incidents, by PagerDuty's rules: one dedup key joins while open, a trigger after a resolve makes a
 * new incident, urgency rises with a graver alert and never falls, nobody acknowledging for `escalateAfter` ms (data
 * time) takes it to the next level. `tell` hears of everything a webhook would carry.
 */
export function createDesk(options: {
  clock: SimClock;
  random: () => number;
  state: PdState;
  account: Account;
  escalateAfter: number;
  tell: (kind: DeskEvent, incident: PdIncident, agent: PdAgent, note?: { id: string; content: string }) => void;
  touch: () => void;
}) {
  const { clock, random, state, account, escalateAfter, tell, touch } = options;

  const id = (letter: string) => {
    state.counter += 1;
    const tail = Math.floor(random() * 36 ** 6)
      .toString(36)
      .padStart(6, '0');
    return `${letter}${state.counter.toString(36).padStart(5, '0')}${tail}`.toUpperCase();
  };
  const serviceOf = (name: string | null | undefined) =>
    name ? account.services.find((service) => service.id === name || service.source === name) : undefined;
  const onCall = (service: string, level: number) => {
    const own = account.onCall.filter((row) => row.service === service);
    const rows = own.length > 0 ? own : account.onCall.filter((row) => row.service === null);
    return rows.filter((row) => row.level === level).map((row) => row.user);
  };
  const nameOf = (user: string) => account.users.find((one) => one.id === user)?.name ?? user;
  const log = (
    incident: PdIncident,
    type: PdLogEntry['type'],
    agent: PdAgent,
    summary: string,
    at = clock.now(),
    content: string | null = null,
  ) => {
    incident.log.push({ id: id('R'), type, at, agent, summary, content });
    incident.updatedAt = at;
    touch();
  };
  const setStatus = (incident: PdIncident, status: PdIncident['status'], at: number) => {
    incident.status = status;
    incident.statusAt = at;
    if (status !== 'triggered') incident.escalatesAt = null;
    incident.snoozedUntil = null;
  };
  const page = (incident: PdIncident, level: number, at: number) => {
    incident.level = level;
    incident.assignees = onCall(incident.service, level);
    incident.escalatesAt = onCall(incident.service, level + 1).length > 0 ? at + escalateAfter : null;
    const service = agentOf(incident.service);
    for (const user of incident.assignees) {
      log(incident, 'assign_log_entry', service, `Assigned to ${nameOf(user)}`, at);
      log(incident, 'notify_log_entry', service, `Told ${nameOf(user)} by push notification`, at);
    }
  };
  const agentOf = (service: string): PdAgent => ({
    id: service,
    type: 'service_reference',
    name: account.services.find((one) => one.id === service)?.name ?? service,
  });

  function open(
    fields: Pick<PdIncident, 'title' | 'urgency' | 'service' | 'incidentKey'>,
    alerts: PdAlert[],
    agent: PdAgent,
  ) {
    const at = clock.now();
    const incident: PdIncident = {
      ...fields,
      id: id('Q'),
      number: (state.incidents.at(-1)?.number ?? 0) + 1,
      status: 'triggered',
      createdAt: at,
      updatedAt: at,
      statusAt: at,
      level: 1,
      assignees: [],
      acknowledgements: [],
      escalatesAt: null,
      alerts,
      log: [],
      notes: [],
    };
    state.incidents.push(incident);
    if (state.incidents.length > kept) {
      state.incidents = state.incidents.filter(
        (one, index) => one.status !== 'resolved' || index >= state.incidents.length - kept,
      );
    }
    log(incident, 'trigger_log_entry', agent, `Triggered: ${incident.title}`);
    page(incident, 1, at);
    tell('incident.triggered', incident, agent);
    return incident;
  }

  const desk = {
    /** By id, or by number as text. */
    find: (key: string) => state.incidents.find((incident) => incident.id === key || String(incident.number) === key),
    /** Those not resolved, newest first. */
    standing: () => state.incidents.filter((incident) => incident.status !== 'resolved').reverse(),
    serviceOf,
    user: (email: string) => account.users.find((user) => user.email === email),

    /** A trigger event. Returns its incident. */
    trigger(event: Omit<PdAlert, 'id' | 'status' | 'createdAt'> & { service: string | null }): PdIncident {
      const { service: name, ...alert } = event;
      const standing = byKey(event.key);
      const service = serviceOf(name) ?? serviceOf(event.source) ?? account.services[0];
      if (!service) throw new Error('this PagerDuty account has no service');
      const agent: PdAgent = {
        id: service.id,
        type: 'events_api_v2_inbound_integration_reference',
        name: 'Events API v2',
      };
      if (standing) {
        log(standing, 'trigger_log_entry', agent, `Triggered again: ${event.summary}`);
        Object.assign(standing.alerts.find((one) => one.key === event.key) ?? {}, alert);
        if (urgencyOf(event.severity) === 'high') standing.urgency = 'high';
        return standing;
      }
      const full: PdAlert = { ...alert, id: id('A'), status: 'triggered', createdAt: clock.now() };
      const fields = {
        title: event.summary,
        urgency: urgencyOf(event.severity),
        service: service.id,
        incidentKey: null,
      };
      return open(fields, [full], agent);
    },
    /** An incident that a person or a tool made by REST. */
    create(fields: Pick<PdIncident, 'title' | 'urgency' | 'service' | 'incidentKey'>, agent: PdAgent): PdIncident {
      return open(fields, [], agent);
    },
    acknowledge(incident: PdIncident, agent: PdAgent): void {
      if (incident.status === 'resolved') return;
      const at = clock.now();
      setStatus(incident, 'acknowledged', at);
      incident.acknowledgements = [
        ...incident.acknowledgements.filter((one) => one.user.id !== agent.id),
        { user: agent, at },
      ];
      log(incident, 'acknowledge_log_entry', agent, `Acknowledged by ${agent.name}`);
      tell('incident.acknowledged', incident, agent);
    },
    /** Keeps an acknowledged incident quiet for `seconds` of data time; then it is triggered again. False when it is not acknowledged. */
    snooze(incident: PdIncident, agent: PdAgent, seconds: number): boolean {
      if (incident.status !== 'acknowledged') return false;
      incident.snoozedUntil = clock.now() + seconds * 1000;
      log(incident, 'snooze_log_entry', agent, `Snoozed for ${seconds} s by ${agent.name}`);
      return true;
    },
    /** Pages the people of a level at once. False when the policy has no such level. */
    escalateTo(incident: PdIncident, agent: PdAgent, level: number): boolean {
      if (onCall(incident.service, level).length === 0) return false;
      const at = clock.now();
      setStatus(incident, 'triggered', at);
      log(incident, 'escalate_log_entry', agent, `Escalated to level ${level} by ${agent.name}`);
      page(incident, level, at);
      tell('incident.escalated', incident, agent);
      return true;
    },
    resolve(incident: PdIncident, agent: PdAgent): void {
      if (incident.status === 'resolved') return;
      setStatus(incident, 'resolved', clock.now());
      for (const alert of incident.alerts) alert.status = 'resolved';
      incident.assignees = [];
      incident.acknowledgements = [];
      log(incident, 'resolve_log_entry', agent, `Resolved by ${agent.name}`);
      tell('incident.resolved', incident, agent);
    },
    /** Acknowledge or resolve by dedup key: silently nothing when none is open. */
    byEvent(action: 'acknowledge' | 'resolve', key: string): void {
      const incident = byKey(key);
      if (!incident) return;
      const agent: PdAgent = {
        id: incident.service,
        type: 'events_api_v2_inbound_integration_reference',
        name: 'Events API v2',
      };
      desk[action](incident, agent);
    },
    note(incident: PdIncident, user: PdUser, content: string) {
      const note = { id: id('N'), user: user.id, content, at: clock.now() };
      incident.notes.push(note);
      const agent: PdAgent = { id: user.id, type: 'user_reference', name: user.name };
      log(incident, 'annotate_log_entry', agent, `Note by ${user.name}`, note.at, content);
      tell('incident.annotated', incident, agent, note);
      return note;
    },
    /** Keeps a change event; its service is the one named, or the one its source names. */
    change(event: Omit<PdChangeEvent, 'id' | 'service'> & { service: string | null }): PdChangeEvent {
      const service = serviceOf(event.service) ?? serviceOf(event.source) ?? account.services[0];
      const full = { ...event, id: id('C'), service: service?.id ?? '' };
      state.changeEvents.push(full);
      state.changeEvents.splice(0, state.changeEvents.length - kept);
      touch();
      return full;
    },
    /** Ends snoozes, and takes what nobody acknowledged to the next level, at the moment it was due. */
    escalate(): void {
      const now = clock.now();
      for (const incident of state.incidents) {
        if (incident.snoozedUntil && incident.snoozedUntil <= now) {
          const service = agentOf(incident.service);
          const at = incident.snoozedUntil;
          setStatus(incident, 'triggered', at);
          log(incident, 'unacknowledge_log_entry', service, 'The snooze is over', at);
          page(incident, incident.level, at);
          tell('incident.unacknowledged', incident, service);
        }
        while (incident.status === 'triggered' && incident.escalatesAt !== null && incident.escalatesAt <= now) {
          const at = incident.escalatesAt;
          const service = agentOf(incident.service);
          log(
            incident,
            'escalate_log_entry',
            service,
            `Escalated to level ${incident.level + 1}: nobody acknowledged`,
            at,
          );
          page(incident, incident.level + 1, at);
          tell('incident.escalated', incident, service);
        }
      }
    },
  };

  function byKey(key: string): PdIncident | undefined {
    return state.incidents.find(
      (incident) => incident.status !== 'resolved' && incident.alerts.some((alert) => alert.key === key),
    );
  }
  return desk;
}

export type Desk = ReturnType<typeof createDesk>;

function urgencyOf(severity: Severity): 'high' | 'low' {
  return severity === 'critical' || severity === 'error' ? 'high' : 'low';
}
