import { type Answer, type Call, restError } from './http.ts';
import { policyOf } from './render.ts';
import { type Handler, one, page, type Rest, within } from './rest-answers.ts';
import {
  addNote,
  createIncident,
  listIncidents,
  snooze,
  updateIncident,
  updateIncidents,
  withIncident,
} from './rest-incidents.ts';

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
