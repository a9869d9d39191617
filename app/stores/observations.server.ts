import type { Db } from '../platform/db.server.ts';
import type { Observation, ObservationStore } from './stores.ts';

/** Last known values of everything outside, with their age and the last failure. */
export function createObservationStore(db: Db): ObservationStore {
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
      const body = { value: JSON.stringify(value), at, error: null, error_at: null };
      await db
        .insertInto('observation')
        .values({ source, key, ...body })
        // An older read that arrives late never overwrites a newer one.
        .onConflict((conflict) =>
          conflict
            .columns(['source', 'key'])
            .doUpdateSet(body)
            .where((eb) => eb.or([eb('observation.at', 'is', null), eb('observation.at', '<=', at)])),
        )
        .execute();
    },
    async failed(source, key, error, at) {
      await db
        .insertInto('observation')
        .values({ source, key, value: null, at: null, error, error_at: at })
        .onConflict((conflict) => conflict.columns(['source', 'key']).doUpdateSet({ error, error_at: at }))
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
