import { z } from 'zod';
import type { Account, Desk } from './desk.ts';
import { type Answer, type Call, restError } from './http.ts';
import type { PdAgent, PdIncident, PdState, PdUser } from './model.ts';
import { policyOf, type Render } from './render.ts';

interface Rest {
  state: PdState;
  desk: Desk;
  account: Account;
  render: Render;
}
type Handler = (call: Call, rest: Rest, match: string[]) => Answer;

const routes: [string, RegExp, Handler][] = [
  ['GET', /^\/incidents$/, listIncidents],
  ['POST', /^\/incidents$/, createIncident],
  ['PUT', /^\/incidents$/, updateIncidents],
  [
    'GET',
    /^\/incidents\/([^/]+)$/,
    withIncident((_call, rest, incident) => one('incident', rest.render.incident(incident))),
  ],
  ['PUT', /^\/incidents\/([^/]+)$/, withIncident(updateIncident)],
  [
    'GET',
    /^\/incidents\/([^/]+)\/alerts$/,
    withIncident((call, { render }, incident) =>
      page(
        call,
        'alerts',
        incident.alerts.map((alert) => render.alert(incident, alert)),
      ),
    ),
  ],
  [
    'GET',
    /^\/incidents\/([^/]+)\/notes$/,
    withIncident((_call, { render }, incident) => one('notes', incident.notes.map(render.note))),
  ],
  ['POST', /^\/incidents\/([^/]+)\/notes$/, withIncident(addNote)],
  [
    'GET',
    /^\/incidents\/([^/]+)\/log_entries$/,
    withIncident((call, { render }, incident) =>
      page(
        call,
        'log_entries',
        [...incident.log].reverse().map((entry) => render.logEntry(incident, entry)),
      ),
    ),
  ],
  ['POST', /^\/incidents\/([^/]+)\/snooze$/, withIncident(snooze)],
  ['GET', /^\/log_entries$/, listLog],
  ['GET', /^\/oncalls$/, listOnCalls],
  ['GET', /^\/services$/, (call, { account, render }) => page(call, 'services', account.services.map(render.service))],
  ['GET', /^\/services\/([^/]+)$/, oneService],
  ['GET', /^\/services\/([^/]+)\/change_events$/, (call, rest, [service]) => listChanges(call, rest, service)],
  ['GET', /^\/users$/, listUsers],
  ['GET', /^\/change_events$/, (call, rest) => listChanges(call, rest)],
];

/** REST API v2. Null for a path that is none of it. */
export function answerRest(call: Call, rest: Rest, token: string): Answer | null {
  const route = routes.find(([method, pattern]) => method === call.method && pattern.test(call.path));
  const known = route ?? routes.find(([, pattern]) => pattern.test(call.path));
  if (!known) return null;
  if (call.header('authorization') !== `Token token=${token}`) return restError(401, 2006, 'Unauthorized');
  const accept = call.header('accept') ?? '*/*';
  if (!/version=2\b|\*\/\*|^application\/json$/.test(accept)) return restError(406, 2000, 'Only version 2 is served');
  if (!route) return restError(405, 2000, 'Method not allowed');
  return route[2](call, rest, call.path.match(route[1])?.slice(1) ?? []);
}

function one(name: string, value: unknown, status = 200): Answer {
  return { status, body: { [name]: value } };
}

/** A window of a list, as offset pagination gives it: at most 100, no further than 10,000. */
function page(call: Call, name: string, all: unknown[]): Answer {
  const limit = Math.min(100, Number(call.query.get('limit') ?? 25));
  const offset = Number(call.query.get('offset') ?? 0);
  if (!Number.isInteger(limit) || limit < 1 || !Number.isInteger(offset) || offset < 0 || offset + limit > 10_000) {
    return restError(400, 2001, 'Invalid Input Provided', ['limit or offset is out of range']);
  }
  const more = offset + limit < all.length;
  const total = call.query.get('total') === 'true' ? all.length : null;
  return { status: 200, body: { [name]: all.slice(offset, offset + limit), limit, offset, more, total } };
}

function withIncident(handler: (call: Call, rest: Rest, incident: PdIncident) => Answer): Handler {
  return (call, rest, [key]) => {
    const incident = rest.desk.find(key ?? '');
    return incident ? handler(call, rest, incident) : restError(404, 2100, 'Not Found');
  };
}

/** A write names a known user's email in `From`, else it is refused. */
function asRequester(call: Call, desk: Desk, act: (user: PdUser, agent: PdAgent) => Answer): Answer {
  const from = call.header('from');
  if (!from) return restError(400, 1008, 'The From header is required');
  const user = desk.user(from);
  if (!user) return restError(400, 2001, 'Invalid Input Provided', ['Requester User Not Found']);
  return act(user, { id: user.id, type: 'user_reference', name: user.name });
}

function within(call: Call, at: number): boolean {
  const since = call.query.get('since');
  const until = call.query.get('until');
  return (!since || at >= Date.parse(since)) && (!until || at < Date.parse(until));
}

function listIncidents(call: Call, { state, render }: Rest): Answer {
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

function createIncident(call: Call, { desk, account, render }: Rest): Answer {
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

function snooze(call: Call, { desk, render }: Rest, incident: PdIncident): Answer {
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

function updateIncident(call: Call, { desk, render }: Rest, incident: PdIncident): Answer {
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

function updateIncidents(call: Call, { desk, render }: Rest): Answer {
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

function addNote(call: Call, { desk, render }: Rest, incident: PdIncident): Answer {
  return asRequester(call, desk, (user) => {
    const parsed = z.object({ note: z.object({ content: z.string().min(1) }) }).safeParse(call.body);
    if (!parsed.success) return badInput(parsed.error);
    return one('note', render.note(desk.note(incident, user, parsed.data.note.content)), 201);
  });
}

function listLog(call: Call, { state, render }: Rest): Answer {
  const entries = state.incidents
    .flatMap((incident) => incident.log.map((entry) => ({ incident, entry })))
    .filter(({ entry }) => within(call, entry.at))
    .sort((a, b) => b.entry.at - a.entry.at);
  return page(
    call,
    'log_entries',
    entries.map(({ incident, entry }) => render.logEntry(incident, entry)),
  );
}

function listOnCalls(call: Call, { account, render }: Rest): Answer {
  const policies = call.query.getAll('escalation_policy_ids[]');
  const full = call.query.getAll('include[]').includes('users');
  const rows = account.services
    .filter((service) => policies.length === 0 || policies.includes(policyOf(service.id)))
    .flatMap((service) => {
      const own = account.onCall.filter((row) => row.service === service.id);
      const effective = own.length > 0 ? own : account.onCall.filter((row) => row.service === null);
      return effective.flatMap((row) => {
        const user = account.users.find((candidate) => candidate.id === row.user);
        return user ? [render.onCall(row, service.id, user, full)] : [];
      });
    });
  return page(call, 'oncalls', rows);
}

function oneService(_call: Call, { account, render }: Rest, [id]: string[]): Answer {
  const service = account.services.find((candidate) => candidate.id === id);
  return service ? one('service', render.service(service)) : restError(404, 2100, 'Not Found');
}

function listUsers(call: Call, { account, render }: Rest): Answer {
  const query = call.query.get('query')?.toLowerCase() ?? '';
  const users = account.users.filter((user) => `${user.name} ${user.email}`.toLowerCase().includes(query));
  return page(call, 'users', users.map(render.user));
}

function listChanges(call: Call, { state, render }: Rest, service?: string): Answer {
  const found = state.changeEvents
    .filter((event) => service === undefined || event.service === service)
    .filter((event) => within(call, event.at))
    .sort((a, b) => b.at - a.at);
  return page(call, 'change_events', found.map(render.changeEvent));
}

function badInput(error: z.ZodError): Answer {
  const errors = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return restError(400, 2001, 'Invalid Input Provided', errors);
}
