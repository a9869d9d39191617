import { sql } from 'kysely';
import type { Db } from '../platform/db.server.ts';

/** The lesser role that every connection of the application takes. */
export const appRole = 'firebreak_app';

/**
 * Creates the application's role and grants it what it needs, as the owner; safe to repeat. The audit it may only read
 * and append to: not even a bug of ours can rewrite it.
 */
export async function ensureAppRole(owner: Db): Promise<void> {
  await sql
    .raw(`do $$ begin
      create role ${appRole} nologin;
    exception when duplicate_object or unique_violation then null; end $$`)
    .execute(owner);
  for (const statement of [
    `grant ${appRole} to current_user`,
    `grant usage on schema public to ${appRole}`,
    `grant select, insert, update, delete on all tables in schema public to ${appRole}`,
    `grant usage on all sequences in schema public to ${appRole}`,
    `revoke update, delete, truncate on audit from ${appRole}`,
    `grant usage on schema pgboss to ${appRole}`,
    `grant all on all tables in schema pgboss to ${appRole}`,
    `grant all on all sequences in schema pgboss to ${appRole}`,
    `grant execute on all functions in schema pgboss to ${appRole}`,
  ]) {
    await sql.raw(statement).execute(owner);
  }
}
