import { sql } from 'kysely';
import type { BurnSpell } from '../../domain/slo/ledger.ts';
import { hourMs, unpackMinutes } from '../../domain/slo/series.ts';
import type { StoredCounts } from '../../domain/slo/stored-counts.ts';
import type { Db } from '../../platform/db.server.ts';

/** What pages about a budget read: counts as they are stored, and the incidents that they went into. */
export interface SloCountStore {
  /** The hours from `from` to `to` (ms), and the single minutes of the hours in `byMinute` (numbers since the epoch) that still have them. */
  counts(slo: string, range: { from: number; to: number; byMinute: readonly number[] }): Promise<StoredCounts>;
  /** Incidents in which the SLO had an alert that was open at or after `since` (ms), the newest `limit`, oldest first; from the onset to the last clearing. */
  spells(slo: string, since: number, limit: number): Promise<BurnSpell[]>;
}

/** Reads buckets for pages: of packed minutes only the hours that are asked for. */
export function createSloCountStore(db: Db): SloCountStore {
  return {
    async counts(slo, { from, to, byMinute }) {
      const [first, last] = [Math.floor(from / hourMs), Math.ceil(to / hourMs) - 1];
      const [hours, packed] = await Promise.all([
        db
          .selectFrom('sli_hour')
          .select(['hour', 'bad', 'total', 'known'])
          .where('slo', '=', slo)
          .where('hour', '>=', first)
          .where('hour', '<=', last)
          .execute(),
        byMinute.length === 0
          ? []
          : db
              .selectFrom('sli_hour')
              .select(['hour', 'minutes'])
              .where('slo', '=', slo)
              .where('hour', 'in', byMinute)
              .where('minutes', 'is not', null)
              .execute(),
      ]);
      return {
        hours: new Map(hours.map(({ hour, ...sums }) => [hour, sums])),
        minutes: new Map(
          packed.map(({ hour, minutes }) => [
            hour,
            unpackMinutes(minutes as Uint8Array).map((minute) => (Number.isNaN(minute.total) ? null : minute)),
          ]),
        ),
      };
    },
    async spells(slo, since, limit) {
      const rows = await db
        .selectFrom('alert')
        .innerJoin('incident', 'incident.id', 'alert.incident_id')
        .where('alert.slo', '=', slo)
        .where((eb) => eb.or([eb('alert.cleared_at', 'is', null), eb('alert.cleared_at', '>=', since)]))
        .groupBy('incident.id')
        .select([
          'incident.id',
          'incident.title',
          sql<number>`least(min(alert.opened_at), min(incident.started_at))`.as('from'),
          sql<number | null>`case when bool_or(alert.cleared_at is null) then null else max(alert.cleared_at) end`.as(
            'to',
          ),
        ])
        .orderBy('from', 'desc')
        .limit(limit)
        .execute();
      return rows.reverse();
    },
  };
}
