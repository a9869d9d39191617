import { randomUUID } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { Db, Tx } from '../platform/db.server.ts';
import type { Database } from './schema.ts';

/** `next_at` of a delivery that was refused for good: kept to be read, never claimed again. */
export const never = Number.MAX_SAFE_INTEGER;
/** How long a claim lasts before another process may take the row over, ms. */
const claimFor = 30_000;
const firstWait = 5_000;
const longestWait = 300_000;

export type Delivery = Selectable<Database['outbox']>;
export type NewDelivery = Pick<Delivery, 'kind' | 'incident_id'> & { dedupKey: string; body: unknown };

/** True for a delivery that the other side will never take. */
export function isRefused({
  delivered_at,
  next_at,
  held_back_at,
}: Pick<Delivery, 'delivered_at' | 'next_at' | 'held_back_at'>): boolean {
  return delivered_at === null && next_at === never && held_back_at === null;
}

export interface OutboxStore {
  /** Puts a delivery into the outbox of the caller's transaction; deliveries of one dedup key leave in this order. */
  enqueue(tx: Db | Tx, delivery: NewDelivery, at: number): Promise<string>;
  /** The newest delivery of a dedup key, delivered or not. */
  last(tx: Db | Tx, dedupKey: string): Promise<Delivery | null>;
  /**
   * Claims what is due for 30 s, the longest due first: only the oldest of each dedup key, none that another process holds.
   * Of pages also those that wait in front of it for a next try, so that all leave in the order in which they were decided.
   */
  due(kinds: readonly Delivery['kind'][], limit: number, at: number): Promise<Delivery[]>;
  markDelivered(tx: Db | Tx, id: string, at: number): Promise<void>;
  /** Gives a claim back untried, with the reason; it stays due. */
  putBack(delivery: Delivery, why: string): Promise<void>;
  /** Lets what failed before be tried at once: PagerDuty answers again. Of endpoints one says nothing about another. */
  hurry(tx: Db | Tx, kind: Delivery['kind'], at: number): Promise<void>;
  /** Tries again later: 5 s after the first failure, doubling up to 5 min. */
  failed(delivery: Delivery, error: string, at: number): Promise<void>;
  /** Gives a delivery up that the other side will never take, so that it does not hold up what follows. */
  refused(tx: Db | Tx, id: string, error: string): Promise<void>;
  /** Keeps a delivery from leaving for good: what stands behind it goes on, and another takes its place. */
  holdBack(tx: Db | Tx, id: string, why: string, at: number): Promise<void>;
}

/** Deliveries to the outside: written in the transaction that decides them, sent by `engine/deliver`. Times are data time. */
export function createOutboxStore(db: Db): OutboxStore {
  const last = async (tx: Db | Tx, dedupKey: string) =>
    (await tx
      .selectFrom('outbox')
      .selectAll()
      .where('dedup_key', '=', dedupKey)
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst()) ?? null;
  return {
    last,
    async enqueue(tx, { kind, dedupKey, body, incident_id }, at) {
      const id = randomUUID();
      // Two deliveries of one key in the same millisecond still have an order.
      const created = Math.max(at, ((await last(tx, dedupKey))?.created_at ?? 0) + 1);
      await tx
        .insertInto('outbox')
        .values({
          id,
          kind,
          dedup_key: dedupKey,
          body: JSON.stringify(body),
          created_at: created,
          next_at: at,
          delivered_at: null,
          error: null,
          incident_id,
        })
        .execute();
      return id;
    },
    async due(kinds, limit, at) {
      return db
        .updateTable('outbox')
        .set({ claimed_until: at + claimFor, attempts: sql`attempts + 1` })
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('outbox as row')
            .select('row.id')
            .where('row.delivered_at', 'is', null)
            .where('row.next_at', '<', never)
            .where(sql<boolean>`coalesce(row.claimed_until, 0) <= ${at}`)
            .where('row.created_at', '<=', ({ selectFrom }) =>
              selectFrom('outbox as due')
                .select(({ fn }) => fn.max('due.created_at').as('newest'))
                .where('due.delivered_at', 'is', null)
                .where('due.kind', 'in', kinds)
                .where('due.next_at', '<=', at)
                .where(sql<boolean>`coalesce(due.claimed_until, 0) <= ${at}`),
            )
            .where('row.kind', 'in', kinds)
            .where((eb) => eb.or([eb('row.kind', '=', 'pagerduty-event'), eb('row.next_at', '<=', at)]))
            .where(({ not, exists, selectFrom }) =>
              not(
                exists(
                  selectFrom('outbox as earlier')
                    .select('earlier.id')
                    .whereRef('earlier.dedup_key', '=', 'row.dedup_key')
                    .whereRef('earlier.created_at', '<', 'row.created_at')
                    .where('earlier.delivered_at', 'is', null)
                    .where('earlier.next_at', '<', never),
                ),
              ),
            )
            .orderBy(sql`case when row.kind = 'pagerduty-event' then row.created_at else row.next_at end`)
            .limit(limit)
            .forUpdate()
            .skipLocked(),
        )
        .returningAll()
        .execute();
    },
    async markDelivered(tx, id, at) {
      await tx
        .updateTable('outbox')
        .set({ delivered_at: at, error: null, claimed_until: null })
        .where('id', '=', id)
        .execute();
    },
    async putBack({ id, attempts, claimed_until }, why) {
      await db
        .updateTable('outbox')
        .set({ claimed_until: null, attempts: attempts - 1, error: why })
        .where('id', '=', id)
        .where('claimed_until', '=', claimed_until)
        .execute();
    },
    async hurry(tx, kind, at) {
      if (kind === 'webhook' || kind === 'chat') return;
      await tx
        .updateTable('outbox')
        .set({ next_at: at })
        .where('kind', '=', kind)
        .where('delivered_at', 'is', null)
        .where('error', 'is not', null)
        .where('next_at', '>', at)
        .where('next_at', '<', never)
        .execute();
    },
    async failed(delivery, error, at) {
      const wait = Math.min(longestWait, firstWait * 2 ** Math.max(0, delivery.attempts - 1));
      await db
        .updateTable('outbox')
        .set({ error, next_at: at + wait, claimed_until: null })
        .where('id', '=', delivery.id)
        .where('delivered_at', 'is', null)
        .execute();
    },
    async refused(tx, id, error) {
      await tx.updateTable('outbox').set({ error, next_at: never }).where('id', '=', id).execute();
    },
    async holdBack(tx, id, why, at) {
      const held = { error: why, next_at: never, held_back_at: at };
      await tx.updateTable('outbox').set(held).where('id', '=', id).where('delivered_at', 'is', null).execute();
    },
  };
}
