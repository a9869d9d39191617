import { sql } from 'kysely';
import pg from 'pg';
import type { Db, Tx } from './db.server.ts';
import type { Log } from './log.ts';

/**
 * Tells every process that something changed; inside a transaction it is heard at commit. Topics: those of `everyTopic`, and
 * `run/<id>`. `also`: what changed with it, told in the same statement.
 */
export type Notify = (topic: string, tx?: Db | Tx, ...also: string[]) => Promise<void>;

/** Hears topics of all processes. */
export interface Notices {
  notify: Notify;
  /** Calls back on every topic; returns the way to stop. */
  subscribe(listener: (topic: string) => void): () => void;
  stop(): Promise<void>;
}

const channel = 'firebreak';
const retryMs = 1_000;
/** Told after a break: what was said meanwhile is lost, so everybody looks at everything once. */
const everyTopic = [
  'hand-overs',
  'incidents',
  'slos',
  'changes',
  'runs',
  'flags',
  'catalog',
  'follow-ups',
  'observations',
];

/** LISTEN on one dedicated connection that reconnects; NOTIFY on whatever connection the caller works on. */
export async function createNotices(url: string, db: Db, log: Log): Promise<Notices> {
  const listeners = new Set<(topic: string) => void>();
  const tell = (topic: string) => {
    for (const listener of listeners) listener(topic);
  };
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, application_name: 'firebreak-listen', keepAlive: true });
    next.on('notification', (message) => tell(message.payload ?? ''));
    // Connecting reports its own failure; this hears of a connection that dies later.
    next.on('error', (error) => {
      if (client !== next) return;
      client = null;
      log.warn({ err: error }, 'the notice connection broke');
      next.end().catch(() => undefined);
      retry();
    });
    try {
      await next.connect();
      await next.query(`listen ${channel}`);
    } catch (error) {
      next.end().catch(() => undefined);
      throw error;
    }
    if (stopped) await next.end();
    else client = next;
  }

  function retry(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      connect().then(() => {
        log.info('the notice connection is back');
        for (const topic of everyTopic) tell(topic);
      }, retry);
    }, retryMs);
    timer.unref();
  }

  await connect();
  return {
    notify: async (topic, tx, ...also) => {
      const told = [topic, ...also].map((one) => sql`pg_notify(${channel}, ${one})`);
      await sql`select ${sql.join(told)}`.execute(tx ?? db);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      const last = client;
      client = null;
      await last?.end().catch(() => undefined);
    },
  };
}
