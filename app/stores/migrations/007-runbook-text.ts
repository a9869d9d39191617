import { type Kysely, sql } from 'kysely';

/** The words of every runbook in force, to be searched, and when each last changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create table runbook_text (
  slug text primary key,
  digest text not null,
  title text not null,
  service text,
  slos text[] not null,
  words text not null,
  changed_at bigint,
  search tsvector not null
);
create index runbook_text_search on runbook_text using gin (search);
`)
    .execute(db);
}
