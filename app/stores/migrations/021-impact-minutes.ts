import { type Kysely, sql } from 'kysely';

/** What SDKs counted minute by minute with each answer of a flag, as impact metrics of Unleash. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table impact_minute (
    flag text not null, environment text not null, metric text not null, answer text not null, minute bigint not null,
    count double precision not null, seen_at bigint not null,
    primary key (flag, environment, metric, minute, answer))`,
  `create index impact_minute_old on impact_minute (minute)`,
];
