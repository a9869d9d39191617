import { addressesIn, calledName, type PersonNames } from '../domain/audit/person-names.ts';
import type { Actor } from '../domain/run/run.ts';
import type { Db } from '../platform/db.server.ts';
import { hasNamesake } from '../platform/namesake.server.ts';

/** Who there is, as they are now: a changed role or a disabled account counts at once. */
export interface PeopleStore {
  /** The person of this email with their present role, called as `names` calls them; null when nobody has it, or they were disabled. */
  get(email: string): Promise<Actor | null>;
  /** Everybody who may act, by name: viewers and the disabled are left out. */
  acting(): Promise<{ name: string; email: string }[]>;
  /**
   * The names of those among them that have an account, also a disabled one, by address; asks nothing where none is an address. Of two
   * people with one name each is called with their address.
   */
  names(who: readonly (string | null)[]): Promise<PersonNames>;
}

const roles = ['viewer', 'product', 'responder', 'admin'] as const satisfies readonly Actor['role'][];

/** People read from the accounts; `wall` is wall clock, by which a ban ends. */
export function createPeopleStore(db: Db, wall: () => number): PeopleStore {
  const columns = ['name', 'email', 'role', 'teams', 'banned', 'banExpires'] as const;
  const disabled = ({ banned, banExpires }: { banned: boolean | null; banExpires: Date | null }) =>
    banned === true && (banExpires === null || banExpires.getTime() > wall());
  return {
    async get(email) {
      const row = await db
        .selectFrom('user')
        .select(columns)
        .select(hasNamesake.as('shared'))
        .where('email', '=', email.toLowerCase())
        .executeTakeFirst();
      if (!row || disabled(row)) return null;
      const role = roles.find((each) => each === row.role) ?? 'viewer';
      return { email: row.email, name: calledName(row), role, teams: (row.teams ?? '').split(',').filter(Boolean) };
    },
    async acting() {
      const rows = await db
        .selectFrom('user')
        .select(columns)
        .select(hasNamesake.as('shared'))
        .where('role', 'in', roles.slice(1))
        .orderBy('name')
        .limit(500)
        .execute();
      return rows.filter((row) => !disabled(row)).map((row) => ({ name: calledName(row), email: row.email }));
    },
    async names(who) {
      const addresses = addressesIn(who);
      if (addresses.length === 0) return {};
      const rows = await db
        .selectFrom('user')
        .select(['name', 'email'])
        .select(hasNamesake.as('shared'))
        .where('email', 'in', addresses)
        .execute();
      return Object.fromEntries(rows.flatMap((row) => (row.name.trim() === '' ? [] : [[row.email, calledName(row)]])));
    },
  };
}
