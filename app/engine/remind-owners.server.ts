import type { Catalog } from '../domain/catalog.ts';
import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import { reminderText, remindNow } from '../domain/follow-up/reminder.ts';
import { type ReminderWay, reminderWay } from '../domain/follow-up/reminder-way.ts';
import { noteMark } from '../domain/incident/pagerduty-timeline.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import { toFollowUp } from '../stores/follow-ups.server.ts';
import { createOutboxStore } from '../stores/outbox.server.ts';
import type { PeopleStore } from '../stores/people.server.ts';
import { reminderKey } from '../stores/reminders.server.ts';
import type { IncidentStore } from '../stores/stores.ts';
import type { StoredNote } from './deliver/deliver-outbox.server.ts';
import type { StoredChat } from './deliver/send-chat.server.ts';

/**
 * Reminds owners of what they left behind, by the nearest way there is (see `reminderWay`), when it is due and every day that it
 * is overdue. Each reminder once, from however many processes; nothing leaves unless the mode is `act`, and where there is no
 * way nothing counts as told.
 */
export function remindOwners(deps: {
  db: Db;
  clock: Pick<Clock, 'now'>;
  catalog: () => Promise<Catalog | null>;
  people: Pick<PeopleStore, 'get'>;
  incidents: Pick<IncidentStore, 'pagerDuty'>;
  /** Email of the PagerDuty user that writes our notes. */
  from: string;
  notify: Notify;
  mode: 'observe' | 'shadow' | 'act';
  /** Address of a follow-up, as people outside reach it. */
  followUpUrl: (id: string) => string;
}): () => Promise<void> {
  const { db, clock } = deps;

  return async () => {
    if (deps.mode !== 'act') return;
    const now = clock.now();
    const due = await db
      .selectFrom('follow_up')
      .selectAll()
      .where('cleared_at', 'is', null)
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .execute();
    const late = due.filter((row) => remindNow(toFollowUp(row), row.reminded_at, now));
    if (late.length === 0) return;
    const catalog = await deps.catalog();
    for (const row of late) {
      const way = catalog ? await wayOf(catalog, toFollowUp(row)) : null;
      if (way && way.kind !== 'none') await remind(row.id, way, now);
    }
  };

  async function wayOf(catalog: Catalog, followUp: FollowUp): Promise<ReminderWay> {
    const { owner, incidentId } = followUp;
    const person = owner?.includes('@') ? await deps.people.get(owner) : null;
    const pages = incidentId === null ? [] : await deps.incidents.pagerDuty(incidentId);
    return reminderWay(followUp, catalog, person?.teams ?? [], pages);
  }

  async function remind(id: string, way: Exclude<ReminderWay, { kind: 'none' }>, now: number): Promise<void> {
    await db.transaction().execute(async (tx) => {
      const row = await tx.selectFrom('follow_up').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
      if (!row || !remindNow(toFollowUp(row), row.reminded_at, now)) return;
      await tx.updateTable('follow_up').set({ reminded_at: now }).where('id', '=', id).execute();
      const text = reminderText(toFollowUp(row), now);
      const link = deps.followUpUrl(id);
      const send = (kind: 'chat' | 'pagerduty-note', to: string, body: StoredChat | StoredNote) =>
        createOutboxStore(db).enqueue(
          tx,
          { kind, dedupKey: reminderKey(id, `${now}/${to}`), body, incident_id: row.incident_id },
          now,
        );
      if (way.kind === 'chat') for (const endpoint of way.names) await send('chat', endpoint, { endpoint, text, link });
      else
        for (const pagerDutyId of way.ids)
          await send('pagerduty-note', `PagerDuty:${pagerDutyId}`, {
            pagerDutyId,
            text: `${noteMark}${text} ${link}`,
            from: deps.from,
          });
      await deps.notify('follow-ups', tx);
      await deps.notify('outbox', tx);
    });
  }
}
