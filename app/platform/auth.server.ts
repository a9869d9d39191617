import { betterAuth } from 'better-auth';
import { admin } from 'better-auth/plugins/admin';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Actor } from '../domain/run/run.ts';
import { AppError } from '../errors.ts';
import type { DbHandle } from './db.server.ts';

/** Somebody signed in: who they are and when they last showed their password (wall ms). */
export interface SignedIn {
  actor: Actor;
  authenticatedAt: number;
}

/** A person to create: invite only, so nobody signs up. */
export interface NewPerson {
  email: string;
  name: string;
  password: string;
  role: Exclude<Actor['role'], 'engine'>;
  teams: string[];
}

/** Sign-in by password on PostgreSQL sessions. */
export interface Auth {
  /** Who the cookie belongs to, read afresh: a changed role or a disabled account counts on the next request. */
  who(headers: Headers): Promise<SignedIn | null>;
  /** Returns the Set-Cookie headers; throws `bad_input` for a wrong pair, `rate_limited` when throttled. */
  signIn(input: { email: string; password: string; address: string | null; headers: Headers }): Promise<string[]>;
  signOut(headers: Headers): Promise<string[]>;
  /** Creates a person unless the email exists; true when created. */
  ensurePerson(person: NewPerson): Promise<boolean>;
  hasPeople(): Promise<boolean>;
}

const roles = ['viewer', 'product', 'responder', 'admin'] as const;

/** better-auth over the given pool. `baseUrl` is exactly the address printed; https gets a `__Host-` cookie. */
export function createAuth(handle: DbHandle, options: { baseUrl: string; secret: string }): Auth {
  const secure = options.baseUrl.startsWith('https:');
  const auth = betterAuth({
    baseURL: options.baseUrl,
    secret: options.secret,
    database: { db: handle.db, type: 'postgres' },
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 256 },
    session: { expiresIn: 30 * 24 * 3600, updateAge: 24 * 3600, cookieCache: { enabled: false } },
    user: { additionalFields: { teams: { type: 'string', required: false, input: false } } },
    plugins: [admin({ defaultRole: 'viewer', adminRoles: ['admin'], roles: undefined })],
    advanced: {
      useSecureCookies: false,
      cookies: {
        session_token: {
          name: secure ? '__Host-firebreak' : 'firebreak-session',
          attributes: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
        },
      },
    },
  });

  // Exact across processes; a memory limiter stands in while the database does not answer.
  const limiter = (keyPrefix: string, points: number) =>
    new RateLimiterPostgres({
      storeClient: handle.pool,
      tableName: 'rate_limit',
      tableCreated: true,
      keyPrefix,
      points,
      duration: 15 * 60,
      insuranceLimiter: new RateLimiterMemory({ points, duration: 15 * 60 }),
    });
  // By account *and* address together, so that nobody can lock somebody else out.
  const perPair = limiter('sign-in-pair', 5);
  const perAddress = limiter('sign-in-address', 20);

  async function consume(which: RateLimiterPostgres, key: string): Promise<void> {
    try {
      await which.consume(key);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      const minutes = Math.ceil(error.msBeforeNext / 60_000);
      throw new AppError('rate_limited', `Too many attempts. Try again in ${minutes} min.`);
    }
  }

  return {
    async who(headers) {
      if (!headers.get('cookie')) return null;
      const found = await auth.api.getSession({ headers });
      if (!found) return null;
      const user = found.user as typeof found.user & {
        role?: string | null;
        banned?: boolean | null;
        teams?: string | null;
      };
      if (user.banned) return null;
      const role = roles.find((name) => name === user.role) ?? 'viewer';
      return {
        actor: { email: user.email, name: user.name, role, teams: (user.teams ?? '').split(',').filter(Boolean) },
        authenticatedAt: new Date(found.session.createdAt).getTime(),
      };
    },
    async signIn({ email, password, address, headers }) {
      const account = email.trim().toLowerCase();
      await consume(perAddress, address ?? 'unknown');
      await consume(perPair, `${account}|${address ?? 'unknown'}`);
      const response = await auth.api.signInEmail({
        body: { email: account, password },
        headers,
        asResponse: true,
      });
      if (!response.ok)
        throw new AppError('bad_input', 'The email or the password is not right.', { field: 'password' });
      await perPair.delete(`${account}|${address ?? 'unknown'}`);
      return response.headers.getSetCookie();
    },
    async signOut(headers) {
      const response = await auth.api.signOut({ headers, asResponse: true });
      return response.headers.getSetCookie();
    },
    async ensurePerson(person) {
      const known = await handle.db
        .selectFrom('user')
        .select('id')
        .where('email', '=', person.email)
        .executeTakeFirst();
      if (known) return false;
      const context = await auth.$context;
      const created = await context.internalAdapter.createUser(
        {
          email: person.email,
          name: person.name,
          emailVerified: true,
          role: person.role,
          teams: person.teams.join(','),
        },
        { method: 'admin' },
      );
      await context.internalAdapter.linkAccount({
        userId: created.id,
        accountId: created.id,
        providerId: 'credential',
        password: await context.password.hash(person.password),
      });
      return true;
    },
    async hasPeople() {
      return (await handle.db.selectFrom('user').select('id').limit(1).executeTakeFirst()) !== undefined;
    },
  };
}
