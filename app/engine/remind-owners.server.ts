import type { Catalog } from '../domain/catalog.ts';
import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import { reminderText, remindNow } from '../domain/follow-up/reminder.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import { toFollowUp } from '../stores/follow-ups.server.ts';
import { createOutboxStore } from '../stores/outbox.server.ts';
import type { PeopleStore } from '../stores/people.server.ts';
import type { StoredChat } from './deliver/send-chat.server.ts';

/**
 * Reminds owners of what they left behind: in the declared chat of the owner's name, or of a team of the owner, when it is due
 * and every day that it is overdue. Each reminder once, from however many processes; nothing leaves unless the mode is `act`.
 */
export function remindOwners(deps: {
  db: Db;
  clock: Pick<Clock, 'now'>;
  catalog: () => Promise<Catalog | null>;
  people: PeopleStore;
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
      const chats = catalog ? await chatsOf(catalog, toFollowUp(row)) : [];
      if (chats.length > 0) await remind(row.id, chats, now);
    }
  };

  async function chatsOf({ endpoints = [] }: Catalog, { owner }: FollowUp): Promise<string[]> {
    const person = owner?.includes('@') ? await deps.people.get(owner) : null;
    const names = [owner, ...(person?.teams ?? [])];
    return endpoints.filter(({ name, use }) => use === 'chat' && names.includes(name)).map(({ name }) => name);
  }

  async function remind(id: string, chats: readonly string[], now: number): Promise<void> {
    await db.transaction().execute(async (tx) => {
      const row = await tx.selectFrom('follow_up').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
      if (!row || !remindNow(toFollowUp(row), row.reminded_at, now)) return;
      await tx.updateTable('follow_up').set({ reminded_at: now }).where('id', '=', id).execute();
      const text = reminderText(toFollowUp(row), now);
      for (const endpoint of chats) {
        const body: StoredChat = { endpoint, text, link: deps.followUpUrl(id) };
        const dedupKey = `follow-up/${id}/${now}/${endpoint}`;
        await createOutboxStore(db).enqueue(tx, { kind: 'chat', dedupKey, body, incident_id: row.incident_id }, now);
      }
      await deps.notify('follow-ups', tx);
      await deps.notify('outbox', tx);
    });
  }
}
