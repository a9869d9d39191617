import type { Db, Tx } from '../platform/db.server.ts';
import { storableJson } from './storable-json.ts';

/** Where each poll left off. */
export interface CursorStore {
  get<T>(name: string): Promise<T | null>;
  set(name: string, value: unknown, tx?: Tx): Promise<void>;
}

/** Cursors in one table; a write inside `tx` counts when it commits. */
export function createCursorStore(db: Db): CursorStore {
  return {
    async get<T>(name: string) {
      const row = await db.selectFrom('cursor').select('value').where('name', '=', name).executeTakeFirst();
      return row ? (row.value as T) : null;
    },
    async set(name, value, tx) {
      const json = storableJson(value);
      await (tx ?? db)
        .insertInto('cursor')
        .values({ name, value: json })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: json }))
        .execute();
    },
  };
}
