import { sql } from 'kysely';
import { addressesIn, type PersonNames } from '../domain/audit/person-names.ts';
import type { Actor } from '../domain/run/run.ts';
import type { Db } from '../platform/db.server.ts';

/** Who there is, as they are now: a changed role or a disabled account counts at once. */
export interface PeopleStore {
  /** The person of this email with their present role; null when nobody has it, or they were disabled. */
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
        .where('email', '=', email.toLowerCase())
        .executeTakeFirst();
      if (!row || disabled(row)) return null;
      const role = roles.find((each) => each === row.role) ?? 'viewer';
      return { email: row.email, name: row.name, role, teams: (row.teams ?? '').split(',').filter(Boolean) };
    },
    async acting() {
      const rows = await db
        .selectFrom('user')
        .select(columns)
        .where('role', 'in', roles.slice(1))
        .orderBy('name')
        .limit(500)
        .execute();
      return rows.filter((row) => !disabled(row)).map(({ name, email }) => ({ name, email }));
    },
    async names(who) {
      const addresses = addressesIn(who);
      if (addresses.length === 0) return {};
      const rows = await db
        .selectFrom('user')
        .select(['name', 'email'])
        .select(({ exists, selectFrom }) =>
          exists(
            selectFrom('user as other')
              .select('other.id')
              .where(sql<boolean>`lower(trim(other.name)) = lower(trim("user".name))`)
              .whereRef('other.id', '!=', 'user.id'),
          ).as('shared'),
        )
        .where('email', 'in', addresses)
        .execute();
      const called = (row: (typeof rows)[number]) => (row.shared ? `${row.name} (${row.email})` : row.name);
      return Object.fromEntries(rows.flatMap((row) => (row.name.trim() === '' ? [] : [[row.email, called(row)]])));
    },
  };
}
