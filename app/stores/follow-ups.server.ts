import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import type { Db, Tx } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import { lastReminders } from './reminders.server.ts';
import type { Database } from './schema.ts';
import type { FollowUpStore } from './stores.ts';

/** What the caller knows of a new follow-up. */
export type NewFollowUp = Omit<FollowUp, 'id' | 'clearedAt' | 'clearedBy'>;

/** What runs left behind, newest first. `clearing` writes the audit line of a clearance in its transaction. */
export function createFollowUpStore(
  db: Db,
  notify: Notify,
  clearing: (tx: Tx, followUp: FollowUp, actor: { email: string }, at: number) => Promise<void>,
): Omit<FollowUpStore, 'change'> {
  return {
    reminders: lastReminders(db),
    async open(service) {
      let query = db.selectFrom('follow_up').selectAll().where('cleared_at', 'is', null).orderBy('opened_at', 'desc');
      if (service !== undefined) query = query.where('service', '=', service);
      return (await query.execute()).map(toFollowUp);
    },
    async recent(limit) {
      const rows = await db.selectFrom('follow_up').selectAll().orderBy('opened_at', 'desc').limit(limit).execute();
      return rows.map(toFollowUp);
    },
    async of({ incidentId, runIds }) {
      const rows = await db
        .selectFrom('follow_up')
        .selectAll()
        .where((eb) =>
          eb.or([
            ...(incidentId === null ? [] : [eb('incident_id', '=', incidentId)]),
            ...(runIds.length === 0 ? [] : [eb('run_id', 'in', runIds)]),
          ]),
        )
        .orderBy('opened_at')
        .execute();
      return rows.map(toFollowUp);
    },
    clear: (id, actor, at) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('follow_up')
          .set({ cleared_at: at, cleared_by: actor.email })
          .where('id', '=', id)
          // A second person signs it off; nobody clears it by a click.
          .where('kind', '!=', 'sign-off')
          .where('cleared_at', 'is', null)
          .returningAll()
          .executeTakeFirst();
        if (!row) return false;
        await notify('follow-ups', tx);
        await clearing(tx, toFollowUp(row), actor, at);
        return true;
      }),
  };
}

/** Opens a follow-up, or renews the one that is open for the same target: it belongs to the incident that changed it last. */
export async function openFollowUp(tx: Tx, followUp: NewFollowUp): Promise<void> {
  const wayBack = followUp.wayBack === null ? null : JSON.stringify(followUp.wayBack);
  const renewed = {
    title: followUp.title,
    due_at: followUp.dueAt,
    way_back: wayBack,
    run_id: followUp.runId,
    incident_id: followUp.incidentId,
    owner: followUp.owner,
  };
  await tx
    .insertInto('follow_up')
    .values({
      id: randomUUID(),
      kind: followUp.kind,
      target: followUp.target,
      service: followUp.service,
      opened_at: followUp.openedAt,
      cleared_at: null,
      cleared_by: null,
      ...renewed,
    })
    .onConflict((conflict) => conflict.columns(['kind', 'target']).where('cleared_at', 'is', null).doUpdateSet(renewed))
    .execute();
}

/** Clears whatever is open on a target: its way back was taken. */
export async function clearFollowUps(tx: Tx, target: string, by: string, at: number): Promise<void> {
  await tx
    .updateTable('follow_up')
    .set({ cleared_at: at, cleared_by: by })
    .where('target', '=', target)
    .where('cleared_at', 'is', null)
    .execute();
}

/** Opens again what was first cleared on a target since `since` (ms), as it was; nothing where one is open there. */
export async function reopenFollowUp(tx: Tx, target: string, since: number): Promise<void> {
  const rows = await tx
    .selectFrom('follow_up')
    .select(['id', 'cleared_at'])
    .where('target', '=', target)
    .where((eb) => eb.or([eb('cleared_at', 'is', null), eb('cleared_at', '>=', since)]))
    .orderBy('cleared_at')
    .execute();
  const [first] = rows;
  if (!first || rows.some(({ cleared_at }) => cleared_at === null)) return;
  await tx.updateTable('follow_up').set({ cleared_at: null, cleared_by: null }).where('id', '=', first.id).execute();
}

/** A row as everybody else reads it. */
export function toFollowUp(row: Selectable<Database['follow_up']>): FollowUp {
  return {
    id: row.id,
    kind: row.kind,
    target: row.target,
    title: row.title,
    service: row.service,
    owner: row.owner,
    incidentId: row.incident_id,
    runId: row.run_id,
    openedAt: row.opened_at,
    dueAt: row.due_at,
    clearedAt: row.cleared_at,
    clearedBy: row.cleared_by,
    wayBack: row.way_back,
    ...(row.clear_reason === null ? {} : { clearReason: row.clear_reason }),
  };
}
