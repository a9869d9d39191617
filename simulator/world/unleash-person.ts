import { randomBytes } from 'node:crypto';
import { type AdminStrategy, flagPath, type UnleashCall, unleashCaller } from './unleash-api.ts';

/** Somebody with an Unleash account of their own: what they do is in Unleash's audit under their name. */
export interface UnleashPerson {
  email: string;
  /** Brings a flag's only rollout to `percent` in production and switches the flag on. */
  setRollout(flag: string, percent: number): Promise<void>;
  setEnabled(flag: string, enabled: boolean): Promise<void>;
  /** Percent of the flag's only rollout in production, whether it is on or not. */
  rollout(flag: string): Promise<number>;
}

const editorRole = 2;

/**
 * Creates the account if it is missing and signs in as a person would, by password. The user name, which Unleash's
 * audit shows, is the part of the email before the @: its email field refuses reserved domains such as `.example`.
 */
export async function signInPerson(url: string, admin: UnleashCall, email: string): Promise<UnleashPerson> {
  const username = email.split('@')[0]!;
  const password = `Aa1!${randomBytes(18).toString('base64url')}`;
  const { users } = (await admin('GET', '/user-admin')) as { users: { id: number; username?: string }[] };
  const existing = users.find((user) => user.username === username);
  if (existing) await admin('POST', `/user-admin/${existing.id}/change-password`, { password });
  else {
    const name = username.charAt(0).toUpperCase() + username.slice(1);
    await admin('POST', '/user-admin', { username, name, password, rootRole: editorRole, sendEmail: false });
  }
  const call = unleashCaller(url, { cookie: await signIn(url, username, password) });
  const gradual = async (flag: string): Promise<AdminStrategy> => {
    const strategies = (await call('GET', `${flagPath(flag, 'production')}/strategies`)) as AdminStrategy[];
    const found = strategies.find((strategy) => strategy.name === 'flexibleRollout');
    if (!found) throw new Error(`${flag} has no gradual rollout in production.`);
    return found;
  };
  return {
    email,
    rollout: async (flag) => Number((await gradual(flag)).parameters.rollout),
    async setRollout(flag, percent) {
      const path = flagPath(flag, 'production');
      const rollout = await gradual(flag);
      const parameters = { ...rollout.parameters, rollout: String(percent) };
      await call('PUT', `${path}/strategies/${rollout.id}`, { ...rollout, parameters });
      await call('POST', `${path}/on`);
    },
    setEnabled: async (flag, enabled) => {
      await call('POST', `${flagPath(flag, 'production')}/${enabled ? 'on' : 'off'}`);
    },
  };
}

async function signIn(url: string, username: string, password: string): Promise<string> {
  const response = await fetch(`${url}/auth/simple/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
    signal: AbortSignal.timeout(15_000),
  });
  // Unleash sends the headers before it has stored the session, and the last byte after: only a whole answer is a session.
  const body = await response.text();
  if (!response.ok) throw new Error(`${username} cannot sign in to Unleash: ${response.status} ${body}`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
