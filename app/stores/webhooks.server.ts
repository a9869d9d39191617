import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import type { Stores } from './stores.ts';

const keptFor = 7 * 86_400_000;

/** A hint that something happened to a PagerDuty incident, not looked at yet. */
export interface WaitingWebhook {
  id: string;
  type: string;
  /** PagerDuty incident id; null for events about anything else. */
  resourceId: string | null;
  /** Wall clock. */
  receivedAt: number;
}

export interface WebhookStore {
  /** Returns false for an event id already stored. */
  store: Stores['webhooks']['store'];
  /** Asks for a PagerDuty incident to be read now, as if a webhook had come; twice is once. */
  ask(pagerDutyId: string): Promise<void>;
  waiting(limit: number): Promise<WaitingWebhook[]>;
  /** Marks events as looked at. An `ask` repeated since stays waiting. */
  handled(events: readonly WaitingWebhook[]): Promise<void>;
  /** Deletes what is older than 7 days; returns how many. */
  purge(): Promise<number>;
}

/** The webhook inbox: verified events, each once, until the engine has looked at them. */
export function createWebhookStore(db: Db, clock: Pick<Clock, 'wall'>, notify: Notify): WebhookStore {
  return {
    async store({ id, type, resourceId, body }) {
      const result = await db
        .insertInto('webhook_event')
        .values({
          id,
          type,
          resource_id: resourceId,
          body: JSON.stringify(body),
          received_at: clock.wall(),
          handled_at: null,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst();
      const fresh = Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
      if (fresh) await notify('webhooks');
      return fresh;
    },
    async ask(pagerDutyId) {
      const received = clock.wall();
      await db
        .insertInto('webhook_event')
        .values({
          id: `ask/${pagerDutyId}`,
          type: 'firebreak.ask',
          resource_id: pagerDutyId,
          body: '{}',
          received_at: received,
          handled_at: null,
        })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ received_at: received, handled_at: null }))
        .execute();
      await notify('webhooks');
    },
    async waiting(limit) {
      const rows = await db
        .selectFrom('webhook_event')
        .select(['id', 'type', 'resource_id', 'received_at'])
        .where('handled_at', 'is', null)
        .orderBy('received_at')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        type: row.type,
        resourceId: row.resource_id,
        receivedAt: row.received_at,
      }));
    },
    async handled(events) {
      if (events.length === 0) return;
      await db
        .updateTable('webhook_event')
        .set({ handled_at: clock.wall() })
        .where((eb) =>
          eb.or(events.map((event) => eb.and([eb('id', '=', event.id), eb('received_at', '=', event.receivedAt)]))),
        )
        .execute();
    },
    async purge() {
      const result = await db
        .deleteFrom('webhook_event')
        .where('received_at', '<', clock.wall() - keptFor)
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}
