import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { storable } from '../domain/audit/canonical.ts';
import type { Silence, SilenceScope } from '../domain/silence/silence.ts';
import type { Db, Tx } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import type { NewAuditEntry } from './audit.server.ts';
import type { Database } from './schema.ts';

/** Who acts on a silence, when (data ms), from where. */
export interface SilenceActor {
  name: string;
  email: string;
  at: number;
  address: string | null;
}

/** Silences: made, extended and ended with their audit line or not at all. */
export interface SilenceStore {
  /** Those in force at `at` (ms), the one that ends first before the others. */
  standing(at: number): Promise<Silence[]>;
  /** Those that ended before `at`, newest first; `before` is the start of the last one that is known. */
  past(at: number, limit: number, before?: number): Promise<Silence[]>;
  get(id: string): Promise<Silence | null>;
  make(
    wanted: { scope: SilenceScope; target: string; until: number; reason: string },
    by: SilenceActor,
  ): Promise<string>;
  /** Gives a silence in force a later end; false when it is over, or ends later already. */
  extend(id: string, until: number, by: SilenceActor): Promise<boolean>;
  /** Ends a silence now; false when it is over. */
  end(id: string, by: SilenceActor): Promise<boolean>;
}

/** Silences in PostgreSQL. */
export function createSilenceStore(
  db: Db,
  notify: Notify,
  audit: (tx: Tx, entry: NewAuditEntry) => Promise<unknown>,
): SilenceStore {
  const record = async (tx: Tx, action: string, by: SilenceActor, silence: Silence, changed: object | null) => {
    // Incidents: whoever looks at one sees at once whether it is silenced, and what is due is looked at again.
    await notify('incidents', tx);
    const { scope, target, reason, until } = silence;
    await audit(tx, {
      ...{ at: by.at, actor: by.email, action: `silence.${action}`, target: `${scope}/${target}`, address: by.address },
      ...{ runId: null, stepId: null, reason, before: changed, after: { id: silence.id, until } },
    });
  };
  return {
    standing: (at) => standingSilences(db, at),
    async past(at, limit, before) {
      let query = db
        .selectFrom('silence')
        .selectAll()
        .where((eb) => eb.or([eb('until_at', '<=', at), eb('ended_at', '<=', at)]))
        .orderBy('from_at', 'desc')
        .limit(limit);
      if (before !== undefined) query = query.where('from_at', '<', before);
      return (await query.execute()).map(toSilence);
    },
    async get(id) {
      const row = await db.selectFrom('silence').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? toSilence(row) : null;
    },
    make: ({ scope, target, until, reason }, by) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .insertInto('silence')
          .values({
            ...{ id: randomUUID(), scope, target, reason: storable(reason), by_name: by.name, by_email: by.email },
            ...{ from_at: by.at, until_at: until, ended_at: null, ended_by: null },
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await record(tx, 'make', by, toSilence(row), null);
        return row.id;
      }),
    extend: (id, until, by) =>
      db.transaction().execute(async (tx) => {
        const row = await tx.selectFrom('silence').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
        if (!row || row.ended_at !== null || row.until_at <= by.at || until <= row.until_at) return false;
        await tx.updateTable('silence').set({ until_at: until }).where('id', '=', id).execute();
        await record(tx, 'extend', by, { ...toSilence(row), until }, { until: row.until_at });
        return true;
      }),
    end: (id, by) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('silence')
          .set({ ended_at: by.at, ended_by: by.name })
          .where('id', '=', id)
          .where('ended_at', 'is', null)
          .where('until_at', '>', by.at)
          .returningAll()
          .executeTakeFirst();
        if (!row) return false;
        await record(tx, 'end', by, { ...toSilence(row), until: by.at }, { until: row.until_at });
        return true;
      }),
  };
}

/** Silences in force at `at` (ms), the one that ends first before the others. */
export async function standingSilences(db: Db | Tx, at: number): Promise<Silence[]> {
  const rows = await db
    .selectFrom('silence')
    .selectAll()
    .where('from_at', '<=', at)
    .where('until_at', '>', at)
    .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', at)]))
    .orderBy('until_at')
    .execute();
  return rows.map(toSilence);
}

function toSilence(row: Selectable<Database['silence']>): Silence {
  const { id, scope, target, reason } = row;
  return {
    ...{ id, scope, target, reason, by: row.by_name, byEmail: row.by_email },
    ...{ from: row.from_at, until: row.until_at, endedAt: row.ended_at, endedBy: row.ended_by },
  };
}
