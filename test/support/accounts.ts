import { sql } from 'kysely';
import type { Actor } from '#app/domain/run/run.ts';
import type { Db } from '#app/platform/db.server.ts';

export { giveAccounts } from '#scripts/rehearse/accounts.ts';

/** Disables an account, as an admin does. */
export async function disable(db: Db, { email }: Pick<Actor, 'email'>): Promise<void> {
  await sql`update "user" set banned = true where email = ${email}`.execute(db);
}
