import { sql } from 'kysely';

/** Of a row of "user" that a query reads: whether somebody else in the directory has the same name; case and outer spaces do not tell people apart. */
export const hasNamesake = sql<boolean>`exists (
  select 1 from "user" other where lower(trim(other.name)) = lower(trim("user".name)) and other.id != "user".id
)`;
