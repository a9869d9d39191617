import type { Actor } from '#app/domain/run/run.ts';
import type { Db } from '#app/platform/db.server.ts';

/** Gives people accounts, or sets those they have to the role and teams given here: a yes counts by what its person is now. */
export async function giveAccounts(db: Db, people: readonly Actor[]): Promise<void> {
  const at = new Date(0);
  for (const { email, name, role, teams } of people) {
    await db
      .insertInto('user')
      .values({
        ...{ id: email, name, email, emailVerified: true, image: null, createdAt: at, updatedAt: at },
        ...{ role, banned: false, banReason: null, banExpires: null, teams: teams.join(',') },
      })
      .onConflict((conflict) => conflict.column('email').doUpdateSet({ role, teams: teams.join(',') }))
      .execute();
  }
}
