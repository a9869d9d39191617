import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { Database } from '../stores/schema.ts';
import { preparingClient } from './prepared.server.ts';

// Times are stored as bigint milliseconds; int8 and numeric come back as numbers, not as strings.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);

/** A connection or a transaction: stores take either. */
export type Db = Kysely<Database>;
export type Tx = Transaction<Database>;

/** The pool and the query builder over it. Close with `close()`. */
export interface DbHandle {
  db: Db;
  pool: pg.Pool;
  close(): Promise<void>;
}

/**
 * Opens a pool. `onError` hears of connections that die, idle or checked out: without a listener
 * a database restart would end the process. `connectMs` bounds how long a connection is waited for.
 */
export function openDb(
  url: string,
  options: { max?: number; role?: string; connectMs?: number; onError: (error: Error) => void },
): DbHandle {
  const pool = new pg.Pool({
    Client: preparingClient(),
    connectionString: url,
    max: options.max ?? 10,
    statement_timeout: 15_000,
    connectionTimeoutMillis: options.connectMs ?? 0,
    application_name: 'firebreak',
    ...(options.role ? { options: `-c role=${options.role}` } : {}),
  });
  pool.on('error', options.onError);
  pool.on('connect', (client) => client.on('error', options.onError));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return { db, pool, close: () => db.destroy() };
}
