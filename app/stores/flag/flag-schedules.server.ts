import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { FlagEnvironmentState } from '../../domain/flag/flag.ts';
import type { FlagSchedule } from '../../domain/flag/schedule.ts';
import type { Actor } from '../../domain/run/run.ts';
import { AppError } from '../../errors.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import type { Notify } from '../../platform/notify.server.ts';
import type { NewAuditEntry } from '../audit.server.ts';
import type { Database } from '../schema.ts';

/** Changes of flags for a later time: each is made and ended with its audit line or not at all. */
export interface FlagScheduleStore {
  /** Those of one flag that wait, and the newest that are over. */
  of(flag: string): Promise<FlagSchedule[]>;
  /** All that wait, the next one first. */
  waiting(): Promise<FlagSchedule[]>;
  /** Throws AppError already_done where one waits for the same flag, environment and time. */
  make(
    wanted: Pick<FlagSchedule, 'flag' | 'environment' | 'title' | 'inputs' | 'local' | 'zone' | 'firesAt'> & {
      template: string;
      seen: FlagEnvironmentState;
    },
    by: { actor: Actor; at: number; address: string | null },
  ): Promise<string>;
  /** False when it does not wait any more. */
  cancel(id: string, by: { actor: Actor; at: number; address: string | null }): Promise<boolean>;
}

const shownOver = 5;

/** Schedules in PostgreSQL. */
export function createFlagScheduleStore(
  db: Db,
  notify: Notify,
  audit: (tx: Tx, entry: NewAuditEntry) => Promise<unknown>,
): FlagScheduleStore {
  const record = (
    tx: Tx,
    action: string,
    row: Selectable<Database['flag_schedule']>,
    by: { actor: Actor; at: number; address: string | null },
  ) =>
    audit(tx, {
      ...{
        at: by.at,
        actor: by.actor.email,
        action: `schedule.${action}`,
        target: `flag/${row.environment}/${row.flag}`,
      },
      ...{ runId: null, stepId: null, reason: null, before: null, address: by.address },
      after: { id: row.id, inputs: row.inputs, at: row.local, zone: row.zone },
    });
  return {
    async of(flag) {
      const rows = await db
        .selectFrom('flag_schedule')
        .selectAll()
        .where('flag', '=', flag)
        .orderBy('fires_at')
        .execute();
      const over = rows.filter(({ state }) => state !== 'waiting').slice(-shownOver);
      return [...rows.filter(({ state }) => state === 'waiting'), ...over.reverse()].map(toSchedule);
    },
    async waiting() {
      const rows = await db
        .selectFrom('flag_schedule')
        .selectAll()
        .where('state', '=', 'waiting')
        .orderBy('fires_at')
        .execute();
      return rows.map(toSchedule);
    },
    make: (wanted, by) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .insertInto('flag_schedule')
          .values({
            ...{ id: randomUUID(), flag: wanted.flag, environment: wanted.environment, template: wanted.template },
            ...{ inputs: JSON.stringify(wanted.inputs), title: wanted.title, local: wanted.local, zone: wanted.zone },
            ...{ fires_at: wanted.firesAt, seen: JSON.stringify(wanted.seen), made_by: JSON.stringify(by.actor) },
            ...{ made_at: by.at, state: 'waiting', ended_at: null, ended_by: null, why: null, run_id: null },
          })
          .onConflict((conflict) => conflict.doNothing())
          .returningAll()
          .executeTakeFirst();
        if (!row)
          throw new AppError(
            'already_done',
            'A change of this flag is planned for that time already. Cancel it first.',
          );
        await notify('flags', tx);
        await record(tx, 'make', row, by);
        return row.id;
      }),
    cancel: (id, by) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('flag_schedule')
          .set({ state: 'cancelled', ended_at: by.at, ended_by: by.actor.name })
          .where('id', '=', id)
          .where('state', '=', 'waiting')
          .where('run_id', 'is', null)
          .returningAll()
          .executeTakeFirst();
        if (!row) return false;
        await notify('flags', tx);
        await record(tx, 'cancel', row, by);
        return true;
      }),
  };
}

/** A schedule as pages and the engine read it. */
function toSchedule(row: Selectable<Database['flag_schedule']>): FlagSchedule {
  return {
    ...{ id: row.id, flag: row.flag, environment: row.environment, title: row.title, inputs: row.inputs },
    ...{ local: row.local, zone: row.zone, firesAt: row.fires_at, seen: row.seen },
    ...{ by: row.made_by.name, byEmail: row.made_by.email, madeAt: row.made_at, state: row.state },
    ...{ endedAt: row.ended_at, endedBy: row.ended_by, why: row.why, runId: row.run_id },
  };
}
