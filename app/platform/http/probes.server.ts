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
 * draining; an open breaker, a page that reached nobody, or an overdue evaluation of SLOs make it "degraded", with the
 * reasons, and stay 200.
 */
export function createProbes(parts: {
  db: Db;
  migrated: () => boolean;
  breakers: () => Record<string, string>;
  /** Pages of open incidents that PagerDuty has not taken. */
  untaken: () => Promise<number>;
  /** Time (ms) up to which every watched SLO is evaluated, null before the first evaluation, and for how many it is overdue. */
  evaluated: () => Promise<{ to: number | null; overdue: number }>;
}): Probes {
  let draining = false;
  return {
    live: (_req, res) => void res.set('Cache-Control', 'no-store').json({ status: 'live' }),
    ready: async (_req, res) => {
      const [answers, evaluated, untaken] = await Promise.all([
        soon(
          sql`select 1`.execute(parts.db).then(() => true),
          false,
        ),
        soon<{ to: number | null; overdue: number }>(parts.evaluated(), { to: null, overdue: 0 }),
        soon<number | null>(parts.untaken(), null),
      ]);
      const breakers = parts.breakers();
      const reasons = [
        ...Object.entries(breakers).flatMap(([name, state]) => (state === 'closed' ? [] : `${name}: breaker ${state}`)),
        ...((untaken ?? 0) > 0 ? [`pages that PagerDuty has not taken: ${untaken}`] : []),
        ...(evaluated.overdue > 0 ? [overdueText(evaluated)] : []),
      ];
      const up = answers && parts.migrated() && !draining;
      res
        .status(up ? 200 : 503)
        .set('Cache-Control', 'no-store')
        .json({
          status: !up ? 'unavailable' : reasons.length > 0 ? 'degraded' : 'ready',
          database: answers ? 'ok' : 'does not answer',
          migrations: parts.migrated() ? 'ok' : 'pending',
          draining,
          reasons,
          evaluatedTo: evaluated.to,
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

function overdueText({ to, overdue }: { to: number | null; overdue: number }): string {
  const from = to === null ? '' : `, the oldest from ${new Date(to).toISOString()}`;
  return `SLOs whose evaluation is overdue: ${overdue}${from}`;
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
