import { z } from 'zod';
import type { Desk } from './desk.ts';
import { type Answer, type Call, restError } from './http.ts';
import type { PdAgent, PdIncident } from './model.ts';
import { asRequester, badInput, type Handler, one, page, type Rest, within } from './rest-answers.ts';

/** Finds the incident that the path names by id or number. */
export function withIncident(handler: (call: Call, rest: Rest, incident: PdIncident) => Answer): Handler {
  return (call, rest, [key]) => {
    const incident = rest.desk.find(key ?? '');
    return incident ? handler(call, rest, incident) : restError(404, 2100, 'Not Found');
  };
}

/** Incidents by status, service, key and time. */
export function listIncidents(call: Call, { state, render }: Rest): Answer {
  const statuses = call.query.getAll('statuses[]');
  const services = call.query.getAll('service_ids[]');
  const key = call.query.get('incident_key');
  const everything = call.query.get('date_range') === 'all';
  const found = state.incidents.filter(
    (incident) =>
      (statuses.length === 0 || statuses.includes(incident.status)) &&
      (services.length === 0 || services.includes(incident.service)) &&
      (!key || incident.incidentKey === key || incident.alerts.some((alert) => alert.key === key)) &&
      (everything || within(call, incident.createdAt)),
  );
  if (call.query.get('sort_by')?.endsWith(':desc')) found.reverse();
  return page(call, 'incidents', found.map(render.incident));
}

const newIncident = z.object({
  incident: z.object({
    title: z.string().min(1).max(1024),
    service: z.object({ id: z.string() }),
    urgency: z.enum(['high', 'low']).default('high'),
    incident_key: z.string().nullish(),
  }),
});

/** A new incident by hand, which no event made. */
export function createIncident(call: Call, { desk, account, render }: Rest): Answer {
  return asRequester(call, desk, (_user, agent) => {
    const parsed = newIncident.safeParse(call.body);
    if (!parsed.success) return badInput(parsed.error);
    const { title, service, urgency, incident_key } = parsed.data.incident;
    if (!account.services.some((known) => known.id === service.id)) {
      return restError(400, 2001, 'Invalid Input Provided', ['Service Not Found']);
    }
    const made = desk.create({ title, service: service.id, urgency, incidentKey: incident_key ?? null }, agent);
    return one('incident', render.incident(made), 201);
  });
}

/** Keeps an acknowledged incident quiet for a while. */
export function snooze(call: Call, { desk, render }: Rest, incident: PdIncident): Answer {
  return asRequester(call, desk, (_user, agent) => {
    const parsed = z.object({ duration: z.number().int().min(1).max(604_800) }).safeParse(call.body);
    if (!parsed.success) return badInput(parsed.error);
    const taken = desk.snooze(incident, agent, parsed.data.duration);
    if (!taken) return restError(400, 2001, 'Invalid Input Provided', ['Incident Not Acknowledged']);
    return one('incident', render.incident(incident), 201);
  });
}

const change = z.object({ status: z.enum(['acknowledged', 'resolved']) });
const escalation = z.object({ incident: z.object({ escalation_level: z.number().int().min(1) }) });

/** Acknowledges, resolves or escalates one incident. */
export function updateIncident(call: Call, { desk, render }: Rest, incident: PdIncident): Answer {
  return asRequester(call, desk, (_user, agent) => {
    const level = escalation.safeParse(call.body).data?.incident.escalation_level;
    if (level !== undefined) {
      const taken = incident.status !== 'resolved' && desk.escalateTo(incident, agent, level);
      if (!taken) return restError(400, 2001, 'Invalid Input Provided', ['Escalation Level Is Invalid']);
      return one('incident', render.incident(incident));
    }
    const parsed = z.object({ incident: change }).safeParse(call.body);
    if (!parsed.success) return badInput(parsed.error);
    const refused = apply(desk, incident, parsed.data.incident.status, agent);
    return refused ?? one('incident', render.incident(incident));
  });
}

/** Acknowledges or resolves several: those before the first refusal are changed. */
export function updateIncidents(call: Call, { desk, render }: Rest): Answer {
  return asRequester(call, desk, (_user, agent) => {
    const parsed = z.object({ incidents: z.array(change.extend({ id: z.string() })).max(250) }).safeParse(call.body);
    if (!parsed.success) return badInput(parsed.error);
    const changed: PdIncident[] = [];
    for (const { id, status } of parsed.data.incidents) {
      const incident = desk.find(id);
      if (!incident) return restError(404, 2100, 'Not Found');
      const refused = apply(desk, incident, status, agent);
      if (refused) return refused;
      changed.push(incident);
    }
    return one('incidents', changed.map(render.incident));
  });
}

function apply(desk: Desk, incident: PdIncident, status: 'acknowledged' | 'resolved', agent: PdAgent): Answer | null {
  if (incident.status === 'resolved')
    return restError(400, 2001, 'Invalid Input Provided', ['Incident Already Resolved']);
  if (status === 'acknowledged') desk.acknowledge(incident, agent);
  else desk.resolve(incident, agent);
  return null;
}

/** A note by the person of the `From` header. */
export function addNote(call: Call, { desk, render }: Rest, incident: PdIncident): Answer {
  return asRequester(call, desk, (user) => {
    const parsed = z.object({ note: z.object({ content: z.string().min(1) }) }).safeParse(call.body);
    if (!parsed.success) return badInput(parsed.error);
    return one('note', render.note(desk.note(incident, user, parsed.data.note.content)), 201);
  });
}
