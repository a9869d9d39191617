import pg from 'pg';
import type { Log } from '../platform/log.ts';

/** One number for the advisory lock that the polling process holds; any constant will do, but never change it. */
const lockKey = 4_217_001;
const retryMs = 1_000;

/**
 * Holds a session advisory lock on a connection of its own: the process that has it polls the outside world, the
 * others wait. When the process dies PostgreSQL frees the lock at once; when the connection breaks, `lost` is called.
 */
export function standForLeader(
  url: string,
  callbacks: { won(): Promise<void>; lost(): Promise<void> },
  log: Log,
): { stop(): Promise<void> } {
  let client: pg.Client | null = null;
  let leading = false;
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;

  async function attempt(): Promise<void> {
    if (stopped) return;
    try {
      if (!client) {
        const next = new pg.Client({ connectionString: url, application_name: 'firebreak-leader', keepAlive: true });
        next.on('error', (error) => {
          log.warn({ err: error }, 'the leader connection broke');
          void drop();
        });
        await next.connect();
        client = next;
      }
      const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [lockKey]);
      if (rows[0]?.got) {
        leading = true;
        await callbacks.won();
        return;
      }
    } catch (error) {
      log.warn({ err: error }, 'cannot stand for leader');
      client?.end().catch(() => undefined);
      client = null;
    }
    again();
  }

  function again(): void {
    if (stopped) return;
    timer = setTimeout(() => void attempt(), retryMs);
  }

  async function drop(): Promise<void> {
    client?.end().catch(() => undefined);
    client = null;
    if (leading) {
      leading = false;
      await callbacks.lost();
    }
    again();
  }

  void attempt();
  return {
    async stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      if (leading) await callbacks.lost();
      leading = false;
      await client?.end().catch(() => undefined);
    },
  };
}
