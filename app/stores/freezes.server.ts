import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { storable } from '../domain/audit/canonical.ts';
import type { Freeze, FreezeScope, FreezeSpan } from '../domain/freeze/freeze.ts';
import type { Actor } from '../domain/run/run.ts';
import type { Db, Tx } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import type { NewAuditEntry } from './audit.server.ts';
import type { Database } from './schema.ts';

/** Who acts on a freeze, when (data ms), from where. */
export interface FreezeActor {
  actor: Pick<Actor, 'name' | 'email'>;
  at: number;
  address: string | null;
}

/** Freezes: made and ended with their audit line or not at all. */
export interface FreezeStore {
  /** Those that are in force at `at` (ms) or may be later, the oldest first. */
  standing(at: number): Promise<Freeze[]>;
  /** Those that are over for good at `at`, the newest first. */
  past(at: number, limit: number): Promise<Freeze[]>;
  make(wanted: FreezeScope & { reason: string; timeZone: string; span: FreezeSpan }, by: FreezeActor): Promise<string>;
  /** Ends a freeze now and for good; false when it is over. */
  end(id: string, by: FreezeActor): Promise<boolean>;
}

/** Freezes in PostgreSQL. */
export function createFreezeStore(
  db: Db,
  notify: Notify,
  audit: (tx: Tx, entry: NewAuditEntry) => Promise<unknown>,
): FreezeStore {
  const record = async (tx: Tx, action: string, by: FreezeActor, freeze: Freeze) => {
    await notify('freezes', tx);
    const { id, scope, target, reason, timeZone, span } = freeze;
    await audit(tx, {
      ...{ at: by.at, actor: by.actor.email, action: `freeze.${action}`, address: by.address, reason },
      ...{ target: target === null ? scope : `${scope}/${target}`, runId: null, stepId: null },
      ...{ before: action === 'end' ? { id, timeZone, span } : null, after: { id, timeZone, span } },
    });
  };
  return {
    standing: (at) => standingFreezes(db, at),
    async past(at, limit) {
      const rows = await db
        .selectFrom('change_freeze')
        .selectAll()
        .where((eb) => eb.or([eb('ended_at', '<=', at), eb('last_at', '<=', at)]))
        .orderBy('made_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toFreeze);
    },
    make: ({ scope, target, reason, timeZone, span }, by) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .insertInto('change_freeze')
          .values({
            ...{ id: randomUUID(), scope, target, reason: storable(reason), time_zone: timeZone },
            ...{ span: JSON.stringify(span), last_at: span.kind === 'once' ? span.until : null },
            ...{ by_name: by.actor.name, by_email: by.actor.email, made_at: by.at, ended_at: null, ended_by: null },
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await record(tx, 'make', by, toFreeze(row));
        return row.id;
      }),
    end: (id, by) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('change_freeze')
          .set({ ended_at: by.at, ended_by: by.actor.name })
          .where('id', '=', id)
          .where('ended_at', 'is', null)
          .where((eb) => eb.or([eb('last_at', 'is', null), eb('last_at', '>', by.at)]))
          .returningAll()
          .executeTakeFirst();
        if (!row) return false;
        await record(tx, 'end', by, toFreeze(row));
        return true;
      }),
  };
}

/** Freezes that are in force at `at` (ms) or may be later. */
export async function standingFreezes(db: Db | Tx, at: number): Promise<Freeze[]> {
  const rows = await db
    .selectFrom('change_freeze')
    .selectAll()
    .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', at)]))
    .where((eb) => eb.or([eb('last_at', 'is', null), eb('last_at', '>', at)]))
    .orderBy('made_at')
    .execute();
  return rows.map(toFreeze);
}

function toFreeze(row: Selectable<Database['change_freeze']>): Freeze {
  const { id, scope, target, reason, span } = row;
  return {
    ...{ id, scope, target, reason, span, timeZone: row.time_zone, by: row.by_name, byEmail: row.by_email },
    ...{ madeAt: row.made_at, endedAt: row.ended_at, endedBy: row.ended_by },
  };
}
