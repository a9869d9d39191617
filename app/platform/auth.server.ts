import { betterAuth } from 'better-auth';
import { admin } from 'better-auth/plugins/admin';
import { calledName } from '../domain/audit/person-names.ts';
import type { Actor } from '../domain/run/run.ts';
import { AppError } from '../errors.ts';
import type { DbHandle } from './db.server.ts';
import { hasNamesake } from './namesake.server.ts';
import { longestPassword, personRoles, shortestPassword } from './people.server.ts';
import { createSignInLimits } from './sign-in-limits.server.ts';

/** Somebody signed in: who they are and when they last showed their password (wall ms). */
export interface SignedIn {
  actor: Actor;
  authenticatedAt: number;
}

/** Sign-in by password on PostgreSQL sessions. Throws `unavailable` while the database does not answer. */
export interface Auth {
  /** Who the cookie belongs to, read afresh: a changed role or a disabled account counts on the next request. */
  who(headers: Headers): Promise<SignedIn | null>;
  /** Returns the Set-Cookie headers, and ends the session that `headers` carry; throws `bad_input` for a wrong pair, `rate_limited` when throttled. */
  signIn(input: { email: string; password: string; address: string | null; headers: Headers }): Promise<string[]>;
  /** Ends the session and returns the Set-Cookie headers that forget it; without a session only those. */
  signOut(headers: Headers): Promise<string[]>;
  /**
   * Gives the person who is signed in a new password, ends their other sessions and returns the Set-Cookie headers of a new
   * one; throws `bad_input` with the field, `rate_limited` when the old one is guessed too often.
   */
  changePassword(input: {
    current: string;
    next: string;
    email: string;
    address: string | null;
    headers: Headers;
  }): Promise<string[]>;
}

const sessionSeconds = 30 * 24 * 3600;

/** better-auth over the given pool. `baseUrl` is exactly the address printed; https gets a `__Host-` cookie. */
export function createAuth(handle: Pick<DbHandle, 'db' | 'pool'>, options: { baseUrl: string; secret: string }): Auth {
  const secure = options.baseUrl.startsWith('https:');
  const cookieName = secure ? '__Host-firebreak' : 'firebreak-session';
  const auth = betterAuth({
    baseURL: options.baseUrl,
    secret: options.secret,
    database: { db: handle.db, type: 'postgres' },
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: shortestPassword,
      maxPasswordLength: longestPassword,
    },
    // Reading a page writes nothing: a session ends 30 days after its sign-in, used or not.
    session: { expiresIn: sessionSeconds, disableSessionRefresh: true, cookieCache: { enabled: false } },
    user: { additionalFields: { teams: { type: 'string', required: false, input: false } } },
    plugins: [admin({ defaultRole: 'viewer', adminRoles: ['admin'], roles: undefined })],
    advanced: {
      useSecureCookies: false,
      cookies: {
        session_token: { name: cookieName, attributes: { httpOnly: true, sameSite: 'lax', secure, path: '/' } },
      },
    },
  });
  const limits = createSignInLimits(handle.pool);

  async function sessionOf(headers: Headers) {
    if (!headers.get('cookie')?.includes(`${cookieName}=`)) return null;
    return auth.api.getSession({ headers: cookieOnly(headers) }).catch(unavailable);
  }

  async function endSession(headers: Headers): Promise<void> {
    const found = await sessionOf(headers);
    if (found) await handle.db.deleteFrom('session').where('id', '=', found.session.id).execute();
  }

  return {
    async who(headers) {
      const found = await sessionOf(headers);
      if (!found) return null;
      const { email, name, role, banned, banExpires, teams } = found.user as typeof found.user & {
        role?: string | null;
        banned?: boolean | null;
        banExpires?: Date | null;
        teams?: string | null;
      };
      const disabled = banned && !(banExpires && banExpires.getTime() <= Date.now());
      const known = personRoles.find((each) => each === role);
      // A role that nobody knows allows nothing.
      if (disabled || !known) return null;
      const namesake = await handle.db
        .selectFrom('user')
        .select(hasNamesake.as('shared'))
        .where('id', '=', found.user.id)
        .executeTakeFirst()
        .catch(unavailable);
      return {
        // What they do is written down under this name: of two namesakes it says which.
        actor: {
          email,
          name: calledName({ name, email, shared: namesake?.shared ?? false }),
          role: known,
          teams: (teams ?? '').split(',').filter(Boolean),
        },
        authenticatedAt: new Date(found.session.createdAt).getTime(),
      };
    },
    async signIn({ email, password, address, headers }) {
      const account = email.trim().toLowerCase();
      await limits.attempt(account, address);
      const from = new Headers({ 'user-agent': headers.get('user-agent') ?? '' });
      // The address that our own proxies vouch for, not the one the caller claims.
      if (address) from.set('x-forwarded-for', address);
      const response = await auth.api
        .signInEmail({ body: { email: account, password }, headers: from, asResponse: true })
        .catch(unavailable);
      if (response.status >= 500) unavailable();
      if (!response.ok) {
        throw new AppError('bad_input', 'The email or the password is not right.', { field: 'password' });
      }
      await limits.succeeded(account, address);
      await endSession(headers);
      return response.headers.getSetCookie();
    },
    async signOut(headers) {
      await endSession(headers);
      const response = await auth.api.signOut({ headers: cookieOnly(headers), asResponse: true });
      return response.headers.getSetCookie();
    },
    async changePassword({ current, next, email, address, headers }) {
      if (next.length < shortestPassword || next.length > longestPassword) {
        const message = `A password has ${shortestPassword} to ${longestPassword} characters.`;
        throw new AppError('bad_input', message, { field: 'next' });
      }
      await limits.attempt(email, address);
      const response = await auth.api
        .changePassword({
          body: { currentPassword: current, newPassword: next, revokeOtherSessions: true },
          headers: cookieOnly(headers),
          asResponse: true,
        })
        .catch(unavailable);
      if (response.status >= 500) unavailable();
      if (!response.ok) throw new AppError('bad_input', 'This is not your password.', { field: 'current' });
      await limits.succeeded(email, address);
      return response.headers.getSetCookie();
    },
  };
}

function unavailable(cause?: unknown): never {
  throw new AppError('unavailable', 'The database does not answer. Try again in a moment.', { cause });
}

/** Only what tells who asks: other headers of a request are the caller's own words. */
function cookieOnly(headers: Headers): Headers {
  return new Headers({ cookie: headers.get('cookie') ?? '' });
}
