import { type PagerDutyAddress, pagerDutyRequest } from './http.server.ts';
import type { PagerDutyWrite } from './port.ts';
import { newNoteSchema, notesSchema } from './wire.ts';

/** How a write is bounded: `Resilience.write`, or the plain call. */
export type WriteGuard = <T>(fn: (signal: AbortSignal) => Promise<T>, options?: { signal?: AbortSignal }) => Promise<T>;

const unguarded: WriteGuard = (fn, options) => fn(options?.signal ?? new AbortController().signal);

/** Writes to PagerDuty: events through Events v2, the rest through REST with the `From` that it demands. One attempt each. */
export function createPagerDutyWrite(address: PagerDutyAddress, write: WriteGuard = unguarded): PagerDutyWrite {
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
      const data = { incident: { type: 'incident_reference', status: 'acknowledged' } };
      const url = `${address.apiUrl}/incidents/${encodeURIComponent(incidentId)}`;
      await write(
        (inner) =>
          pagerDutyRequest(url, address.token, { method: 'PUT', data, headers: { From: from }, signal: inner }),
        { signal },
      );
    },
    async addNote(incidentId, text, from, signal) {
      const data = { note: { content: text } };
      const url = notesUrl(address, incidentId);
      const answer = await write(
        (inner) =>
          pagerDutyRequest(url, address.token, { method: 'POST', data, headers: { From: from }, signal: inner }),
        { signal },
      );
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
