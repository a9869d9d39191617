import { type Kysely, sql } from 'kysely';

/** How an SLO's hours are counted, and the events behind those that are counted in slices of time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table sli_hour add column counted text`).execute(db);
  await sql
    .raw(
      `create table sli_event_hour (
        slo text not null, hour integer not null, bad float8 not null, total float8 not null,
        known smallint not null, minutes bytea, counted text, primary key (slo, hour))`,
    )
    .execute(db);
}
