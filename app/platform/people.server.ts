import { randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import type { Actor } from '../domain/run/run.ts';
import type { Db } from './db.server.ts';

/** The roles a person can have. */
export const personRoles = ['viewer', 'product', 'responder', 'admin'] as const satisfies readonly Actor['role'][];

/** Lengths of a password, in characters. */
export const shortestPassword = 12;
export const longestPassword = 256;

/** A person to create: invite only, so nobody signs up. */
export interface NewPerson {
  email: string;
  name: string;
  password: string;
  role: (typeof personRoles)[number];
  teams: readonly string[];
}

/** Creates a person who may sign in by password, unless the email exists; true when created. Safe from several processes at once. */
export async function ensurePerson(db: Db, { name, role, teams, password, ...person }: NewPerson): Promise<boolean> {
  const email = person.email.toLowerCase();
  const known = await db.selectFrom('user').select('id').where('email', '=', email).executeTakeFirst();
  if (known) return false;
  const hash = await hashPassword(password);
  const userId = randomUUID();
  const times = { createdAt: new Date(), updatedAt: new Date() };
  return inTransaction(db, async (tx) => {
    const created = await tx
      .insertInto('user')
      .values({ id: userId, email, name, role, teams: teams.join(','), emailVerified: true, ...times })
      .onConflict((conflict) => conflict.column('email').doNothing())
      .executeTakeFirst();
    if (Number(created.numInsertedOrUpdatedRows ?? 0) === 0) return false;
    await tx
      .insertInto('account')
      .values({ id: randomUUID(), userId, accountId: userId, providerId: 'credential', password: hash })
      .execute();
    return true;
  });
}

/** True once anybody may sign in. */
export async function hasPeople(db: Db): Promise<boolean> {
  return (await db.selectFrom('user').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** Gives a person a new password and ends all their sessions; false when nobody has the email. */
export async function setPassword(db: Db, email: string, password: string): Promise<boolean> {
  const hash = await hashPassword(password);
  return change(db, email, async (tx, userId) => {
    await tx
      .updateTable('account')
      .set({ password: hash })
      .where('userId', '=', userId)
      .where('providerId', '=', 'credential')
      .execute();
  });
}

/** Disables a person, or lets them in again; ends all their sessions. False when nobody has the email. */
export async function setDisabled(db: Db, email: string, disabled: boolean): Promise<boolean> {
  return change(db, email, async (tx, userId) => {
    const state = { banned: disabled, banReason: null, banExpires: null, updatedAt: new Date() };
    await tx.updateTable('user').set(state).where('id', '=', userId).execute();
  });
}

async function change(db: Db, email: string, write: (tx: Db, userId: string) => Promise<void>): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const user = await tx.selectFrom('user').select('id').where('email', '=', email.toLowerCase()).executeTakeFirst();
    if (!user) return false;
    await write(tx, user.id);
    await tx.deleteFrom('session').where('userId', '=', user.id).execute();
    return true;
  });
}

/** Joins the caller's transaction, or opens one. */
function inTransaction<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work);
}
