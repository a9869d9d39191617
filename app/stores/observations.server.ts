import { sql } from 'kysely';
import { storable } from '../domain/audit/canonical.ts';
import type { Db } from '../platform/db.server.ts';
import { storableJson } from './storable-json.ts';
import type { Observation, ObservationStore } from './stores.ts';

/**
 * Last known values of everything outside, with their age and the last failure. Reads may end out of order: what was
 * read later stands, be it a value or a failure. `redact` runs over every text.
 */
export function createObservationStore(db: Db, redact: (text: string) => string = (text) => text): ObservationStore {
  return {
    async get<T>(source: string, key: string) {
      const row = await db
        .selectFrom('observation')
        .selectAll()
        .where('source', '=', source)
        .where('key', '=', key)
        .executeTakeFirst();
      return row ? toObservation<T>(row) : { value: null, at: null, error: null, errorAt: null };
    },
    async all<T>(source: string, prefix = '') {
      const rows = await db
        .selectFrom('observation')
        .selectAll()
        .where('source', '=', source)
        .where('key', 'like', `${prefix.replace(/[\\%_]/g, '\\$&')}%`)
        .execute();
      return Object.fromEntries(rows.map((row) => [row.key, toObservation<T>(row)]));
    },
    async saw(source, key, value, at) {
      const body = { value: redact(storableJson(value)), at };
      await db
        .insertInto('observation')
        .values({ source, key, ...body, error: null, error_at: null })
        .onConflict((conflict) =>
          conflict
            .columns(['source', 'key'])
            .doUpdateSet({
              ...body,
              // A failure that is younger than this read is still how things are.
              error: sql`case when observation.error_at > excluded.at then observation.error end`,
              error_at: sql`case when observation.error_at > excluded.at then observation.error_at end`,
            })
            .where((eb) => eb.or([eb('observation.at', 'is', null), eb('observation.at', '<=', at)])),
        )
        .execute();
    },
    async failed(source, key, error, at) {
      const body = { error: storable(redact(error)), error_at: at };
      await db
        .insertInto('observation')
        .values({ source, key, value: null, at: null, ...body })
        .onConflict((conflict) =>
          conflict
            .columns(['source', 'key'])
            .doUpdateSet(body)
            .where(sql<boolean>`greatest(observation.at, observation.error_at) is null
              or greatest(observation.at, observation.error_at) <= ${at}`),
        )
        .execute();
    },
  };
}

function toObservation<T>(row: {
  value: unknown;
  at: number | null;
  error: string | null;
  error_at: number | null;
}): Observation<T> {
  return { value: row.value as T | null, at: row.at, error: row.error, errorAt: row.error_at };
}
