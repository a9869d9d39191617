import { hourMs } from '../../domain/slo/series.ts';
import type { Db } from '../../platform/db.server.ts';

/** Hours whose single minutes are kept: what the longest window needs. */
const minuteHours = 3 * 24 + 3;
/** Hours that are kept at all: what the longest period needs, and the whole of last month for its statement. */
const keptHours = 64 * 24;

/** Drops buckets that no window reaches any more, and the single minutes of hours over three days old. */
export async function forgetOldBuckets(db: Db, now: number): Promise<void> {
  const hour = Math.floor(now / hourMs);
  for (const table of ['sli_hour', 'sli_event_hour'] as const) {
    await db
      .deleteFrom(table)
      .where('hour', '<', hour - keptHours)
      .execute();
    await db
      .updateTable(table)
      .set({ minutes: null })
      .where('hour', '<', hour - minuteHours)
      .where('minutes', 'is not', null)
      .execute();
  }
}
