import { sql } from 'kysely';
import pg from 'pg';
import type { Db, Tx } from './db.server.ts';
import type { Log } from './log.ts';

/** Tells every process that something changed; inside a transaction it is heard at commit. Topics: `incidents`, `slos`, `changes`, `runs`, `run/<id>`, `flags`, `catalog`, `follow-ups`, `observations`. */
export type Notify = (topic: string, tx?: Db | Tx) => Promise<void>;

/** Hears topics of all processes. */
export interface Notices {
  notify: Notify;
  /** Calls back on every topic; returns the way to stop. */
  subscribe(listener: (topic: string) => void): () => void;
  stop(): Promise<void>;
}

const channel = 'firebreak';

/** LISTEN on one dedicated connection that reconnects; NOTIFY on whatever connection the caller works on. */
export async function createNotices(url: string, db: Db, log: Log): Promise<Notices> {
  const listeners = new Set<(topic: string) => void>();
  let client: pg.Client | null = null;
  let stopped = false;

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, application_name: 'firebreak-listen' });
    next.on('notification', (message) => {
      for (const listener of listeners) listener(message.payload ?? '');
    });
    next.on('error', (error) => {
      log.warn({ err: error }, 'the notice connection broke');
      client = null;
      next.end().catch(() => undefined);
      retry();
    });
    await next.connect();
    await next.query(`listen ${channel}`);
    client = next;
  }

  function retry(): void {
    if (stopped) return;
    setTimeout(() => {
      connect().catch(() => retry());
    }, 1_000).unref();
  }

  await connect();
  return {
    notify: async (topic, tx) => {
      await sql`select pg_notify(${channel}, ${topic})`.execute(tx ?? db);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      stopped = true;
      await client?.end().catch(() => undefined);
    },
  };
}
