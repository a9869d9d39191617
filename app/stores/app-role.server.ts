import { sql } from 'kysely';
import type { Db } from '../platform/db.server.ts';

/** The lesser role that every connection of the application takes. */
export const appRole = 'firebreak_app';
/** Advisory lock: two processes that start at once must not grant at once (PostgreSQL: "tuple concurrently updated"). */
const grantLock = 4_177_004;

/**
 * Creates the application's role and grants it what it needs, as the owner; safe to repeat, also from several processes.
 * The audit and the notes on runs it may only read and append to: not even a bug of ours can rewrite it. `logins` are the users that connect
 * and take the role, when they are not the owner.
 */
export async function ensureAppRole(owner: Db, logins: readonly string[] = []): Promise<void> {
  // One transaction: at no moment does a running process have more than it should.
  await owner.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${grantLock})`.execute(tx);
    const known = await sql`select 1 from pg_roles where rolname = ${appRole}`.execute(tx);
    if (known.rows.length === 0) {
      // Roles belong to the whole server: another database's console may create it in the same moment.
      await sql
        .raw(`do $$ begin create role ${appRole} nologin;
          exception when duplicate_object or unique_violation then null; end $$`)
        .execute(tx);
    }
    const members = ['current_user', ...logins.map((login) => `"${login.replaceAll('"', '""')}"`)];
    for (const statement of [
      ...members.map((member) => `grant ${appRole} to ${member}`),
      `grant usage on schema public to ${appRole}`,
      `grant select, insert, update, delete on all tables in schema public to ${appRole}`,
      `grant usage on all sequences in schema public to ${appRole}`,
      `revoke update, delete, truncate on audit, run_note from ${appRole}`,
      `grant usage on schema pgboss to ${appRole}`,
      `grant all on all tables in schema pgboss to ${appRole}`,
      `grant all on all sequences in schema pgboss to ${appRole}`,
      `grant execute on all functions in schema pgboss to ${appRole}`,
    ]) {
      await sql.raw(statement).execute(tx);
    }
  });
}

/** The user of a database address; null when it names none. */
export function loginOf(address: string): string | null {
  return decodeURIComponent(new URL(address).username) || null;
}
