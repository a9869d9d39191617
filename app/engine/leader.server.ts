import pg from 'pg';
import type { Log } from '../platform/log.ts';

/** One number for the advisory lock that the polling process holds; any constant will do, but never change it. */
const lockKey = 4_217_001;
const retryMs = 1_000;

/**
 * Holds a session advisory lock on a connection of its own: the process that has it polls the outside world, the
 * others wait. When the process dies PostgreSQL frees the lock at once; when the connection breaks, `lost` is called
 * and the process stands again. `won` and `lost` come in turns, never twice in a row and never at the same time.
 */
export function standForLeader(
  url: string,
  callbacks: { won(): Promise<void>; lost(): Promise<void> },
  log: Pick<Log, 'warn'>,
): { stop(): Promise<void> } {
  let stopped = false;
  let wake: () => void = () => undefined;

  async function stand(): Promise<void> {
    while (!stopped) {
      const client = new pg.Client({ connectionString: url, application_name: 'firebreak-leader', keepAlive: true });
      const broken = new Promise<void>((resolve) => {
        client.on('error', (error) => {
          log.warn({ err: error }, 'the leader connection broke');
          resolve();
        });
        client.on('end', resolve);
      });
      try {
        await client.connect();
        if (await untilWon(client)) await lead(broken);
      } catch (error) {
        log.warn({ err: error }, 'cannot stand for leader');
      }
      await client.end().catch(() => undefined);
      if (!stopped) await pause();
    }
  }

  /** True once the lock is ours; false when we were stopped first. Throws when the connection breaks. */
  async function untilWon(client: pg.Client): Promise<boolean> {
    while (!stopped) {
      const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [lockKey]);
      if (rows[0]?.got) return true;
      await pause();
    }
    return false;
  }

  async function lead(broken: Promise<void>): Promise<void> {
    try {
      await callbacks.won();
      const ended = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (!stopped) await Promise.race([broken, ended]);
    } finally {
      await callbacks.lost();
    }
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, retryMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const standing = stand();
  return {
    async stop() {
      stopped = true;
      wake();
      await standing;
    },
  };
}
