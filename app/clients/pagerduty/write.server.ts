import { type PagerDutyAddress, pagerDutyRequest } from './http.server.ts';
import type { PagerDutyWrite } from './port.ts';
import { newNoteSchema, notesSchema } from './wire.ts';

/** How a write is bounded: `Resilience.write`, or the plain call. */
export type WriteGuard = <T>(fn: (signal: AbortSignal) => Promise<T>, options?: { signal?: AbortSignal }) => Promise<T>;

const unguarded: WriteGuard = (fn, options) => fn(options?.signal ?? new AbortController().signal);

/** Writes to PagerDuty: events through Events v2, the rest through REST with the `From` that it demands. One attempt each. */
export function createPagerDutyWrite(address: PagerDutyAddress, write: WriteGuard = unguarded): PagerDutyWrite {
  const incidentUrl = (id: string) => `${address.apiUrl}/incidents/${encodeURIComponent(id)}`;
  /** One write of an incident in the name of `from`. */
  const send = (method: 'PUT' | 'POST', url: string, data: object, from: string, signal?: AbortSignal) =>
    write((inner) => pagerDutyRequest(url, address.token, { method, data, headers: { From: from }, signal: inner }), {
      signal,
    });
  const change = (incident: object) => ({ incident: { type: 'incident_reference', ...incident } });

  return {
    async sendEvent(event, signal) {
      const data = {
        routing_key: event.routingKey,
        event_action: event.action,
        dedup_key: event.dedupKey,
        client: 'Firebreak',
        client_url: event.links[0]?.href,
        links: event.links,
        payload: {
          summary: event.summary,
          source: event.source,
          severity: event.severity,
          custom_details: event.details,
        },
      };
      // The Events API knows the sender by the routing key: the REST token stays at home.
      await write(
        (inner) => pagerDutyRequest(`${address.eventsUrl}/v2/enqueue`, '', { method: 'POST', data, signal: inner }),
        { signal },
      );
    },
    async acknowledge(incidentId, from, signal) {
      await send('PUT', incidentUrl(incidentId), change({ status: 'acknowledged' }), from, signal);
    },
    async resolve(incidentId, from, signal) {
      await send('PUT', incidentUrl(incidentId), change({ status: 'resolved' }), from, signal);
    },
    async snooze(incidentId, ms, from, signal) {
      const data = { duration: Math.round(ms / 1000) };
      await send('POST', `${incidentUrl(incidentId)}/snooze`, data, from, signal);
    },
    async escalate(incidentId, level, from, signal) {
      await send('PUT', incidentUrl(incidentId), change({ escalation_level: level }), from, signal);
    },
    async addNote(incidentId, text, from, signal) {
      const answer = await send('POST', notesUrl(address, incidentId), { note: { content: text } }, from, signal);
      return newNoteSchema.parse(answer).note.id;
    },
    async notes(incidentId, signal) {
      const answer = await write(
        (inner) => pagerDutyRequest(notesUrl(address, incidentId), address.token, { signal: inner }),
        {
          signal,
        },
      );
      return notesSchema
        .parse(answer)
        .notes.map(({ id, content, created_at }) => ({ id, text: content, at: created_at }));
    },
  };
}

function notesUrl(address: PagerDutyAddress, incidentId: string): string {
  return `${address.apiUrl}/incidents/${encodeURIComponent(incidentId)}/notes`;
}
