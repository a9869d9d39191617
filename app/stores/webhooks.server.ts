import { sql } from 'kysely';
import { AppError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import type { Stores } from './stores.ts';

const keptFor = 7 * 86_400_000;
/** Questions are kept shorter, wall ms: they say nothing about anybody's incident. */
const questionsKeptFor = 3_600_000;
/** A question that PagerDuty does not answer is given up after this long, unless somebody asks again. */
const questionsWaitFor = 600_000;
/** The same question is put to PagerDuty at most this often. */
const sameAgainAfter = 10_000;
/** Different PagerDuty incidents that one person may ask for in a minute. */
const questionsAMinute = 10;

const question = 'firebreak.ask';

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
  /**
   * Asks for a PagerDuty incident to be read now, as if a webhook had come; twice is once. Throws AppError `rate_limited` when
   * this person has asked for ten others within the last minute: ids can be made up, and each costs a call.
   */
  ask(pagerDutyId: string, by: string): Promise<void>;
  waiting(limit: number): Promise<WaitingWebhook[]>;
  /** Marks events as looked at. An `ask` repeated since stays waiting. */
  handled(events: readonly WaitingWebhook[]): Promise<void>;
  /** Deletes what is older than 7 days, questions after an hour; returns how many. */
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
    async ask(pagerDutyId, by) {
      const received = clock.wall();
      const id = `ask/${pagerDutyId}`;
      const last = await db
        .selectFrom('webhook_event')
        .select(['received_at', 'handled_at'])
        .where('id', '=', id)
        .executeTakeFirst();
      if (last && last.handled_at !== null && received - last.received_at < sameAgainAfter) return;
      const waits = last !== undefined && last.handled_at === null;
      if (!waits && (await askedLately(by, received)) >= questionsAMinute) {
        const text = `You have asked PagerDuty for ${questionsAMinute} incidents in a minute. Try again in a minute.`;
        throw new AppError('rate_limited', text, { headers: { 'Retry-After': '60' } });
      }
      const body = JSON.stringify({ by });
      await db
        .insertInto('webhook_event')
        .values({
          id,
          type: question,
          resource_id: pagerDutyId,
          body,
          received_at: received,
          handled_at: null,
        })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ received_at: received, handled_at: null, body }))
        .execute();
      await notify('webhooks');
    },
    async waiting(limit) {
      const rows = await db
        .selectFrom('webhook_event')
        .select(['id', 'type', 'resource_id', 'received_at'])
        .where('handled_at', 'is', null)
        .where((eb) => eb.or([eb('type', '!=', question), eb('received_at', '>', clock.wall() - questionsWaitFor)]))
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
        .where((eb) =>
          eb.or([
            eb('received_at', '<', clock.wall() - keptFor),
            eb.and([eb('type', '=', question), eb('received_at', '<', clock.wall() - questionsKeptFor)]),
          ]),
        )
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };

  async function askedLately(by: string, now: number): Promise<number> {
    const { count } = await db
      .selectFrom('webhook_event')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('type', '=', question)
      .where('received_at', '>', now - 60_000)
      .where(sql<string>`body->>'by'`, '=', by)
      .executeTakeFirstOrThrow();
    return Number(count);
  }
}
