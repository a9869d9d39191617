import type { SentReminder } from '../domain/follow-up/reminder-way.ts';
import type { Db } from '../platform/db.server.ts';

/** The last reminder of each of these follow-ups, by id; those that had none are missing. */
export function lastReminders(db: Db): (ids: readonly string[]) => Promise<Map<string, SentReminder>> {
  return async (ids) => {
    const last = new Map<string, SentReminder>();
    if (ids.length === 0) return last;
    const rows = await db
      .selectFrom('outbox')
      .select(['dedup_key', 'created_at', 'delivered_at', 'error'])
      .where((eb) => eb.or(ids.map((id) => eb('dedup_key', 'like', `${reminderKey(id, '')}%`))))
      .orderBy('created_at')
      .execute();
    for (const row of rows) {
      const [, id = '', , to = ''] = row.dedup_key.split('/');
      const before = last.get(id);
      const same = before?.at === row.created_at ? before : { at: row.created_at, to: [], taken: 0, error: null };
      const taken = row.delivered_at !== null;
      last.set(id, {
        ...same,
        to: [...same.to, to.startsWith('PagerDuty:') ? 'PagerDuty' : to],
        taken: same.taken + Number(taken),
        error: taken ? same.error : (row.error ?? same.error),
      });
    }
    return last;
  };
}

/** The outbox's key of a reminder: of which follow-up, when and where to. */
export function reminderKey(id: string, rest: string): string {
  return `follow-up/${id}/${rest}`;
}
