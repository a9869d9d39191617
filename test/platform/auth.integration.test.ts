import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Auth, createAuth } from '#app/platform/auth.server.ts';
import { openDb } from '#app/platform/db.server.ts';
import { ensurePerson, hasPeople, setDisabled, setPassword } from '#app/platform/people.server.ts';
import { testDatabase } from '#test/support/database.ts';

const password = 'a-long-enough-password';
const secret = 'a-secret-that-has-32-characters-!';
const database = testDatabase();
let auth: Auth;
let round = 0;

beforeAll(async () => {
  auth = createAuth(database, { baseUrl: 'http://127.0.0.1:4300', secret });
  for (const [name, role] of [
    ['ada', 'responder'],
    ['vera', 'viewer'],
  ] as const)
    await ensurePerson(database.db, { email: `${name}@example.com`, name, role, teams: ['voice', 'media'], password });
});
beforeEach(() => {
  round += 1;
});

/** An address of this test's own, so that tests do not throttle each other. */
const here = (n = 1) => `10.1.${round}.${n}`;
const none = new Headers();
const signIn = (over: Partial<Parameters<Auth['signIn']>[0]> = {}) =>
  auth.signIn({ email: 'ada@example.com', password, address: here(), headers: none, ...over });
/** What a browser sends back after these Set-Cookie headers. */
const cookieOf = (setCookies: string[]) =>
  new Headers({ cookie: setCookies.map((cookie) => cookie.split(';', 1)[0]).join('; ') });
const change = (set: { role?: string | null; banned?: boolean; banExpires?: Date | null }) =>
  database.db.updateTable('user').set(set).where('email', '=', 'ada@example.com').execute();
const sessions = async () =>
  (
    await database.db
      .selectFrom('session')
      .innerJoin('user', 'user.id', 'session.userId')
      .select(['session.id', 'ipAddress'])
      .where('email', '=', 'ada@example.com')
      .execute()
  ).length;

describe('signing in', () => {
  test('with the right password says who, with teams, and when', async () => {
    const before = Date.now() - 1_000;
    const signedIn = await auth.who(cookieOf(await signIn({ email: ' Ada@Example.com ' })));
    expect(signedIn?.actor).toEqual({
      email: 'ada@example.com',
      name: 'ada',
      role: 'responder',
      teams: ['voice', 'media'],
    });
    expect(signedIn?.authenticatedAt).toBeGreaterThan(before);
  });

  test('of two people with one name says which, and of one alone only the name', async () => {
    const cookie = cookieOf(await signIn());
    const other = { email: 'ada@abroad.example', name: 'Ada', role: 'viewer' as const, teams: [], password };
    await ensurePerson(database.db, other);
    expect((await auth.who(cookie))?.actor.name).toBe('ada (ada@example.com)');
    await database.db.deleteFrom('user').where('email', '=', other.email).execute();
    expect((await auth.who(cookie))?.actor.name).toBe('ada');
  });

  test('sets one HttpOnly cookie for 30 days; https adds Secure and the __Host- prefix', async () => {
    const [plain, ...more] = await signIn();
    expect(more).toEqual([]);
    expect(plain).toMatch(/^firebreak-session=[^;]{20,};/);
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Max-Age=2592000']) expect(plain).toContain(part);
    expect(plain).not.toMatch(/Secure|Domain/);
    const overTls = createAuth(database, { baseUrl: 'https://firebreak.example', secret });
    const [secure] = await overTls.signIn({ email: 'ada@example.com', password, address: here(), headers: none });
    expect(secure).toMatch(/^__Host-firebreak=/);
    for (const part of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/']) expect(secure).toContain(part);
    expect(secure).not.toContain('Domain');
  });

  test.each([
    ['a wrong password', { password: 'another-long-password' }],
    ['an unknown account', { email: 'nobody@example.com' }],
    ['a password that is too long', { password: 'x'.repeat(300) }],
  ])('with %s says the same, whoever asks', async (_, over) => {
    await expect(signIn(over)).rejects.toMatchObject({
      code: 'bad_input',
      field: 'password',
      message: 'The email or the password is not right.',
    });
  });

  test('again ends the session that was there', async () => {
    await database.db.deleteFrom('session').execute();
    const first = cookieOf(await signIn());
    const second = cookieOf(await signIn({ headers: first }));
    expect(await auth.who(first)).toBeNull();
    expect(await auth.who(second)).not.toBeNull();
    expect(await sessions()).toBe(1);
  });

  test('records the address our proxies vouch for, not the one the caller claims', async () => {
    await database.db.deleteFrom('session').execute();
    await signIn({ headers: new Headers({ 'x-forwarded-for': '6.6.6.6', 'user-agent': 'a browser' }) });
    const rows = await database.db.selectFrom('session').select(['ipAddress', 'userAgent']).execute();
    expect(rows).toEqual([{ ipAddress: here(), userAgent: 'a browser' }]);
  });
});

describe('who', () => {
  test('is nobody without a cookie, with another cookie, and with a forged or cut one', async () => {
    const [cookie = ''] = await signIn();
    const value = cookie.split(';', 1)[0] ?? '';
    const strangers = ['', 'theme=dark', 'firebreak-session=', 'firebreak-session=abc.def', value.slice(0, -3)];
    strangers.push(value.replace('=', '=x'), '__Host-firebreak=abc', `firebreak-session=${'%'.repeat(50)}`);
    for (const each of strangers) expect(await auth.who(new Headers({ cookie: each }))).toBeNull();
    expect(await auth.who(new Headers({ cookie: `theme=dark; ${value}` }))).not.toBeNull();
  });

  test('counts a changed role on the next request; a role nobody knows allows nothing', async () => {
    const headers = cookieOf(await signIn());
    await change({ role: 'viewer' });
    expect((await auth.who(headers))?.actor.role).toBe('viewer');
    for (const role of ['engine', 'king', '', null]) {
      await change({ role });
      expect(await auth.who(headers)).toBeNull();
    }
    await change({ role: 'responder' });
    expect((await auth.who(headers))?.actor.role).toBe('responder');
  });

  test('counts a disabled account on the next request, and lets it in nowhere', async () => {
    const headers = cookieOf(await signIn());
    await change({ banned: true });
    expect(await auth.who(headers)).toBeNull();
    await expect(signIn({ address: here(2) })).rejects.toMatchObject({ code: 'bad_input' });
    await change({ banned: true, banExpires: new Date(Date.now() + 60_000) });
    expect(await auth.who(headers)).toBeNull();
    await change({ banned: true, banExpires: new Date(Date.now() - 1_000) });
    expect(await auth.who(headers)).not.toBeNull();
    await change({ banned: false, banExpires: null });
    expect(await auth.who(headers)).not.toBeNull();
  });

  test('is nobody once the session has ended', async () => {
    const headers = cookieOf(await signIn());
    await database.db
      .updateTable('session')
      .set({ expiresAt: new Date(Date.now() - 1) })
      .execute();
    expect(await auth.who(headers)).toBeNull();
  });

  test('reading writes nothing, so that a session ends when it was said to', async () => {
    const headers = cookieOf(await signIn());
    const old = new Date(Date.now() - 20 * 86_400_000);
    const soon = new Date(Date.now() + 10 * 86_400_000);
    await database.db.updateTable('session').set({ createdAt: old, updatedAt: old, expiresAt: soon }).execute();
    expect((await auth.who(headers))?.authenticatedAt).toBe(old.getTime());
    const [row] = await database.db.selectFrom('session').select(['updatedAt', 'expiresAt']).execute();
    expect(row).toEqual({ updatedAt: old, expiresAt: soon });
  });
});

test('signing out ends the session and forgets the cookie', async () => {
  const headers = cookieOf(await signIn());
  const cookies = await auth.signOut(headers);
  expect(cookies.find((cookie) => cookie.startsWith('firebreak-session='))).toMatch(/^firebreak-session=;.*Max-Age=0/);
  expect(await auth.who(headers)).toBeNull();
  expect((await auth.signOut(none)).some((cookie) => cookie.startsWith('firebreak-session=;'))).toBe(true);
});

test('five wrong passwords close an account for that address, not for another one, and say until when', async () => {
  const wrong = () => signIn({ password: 'a-wrong-password' }).catch((error: { code: string }) => error.code);
  const codes = await Promise.all(Array.from({ length: 7 }, wrong));
  expect(codes.sort()).toEqual([...Array.from({ length: 5 }, () => 'bad_input'), 'rate_limited', 'rate_limited']);
  const refusal = await signIn().catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'rate_limited', message: 'Too many attempts. Try again in 15 min.' });
  await signIn({ address: here(2) });
});

describe('people', () => {
  test('exist once, also when two processes start at once, and keep the password they have', async () => {
    const grace = { email: 'Grace@example.com', name: 'grace', role: 'admin', teams: [], password } as const;
    const made = await Promise.all(Array.from({ length: 4 }, () => ensurePerson(database.db, grace)));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await ensurePerson(database.db, { ...grace, password: 'another-long-password', role: 'viewer' })).toBe(
      false,
    );
    const signedIn = await auth.who(cookieOf(await signIn({ email: 'grace@example.com' })));
    expect(signedIn?.actor.role).toBe('admin');
    expect(await hasPeople(database.db)).toBe(true);
  });

  test('change their own password: the old one must be right, and every other session ends', async () => {
    await ensurePerson(database.db, {
      email: 'edsger@example.com',
      name: 'edsger',
      role: 'viewer',
      teams: [],
      password,
    });
    const as = { email: 'edsger@example.com' };
    const here1 = cookieOf(await signIn(as));
    const elsewhere = cookieOf(await signIn({ ...as, address: here(2) }));
    const ask = (current: string, next: string) =>
      auth.changePassword({ ...as, current, next, address: here(), headers: here1 });
    await expect(ask('a-wrong-password', 'a-new-long-password')).rejects.toMatchObject({ field: 'current' });
    await expect(ask(password, 'short')).rejects.toMatchObject({ field: 'next' });
    const renewed = cookieOf(await ask(password, 'a-new-long-password'));
    expect((await auth.who(renewed))?.actor.email).toBe(as.email);
    expect(await auth.who(elsewhere)).toBeNull();
    await expect(signIn({ ...as, address: here(3) })).rejects.toMatchObject({ code: 'bad_input' });
    await signIn({ ...as, password: 'a-new-long-password', address: here(4) });
  });

  test('get another password or are disabled by the command line, and their sessions end', async () => {
    const as = { email: 'barbara@example.com' };
    await ensurePerson(database.db, { ...as, name: 'barbara', role: 'viewer', teams: [], password });
    const before = cookieOf(await signIn(as));
    expect(await setPassword(database.db, 'Barbara@example.com', 'given-by-an-admin')).toBe(true);
    expect(await auth.who(before)).toBeNull();
    const after = cookieOf(await signIn({ ...as, password: 'given-by-an-admin', address: here(2) }));
    expect(await setDisabled(database.db, as.email, true)).toBe(true);
    expect(await auth.who(after)).toBeNull();
    await expect(signIn({ ...as, password: 'given-by-an-admin', address: here(3) })).rejects.toThrow();
    expect(await setDisabled(database.db, as.email, false)).toBe(true);
    expect(await setDisabled(database.db, 'nobody@example.com', true)).toBe(false);
    await signIn({ ...as, password: 'given-by-an-admin', address: here(4) });
  });

  test('passwords and session tokens are not stored as they are', async () => {
    const accounts = await database.db.selectFrom('account').select('password').execute();
    for (const account of accounts) expect(account.password).not.toContain(password);
  });
});

test('without a database nobody is told that the password was wrong', async () => {
  const gone = openDb('postgres://nobody:nothing@127.0.0.1:1/none', { onError: () => undefined });
  const lost = createAuth(gone, { baseUrl: 'http://127.0.0.1:4300', secret });
  const headers = cookieOf(await signIn());
  await expect(lost.who(headers)).rejects.toMatchObject({ code: 'unavailable', status: 503 });
  const tried = lost.signIn({ email: 'ada@example.com', password, address: here(), headers: none });
  await expect(tried).rejects.toMatchObject({ code: 'unavailable' });
  await gone.close();
});
