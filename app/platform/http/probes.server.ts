import type { RequestHandler } from 'express';
import { sql } from 'kysely';
import type { Db } from '../db.server.ts';

/** `/live` and `/ready`, and the switch that starts the drain. */
export interface Probes {
  live: RequestHandler;
  ready: RequestHandler;
  drain(): void;
}

/**
 * `/live` tests nothing but the event loop. `/ready` is 503 only without PostgreSQL, with pending migrations or while
 * draining; an open breaker makes it "degraded" and stays 200.
 */
export function createProbes(parts: {
  db: Db;
  migrated: () => boolean;
  breakers: () => Record<string, string>;
  /** Time up to which every SLO is evaluated; null before the first evaluation. */
  evaluatedTo: () => Promise<number | null>;
}): Probes {
  let draining = false;
  return {
    live: (_req, res) => void res.json({ status: 'live' }),
    ready: async (_req, res) => {
      const database = await sql`select 1`.execute(parts.db).then(
        () => 'ok',
        (error: Error) => error.message,
      );
      const breakers = parts.breakers();
      const open = Object.entries(breakers).filter(([, state]) => state !== 'closed');
      const up = database === 'ok' && parts.migrated() && !draining;
      res.status(up ? 200 : 503).json({
        status: !up ? 'unavailable' : open.length > 0 ? 'degraded' : 'ready',
        database,
        migrations: parts.migrated() ? 'ok' : 'pending',
        draining,
        evaluatedTo: await parts.evaluatedTo().catch(() => null),
        outside: breakers,
      });
    },
    drain() {
      draining = true;
    },
  };
}
