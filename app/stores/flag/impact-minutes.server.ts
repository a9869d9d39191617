import { sql } from 'kysely';
import { type ImpactReading, type ImpactWatch, impactMinute, nextImpact } from '../../domain/rollout/impact.ts';
import type { ImpactMinute } from '../../domain/rollout/impact-minutes.ts';
import type { Db } from '../../platform/db.server.ts';
import { createObservationStore } from '../observations.server.ts';

/** Longer than the longest stage, 14 d. */
const minutesKept = 16 * 86_400_000;
const readingLock = 61_021;

/** Where the last reading of impact metrics stands among the observations of Unleash, with the failure since. */
export const impactKey = 'impact';

/** Counts of impact metrics by minute and by a flag's answer. */
export interface ImpactStore {
  /** Counts what grew since the last reading, once, whoever reads; true where several instances of Unleash seem to answer. */
  take(read: Omit<ImpactReading, 'falls'>, watches: readonly ImpactWatch[]): Promise<boolean>;
  /** Minutes that end within (from, to], ms. */
  minutes(watch: ImpactWatch, from: number, to: number): Promise<ImpactMinute[]>;
  /** Drops what no stage looks back to. */
  forget(now: number): Promise<void>;
}

/** Impact metrics in PostgreSQL: what was counted outlives the process that read it. */
export function createImpactStore(db: Db): ImpactStore {
  return {
    take(read, watches) {
      return db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(${readingLock})`.execute(tx);
        const observations = createObservationStore(tx);
        const { value: last } = await observations.get<ImpactReading>('unleash', impactKey);
        // Another engine may have read later and counted before.
        if (last && last.at >= read.at) return false;
        const { reading, grown, many } = nextImpact(last, read, watches);
        await observations.saw('unleash', impactKey, reading, read.at);
        if (grown.length === 0) return many;
        const minute = impactMinute(read.at);
        await tx
          .insertInto('impact_minute')
          .values(grown.map((one) => ({ ...one, minute, seen_at: read.at })))
          .onConflict((conflict) =>
            conflict.columns(['flag', 'environment', 'metric', 'minute', 'answer']).doUpdateSet({
              count: sql`impact_minute.count + excluded.count`,
              seen_at: sql`excluded.seen_at`,
            }),
          )
          .execute();
        return many;
      });
    },
    async minutes({ flag, environment, metrics }, from, to) {
      const rows = await db
        .selectFrom('impact_minute')
        .select(['metric', 'answer', 'minute', 'count', 'seen_at'])
        .where('flag', '=', flag)
        .where('environment', '=', environment)
        .where('metric', 'in', [...metrics])
        .where('minute', '>', from)
        .where('minute', '<=', to)
        .execute();
      return rows.map(({ seen_at: seenAt, ...row }) => ({ ...row, seenAt }));
    },
    async forget(now) {
      await db
        .deleteFrom('impact_minute')
        .where('minute', '<', now - minutesKept)
        .execute();
    },
  };
}
