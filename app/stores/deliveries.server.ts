import { deliveryState, type SentEvent } from '../domain/incident/delivery.ts';
import type { Db } from '../platform/db.server.ts';
import { timesOf } from './incident/timeline.server.ts';
import { type Delivery, never } from './outbox.server.ts';

/** What was told to the outside, each with its state, and what pages have to know of flapping. */
export interface DeliveryStore {
  /** Pages and tickets of an incident, newest first, at most 50. */
  of(incident: string): Promise<SentEvent[]>;
  /** Of all incidents, newest first; `before` is when the last known one was decided. Those that did not arrive yet alone with `open`. */
  recent(query: { limit: number; before?: number; open: boolean }): Promise<SentEvent[]>;
  /** When an incident that was over burned again at a page tier, since `since` (ms). */
  returns(incident: string, since: number): Promise<number[]>;
}

const kinds = ['pagerduty-event', 'pagerduty-ticket', 'webhook'] as const;
const mostOfOne = 50;

/** Deliveries as pages show them, read from the outbox. */
export function createDeliveryStore(db: Db): DeliveryStore {
  const events = (limit: number) =>
    db
      .selectFrom('outbox')
      .selectAll()
      .where('kind', 'in', kinds)
      .where('incident_id', 'is not', null)
      .orderBy('created_at', 'desc')
      .limit(limit);
  return {
    async of(incident) {
      const rows = await events(mostOfOne).where('incident_id', '=', incident).execute();
      return rows.map(toSent);
    },
    async recent({ limit, before, open }) {
      let query = events(limit);
      if (before !== undefined) query = query.where('created_at', '<', before);
      if (open) query = query.where('delivered_at', 'is', null).where('held_back_at', 'is', null);
      return (await query.execute()).map(toSent);
    },
    returns: (incident, since) => timesOf(db, incident, 'reopened/', since),
  };
}

function toSent(row: Delivery): SentEvent {
  const { action, summary } = row.body as Pick<SentEvent, 'action' | 'summary'>;
  return {
    ...{ id: row.id, incident: row.incident_id ?? '', at: row.created_at, action, summary },
    level: row.kind === 'pagerduty-event' ? 'page' : 'ticket',
    toEndpoint: row.kind === 'webhook',
    state: deliveryState(row, never),
  };
}
