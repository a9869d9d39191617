import { sql } from 'kysely';
import type { HourRow } from '../../domain/slo/series.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import { createSloIndicators, type SloIndicators } from './slo-indicators.server.ts';

/** An hour with how it was counted; null: events. */
export type CountedRow = HourRow & { counted: string | null };

/** An hour of one SLO. */
export type StoredHour = CountedRow & { slo: string };

/**
 * The hours that the engine counts into, many SLOs at a time. `counted` says how: rows of another one are of another unit.
 * Those of one unit come oldest first; SLOs without any are missing.
 */
export interface SloHours extends SloIndicators {
  hours(slos: readonly string[], fromHour: number): Promise<Map<string, CountedRow[]>>;
  saveHours(rows: readonly StoredHour[]): Promise<void>;
  /** The same for the events of SLOs whose hours are slices. */
  eventHours(slos: readonly string[], fromHour: number): Promise<Map<string, CountedRow[]>>;
  saveEventHours(rows: readonly StoredHour[]): Promise<void>;
  /** What was not counted as `counted` is unknown from now on, until it is counted anew or forgotten. */
  blankHours(slo: string, counted: string | null): Promise<void>;
  /** Forgets the hours that are not counted as `counted`, and the events that are not as `events` (undefined: all of them). */
  forgetOtherHours(slo: string, counted: string | null, events: string | null | undefined): Promise<void>;
}

type Table = 'sli_hour' | 'sli_event_hour';

const rowsAtOnce = 500;
/** Hour, bad, total, known and the length of the minutes that follow. */
const headBytes = 4 + 8 + 8 + 2 + 2;

export function createSloHours(db: Db | Tx): SloHours {
  async function read(table: Table, slos: readonly string[], fromHour: number): Promise<Map<string, CountedRow[]>> {
    const all = new Map<string, CountedRow[]>();
    if (slos.length === 0) return all;
    // One value an SLO: as rows, the months of a thousand SLOs take the driver longer than all else of a start.
    const { rows } = await sql<{ slo: string; counted: string | null; packed: Buffer }>`
      select slo, counted, string_agg(
        int4send(hour) || float8send(bad) || float8send(total) || int2send(known)
          || int2send(coalesce(octet_length(minutes), 0)::int2) || coalesce(minutes, ''::bytea),
        ''::bytea order by hour) as packed
      from ${sql.table(table)} where slo = any(${[...slos]}::text[]) and hour >= ${fromHour}
      group by slo, counted`.execute(db);
    for (const { slo, counted, packed } of rows)
      all.set(slo, [...(all.get(slo) ?? []), ...unpackHours(packed).map((hour) => ({ ...hour, counted }))]);
    return all;
  }

  async function save(table: Table, rows: readonly StoredHour[]): Promise<void> {
    for (let start = 0; start < rows.length; start += rowsAtOnce) {
      const values = rows
        .slice(start, start + rowsAtOnce)
        .map(({ slo, hour, bad, total, known, minutes, counted }) => ({
          slo,
          hour,
          bad,
          total,
          known,
          minutes: minutes && Buffer.from(minutes.buffer, minutes.byteOffset, minutes.byteLength),
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
    ...createSloIndicators(db),
    hours: (slos, fromHour) => read('sli_hour', slos, fromHour),
    saveHours: (rows) => save('sli_hour', rows),
    eventHours: (slos, fromHour) => read('sli_event_hour', slos, fromHour),
    saveEventHours: (rows) => save('sli_event_hour', rows),
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

function unpackHours(packed: Buffer): HourRow[] {
  const rows: HourRow[] = [];
  for (let at = 0; at < packed.length; ) {
    const length = packed.readInt16BE(at + 22);
    const end = at + headBytes + length;
    rows.push({
      hour: packed.readInt32BE(at),
      bad: packed.readDoubleBE(at + 4),
      total: packed.readDoubleBE(at + 12),
      known: packed.readInt16BE(at + 20),
      minutes: length > 0 ? packed.subarray(at + headBytes, end) : null,
    });
    at = end;
  }
  return rows;
}
