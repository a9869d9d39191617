import type { PagerDutyIncident } from '../../incident/incident.ts';
import { pageName } from '../../incident/waiting-pages.ts';
import { parseDuration } from '../../runbook/durations.ts';
import { shellWord } from './shell-word.ts';

/** Commands for PagerDuty; `$INCIDENT_ID` is set by the person, `$PAGERDUTY_API_TOKEN` and `$PAGERDUTY_FROM` are settings. */
interface PagerDutyCommand {
  label: string;
  command: string;
}

const one = '/incidents/$INCIDENT_ID';

/** Acknowledges an incident. */
export const acknowledge = update('Acknowledge', { status: 'acknowledged' });
/** Resolves an incident. */
export const resolve = update('Resolve', { status: 'resolved' });

/** Pages a level of an incident's escalation policy. */
export function escalate(level: number): PagerDutyCommand {
  return update(`Page level ${level}`, { escalation_level: level });
}

/** Writes a note on an incident. */
export function note(text: string): PagerDutyCommand {
  return { label: 'Write the note', command: curl('POST', `${one}/notes`, { note: { content: text } }) };
}

/** Puts an incident off; `length` such as `1h`. */
export function snooze(length: string): PagerDutyCommand {
  const duration = Math.round((parseDuration(length) ?? 3_600_000) / 1000);
  return { label: `Put it off for ${length}`, command: curl('POST', `${one}/snooze`, { duration }) };
}

/** The open incidents of a service, by its PagerDuty id. */
export function openIncidents(service: string): PagerDutyCommand {
  const query = `/incidents?service_ids[]=${service}&statuses[]=triggered&statuses[]=acknowledged`;
  return { label: 'Its open incidents', command: curl('GET', query) };
}

/** Who is on call for a service, by its PagerDuty id. */
export function whoIsOnCall(service: string): PagerDutyCommand {
  const policy = `$(${curl('GET', `/services/${service}`)} | jq -r .service.escalation_policy.id)`;
  return {
    label: 'Who is on call, by level',
    command: `POLICY=${policy}; ${curl('GET', '/oncalls?escalation_policy_ids[]=$POLICY')} | jq -r '.oncalls[] | "\\(.escalation_level) \\(.user.summary)"'`,
  };
}

/** Pages whoever is on call, as Firebreak's own alerts do. */
export function page(summary: string, source: string): PagerDutyCommand {
  const payload = { summary, source, severity: 'critical' };
  // The key is a variable of the shell, so that the body stands in double quotes.
  const body = JSON.stringify({ routing_key: '$PAGERDUTY_ROUTING_KEY', event_action: 'trigger', payload });
  const quoted = body.replace(/(["\\`])/g, '\\$1');
  return {
    label: 'Page whoever is on call',
    command: `curl -fsS -X POST -H 'Content-Type: application/json' -d "${quoted}" https://events.pagerduty.com/v2/enqueue`,
  };
}

/** A command for this incident, whose name stands on its label. */
export function pagerDutyCommand(
  incident: Pick<PagerDutyIncident, 'id' | 'number'>,
  { label, command }: PagerDutyCommand,
): PagerDutyCommand {
  return { label: `${label}: ${pageName(incident)}`, command: `INCIDENT_ID=${shellWord(incident.id)}\n${command}` };
}

function update(label: string, change: object): PagerDutyCommand {
  return { label, command: curl('PUT', one, { incident: { type: 'incident_reference', ...change } }) };
}

function curl(method: string, path: string, body?: unknown): string {
  const from = method === 'GET' ? '' : ' -H "From: $PAGERDUTY_FROM"';
  const data = body === undefined ? '' : ` -H 'Content-Type: application/json' -d ${shellWord(JSON.stringify(body))}`;
  return `curl -fsS -g -X ${method} -H "Authorization: Token token=$PAGERDUTY_API_TOKEN"${from}${data} "https://api.pagerduty.com${path}"`;
}
