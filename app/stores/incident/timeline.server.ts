import type { TimelineEntry } from '../../domain/incident/incident.ts';
import type { Db, Tx } from '../../platform/db.server.ts';

/** A line of the timeline with the key that makes recording it twice the same as once. */
export interface KeyedEntry extends TimelineEntry {
  key: string;
}

/** Adds lines to an incident's timeline; lines whose key is known are left as they are. Returns how many were new. */
export async function recordTimeline(
  db: Db | Tx,
  incident: string,
  entries: readonly (Omit<KeyedEntry, 'actor' | 'href'> & Partial<Pick<KeyedEntry, 'actor' | 'href'>>)[],
): Promise<number> {
  if (entries.length === 0) return 0;
  const result = await db
    .insertInto('timeline')
    .values(
      entries.map(({ at, kind, text, key, actor = null, href = null }) => ({
        incident_id: incident,
        at,
        kind,
        text,
        actor,
        href,
        key,
      })),
    )
    .onConflict((conflict) => conflict.columns(['incident_id', 'key']).doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0);
}

/** An incident's timeline, oldest first. */
export async function readTimeline(db: Db | Tx, incident: string): Promise<TimelineEntry[]> {
  return db
    .selectFrom('timeline')
    .select(['at', 'kind', 'text', 'actor', 'href'])
    .where('incident_id', '=', incident)
    .orderBy('at')
    .orderBy('id')
    .execute();
}

/** When lines whose keys begin with `prefix` were recorded after `since` (ms), oldest first. */
export async function timesOf(db: Db | Tx, incident: string, prefix: string, since: number): Promise<number[]> {
  const rows = await db
    .selectFrom('timeline')
    .select('at')
    .where('incident_id', '=', incident)
    .where((eb) => eb.fn('starts_with', ['key', eb.val(prefix)]))
    .where('at', '>=', since)
    .orderBy('at')
    .execute();
  return rows.map(({ at }) => at);
}
