import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import { createChangeStore } from '#app/stores/changes.server.ts';
import type { Database } from '#app/stores/schema.ts';
import { createTestDatabase } from '../support/database.ts';

test('the history of one flag is found by an index, however many changes of others there are', async () => {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  const asked: { sql: string; values: unknown[] }[] = [];
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query: { sql, parameters } }) => void asked.push({ sql, values: [...parameters] }),
  });
  try {
    const store = createChangeStore(
      db,
      () => 0,
      async () => undefined,
    );
    expect(await store.ofFlag('voiceover-v2', 20)).toEqual([]);
    const [{ sql, values }] = asked as [(typeof asked)[number]];
    // An empty table is read whole otherwise.
    await pool.query('set enable_seqscan = off');
    const { rows } = await pool.query(`explain ${sql}`, values);
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('change_by_target');
  } finally {
    await db.destroy();
    await database.drop();
  }
});
