import type { HourRow } from '../domain/slo/series.ts';
import type { Db } from '../platform/db.server.ts';

/** An hour with how it was counted; null: events. */
export type CountedRow = HourRow & { counted: string | null };

/** The hours that the engine counts into. `counted` says how: rows of another one are of another unit. */
export interface SloHours {
  hours(slo: string, fromHour: number): Promise<CountedRow[]>;
  saveHours(slo: string, rows: readonly HourRow[], counted?: string | null): Promise<void>;
  /** The same for the events of an SLO whose hours are slices. */
  eventHours(slo: string, fromHour: number): Promise<CountedRow[]>;
  saveEventHours(slo: string, rows: readonly HourRow[], counted: string | null): Promise<void>;
  /** What was not counted as `counted` is unknown from now on, until it is counted anew or forgotten. */
  blankHours(slo: string, counted: string | null): Promise<void>;
  /** Forgets the hours that are not counted as `counted`, and the events that are not as `events` (undefined: all of them). */
  forgetOtherHours(slo: string, counted: string | null, events: string | null | undefined): Promise<void>;
}

type Table = 'sli_hour' | 'sli_event_hour';

export function createSloHours(db: Db): SloHours {
  const read = (table: Table, slo: string, fromHour: number) =>
    db.selectFrom(table).selectAll().where('slo', '=', slo).where('hour', '>=', fromHour).orderBy('hour').execute();

  async function save(table: Table, slo: string, rows: readonly HourRow[], counted: string | null): Promise<void> {
    for (let start = 0; start < rows.length; start += 500) {
      const values = rows.slice(start, start + 500).map((row) => ({
        slo,
        hour: row.hour,
        bad: row.bad,
        total: row.total,
        known: row.known,
        minutes: row.minutes ? Buffer.from(row.minutes) : null,
        counted,
      }));
      await db
        .insertInto(table)
        .values(values)
        .onConflict((conflict) =>
          conflict.columns(['slo', 'hour']).doUpdateSet((eb) => ({
            bad: eb.ref('excluded.bad'),
            total: eb.ref('excluded.total'),
            known: eb.ref('excluded.known'),
            minutes: eb.ref('excluded.minutes'),
            counted: eb.ref('excluded.counted'),
          })),
        )
        .execute();
    }
  }

  return {
    hours: (slo, fromHour) => read('sli_hour', slo, fromHour),
    saveHours: (slo, rows, counted = null) => save('sli_hour', slo, rows, counted),
    eventHours: (slo, fromHour) => read('sli_event_hour', slo, fromHour),
    saveEventHours: (slo, rows, counted) => save('sli_event_hour', slo, rows, counted),
    async blankHours(slo, counted) {
      await db
        .updateTable('sli_hour')
        .set({ bad: 0, total: 0, known: 0, minutes: null })
        .where('slo', '=', slo)
        .where('counted', 'is distinct from', counted)
        .execute();
    },
    async forgetOtherHours(slo, counted, events) {
      await db.deleteFrom('sli_hour').where('slo', '=', slo).where('counted', 'is distinct from', counted).execute();
      let gone = db.deleteFrom('sli_event_hour').where('slo', '=', slo);
      if (events !== undefined) gone = gone.where('counted', 'is distinct from', events);
      await gone.execute();
    },
  };
}
