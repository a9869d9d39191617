import type { Db } from '../../platform/db.server.ts';
import type { PresenceStore } from '../stores.ts';

const presentMs = 45_000;
/** Rows of a page nobody came back to; the answer never needs them. */
const forgottenMs = 3_600_000;

/** Who looks at which page; wall time, since presence is about people and not about data. */
export function createPresenceStore(db: Db, wall: () => number): PresenceStore {
  return {
    async seen(path, actor) {
      const row = { name: actor.name, seen_at: wall() };
      await db
        .insertInto('presence')
        .values({ path, email: actor.email, ...row })
        .onConflict((conflict) => conflict.columns(['path', 'email']).doUpdateSet(row))
        .execute();
      await db
        .deleteFrom('presence')
        .where('email', '=', actor.email)
        .where('seen_at', '<', row.seen_at - forgottenMs)
        .execute();
    },
    async others(path, actor) {
      const rows = await db
        .selectFrom('presence')
        .select(['name', 'seen_at'])
        .where('path', '=', path)
        .where('email', '!=', actor.email)
        .where('seen_at', '>', wall() - presentMs)
        .orderBy('name')
        .execute();
      return rows.map((row) => ({ name: row.name, seenAt: row.seen_at }));
    },
  };
}
