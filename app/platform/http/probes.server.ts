import type { RequestHandler } from 'express';
import { sql } from 'kysely';
import type { Db } from '../db.server.ts';

/** `/live` and `/ready`, and the switch that starts the drain. */
export interface Probes {
  live: RequestHandler;
  ready: RequestHandler;
  drain(): void;
  draining(): boolean;
}

/** A probe that hangs says less than one that says no. */
const patienceMs = 2_000;

/**
 * `/live` tests nothing but the event loop. `/ready` is 503 only without PostgreSQL, with pending migrations or while
 * draining; an open breaker, or a page that reached nobody, makes it "degraded" and stays 200.
 */
export function createProbes(parts: {
  db: Db;
  migrated: () => boolean;
  breakers: () => Record<string, string>;
  /** Pages of open incidents that PagerDuty has not taken. */
  untaken: () => Promise<number>;
  /** Time up to which every SLO is evaluated; null before the first evaluation. */
  evaluatedTo: () => Promise<number | null>;
}): Probes {
  let draining = false;
  return {
    live: (_req, res) => void res.set('Cache-Control', 'no-store').json({ status: 'live' }),
    ready: async (_req, res) => {
      const [answers, evaluatedTo, untaken] = await Promise.all([
        soon(
          sql`select 1`.execute(parts.db).then(() => true),
          false,
        ),
        soon(parts.evaluatedTo(), null),
        soon<number | null>(parts.untaken(), null),
      ]);
      const breakers = parts.breakers();
      const degraded = Object.values(breakers).some((state) => state !== 'closed') || (untaken ?? 0) > 0;
      const up = answers && parts.migrated() && !draining;
      res
        .status(up ? 200 : 503)
        .set('Cache-Control', 'no-store')
        .json({
          status: !up ? 'unavailable' : degraded ? 'degraded' : 'ready',
          database: answers ? 'ok' : 'does not answer',
          migrations: parts.migrated() ? 'ok' : 'pending',
          draining,
          evaluatedTo,
          pagesNotTaken: untaken,
          outside: breakers,
        });
    },
    drain() {
      draining = true;
    },
    draining: () => draining,
  };
}

/** The value, or `otherwise` when it fails or takes longer than the probe's patience. */
async function soon<T>(value: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), patienceMs);
  });
  try {
    return await Promise.race([value.catch(() => otherwise), late]);
  } finally {
    clearTimeout(timer);
  }
}
