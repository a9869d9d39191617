import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { type ChangeRequest, requestStands } from '../../domain/flag/change-request.ts';
import type { Actor } from '../../domain/run/run.ts';
import { AppError } from '../../errors.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import type { Notify } from '../../platform/notify.server.ts';
import type { NewAuditEntry } from '../audit.server.ts';
import { createOutboxStore } from '../outbox.server.ts';
import type { Database } from '../schema.ts';

/** Who asks or answers, when (data ms), from where. */
export interface RequestActor {
  actor: Actor;
  at: number;
  address: string | null;
}

/** Changes asked of the owners of flags: asked and answered with their audit line or not at all. */
export interface ChangeRequestStore {
  /** Open ones, the oldest first; a request whose time is over is none. */
  open(at: number): Promise<ChangeRequest[]>;
  /** Answered ones, newest first. */
  answered(limit: number): Promise<ChangeRequest[]>;
  get(id: string): Promise<ChangeRequest | null>;
  /**
   * Asks, and tells the declared chats of the owners. Throws AppError already_done where this person's request for the flag in
   * that environment is open.
   */
  ask(
    wanted: Pick<ChangeRequest, 'flag' | 'environment' | 'title' | 'template' | 'inputs' | 'reason' | 'owners'> & {
      /** Names of declared chats that hear of it, and the address of the request's page. */
      chats: readonly string[];
      link: string;
    },
    by: RequestActor,
  ): Promise<string>;
  /** Answers an open one: the run that was opened for it, or why not. False when it is answered already. */
  answer(
    id: string,
    how: { state: 'accepted'; runId: string } | { state: 'declined' | 'withdrawn'; why: string },
    by: RequestActor,
  ): Promise<boolean>;
  /** Ends what nobody answered in time; how many those were. */
  expire(at: number): Promise<number>;
}

/** Change requests in PostgreSQL. */
export function createChangeRequestStore(
  db: Db,
  notify: Notify,
  audit: (tx: Tx, entry: NewAuditEntry) => Promise<unknown>,
): ChangeRequestStore {
  const record = async (tx: Tx, action: string, row: Row, by: RequestActor, reason: string | null) => {
    await notify('requests', tx);
    await audit(tx, {
      ...{ at: by.at, actor: by.actor.email, action: `request.${action}`, address: by.address, reason },
      ...{ target: `flag/${row.environment}/${row.flag}`, runId: row.run_id, stepId: null, before: null },
      after: { id: row.id, template: row.template, inputs: row.inputs, askedBy: row.asked_by.email },
    });
  };
  return {
    async open(at) {
      const rows = await db
        .selectFrom('change_request')
        .selectAll()
        .where('state', '=', 'open')
        .where('expires_at', '>', at)
        .orderBy('asked_at')
        .execute();
      return withTold(db, rows);
    },
    async answered(limit) {
      const rows = await db
        .selectFrom('change_request')
        .selectAll()
        .where('state', '!=', 'open')
        .orderBy('asked_at', 'desc')
        .limit(limit)
        .execute();
      return withTold(db, rows);
    },
    async get(id) {
      const row = await db.selectFrom('change_request').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? ((await withTold(db, [row]))[0] ?? null) : null;
    },
    ask: ({ chats, link, ...wanted }, by) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .insertInto('change_request')
          .values({
            ...wanted,
            ...{ id: randomUUID(), inputs: JSON.stringify(wanted.inputs), owners: JSON.stringify(wanted.owners) },
            ...{ asked_by: JSON.stringify(by.actor), asked_at: by.at, expires_at: by.at + requestStands },
            ...{ state: 'open', decided_by: null, decided_at: null, decision: null, run_id: null },
          })
          .onConflict((conflict) => conflict.doNothing())
          .returningAll()
          .executeTakeFirst();
        if (!row)
          throw new AppError('already_done', 'You have asked for a change of this flag here; it is not answered yet.');
        const text = `For ${wanted.owners.join(', ')}: ${by.actor.name} asks to ${lower(wanted.title)}. Why: ${wanted.reason}`;
        for (const endpoint of chats) {
          const delivery = { kind: 'chat' as const, dedupKey: toldKey(row.id, endpoint), incident_id: null };
          await createOutboxStore(db).enqueue(tx, { ...delivery, body: { endpoint, text, link } }, by.at);
        }
        if (chats.length > 0) await notify('outbox', tx);
        await record(tx, 'ask', row, by, wanted.reason);
        return row.id;
      }),
    answer: (id, how, by) =>
      db.transaction().execute(async (tx) => {
        const why = how.state === 'accepted' ? null : how.why;
        const row = await tx
          .updateTable('change_request')
          .set({
            ...{ state: how.state, decided_by: JSON.stringify(by.actor), decided_at: by.at, decision: why },
            run_id: how.state === 'accepted' ? how.runId : null,
          })
          .where('id', '=', id)
          .where('state', '=', 'open')
          .where('expires_at', '>', by.at)
          .returningAll()
          .executeTakeFirst();
        if (!row) return false;
        await record(tx, how.state, row, by, why);
        return true;
      }),
    async expire(at) {
      const rows = await db
        .updateTable('change_request')
        .set({ state: 'expired', decided_at: at })
        .where('state', '=', 'open')
        .where('expires_at', '<=', at)
        .returning('id')
        .execute();
      if (rows.length > 0) await notify('requests');
      return rows.length;
    },
  };
}

/** The outbox's key of what a chat is told of a request. */
const toldKey = (id: string, chat: string) => `request/${id}/${chat}`;

/** Requests with the chats that were told of them, as far as the outbox remembers. */
async function withTold(db: Db, rows: readonly Row[]): Promise<ChangeRequest[]> {
  if (rows.length === 0) return [];
  const sent = await db
    .selectFrom('outbox')
    .select(['dedup_key', 'delivered_at', 'error'])
    .where((eb) => eb.or(rows.map(({ id }) => eb('dedup_key', 'like', `${toldKey(id, '')}%`))))
    .orderBy('dedup_key')
    .execute();
  return rows.map((row) => {
    const own = sent.filter((one) => one.dedup_key.startsWith(toldKey(row.id, '')));
    const told = own.map(({ dedup_key, delivered_at, error }) => ({
      ...{ chat: dedup_key.slice(toldKey(row.id, '').length), taken: delivered_at !== null, error },
    }));
    return toRequest(row, told);
  });
}

type Row = Selectable<Database['change_request']>;

function toRequest(row: Row, told: ChangeRequest['told']): ChangeRequest {
  return {
    told,
    ...{ id: row.id, flag: row.flag, environment: row.environment, title: row.title, template: row.template },
    ...{ inputs: row.inputs, reason: row.reason, owners: row.owners, by: row.asked_by.name },
    ...{ byEmail: row.asked_by.email, askedAt: row.asked_at, expiresAt: row.expires_at, state: row.state },
    ...{
      decidedBy: row.decided_by?.name ?? null,
      decidedAt: row.decided_at,
      decision: row.decision,
      runId: row.run_id,
    },
  };
}

const lower = (title: string) => `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
