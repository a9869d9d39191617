import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ensureBuild } from '#scripts/supervisor/build.ts';
import { type Child, startChild } from '#scripts/supervisor/process.ts';
import { testDatabase } from '#test/support/database.ts';
import { nobodyOutside } from '#test/support/nobody-outside.ts';

const password = 'a-long-enough-password';
const folder = mkdtempSync(join(tmpdir(), 'firebreak-server-'));
const database = testDatabase();
let children: Child[] = [];
/** One console that the tests of signing in share. */
let shared: Awaited<ReturnType<typeof start>>;

beforeAll(async () => {
  ensureBuild(() => undefined);
  shared = await start('shared');
  children = [];
}, 240_000);
afterEach(async () => {
  for (const child of children) await child.stop(5_000);
  children = [];
});
afterAll(async () => {
  await shared?.child.stop(5_000);
  rmSync(folder, { recursive: true, force: true });
});

function settings(): Record<string, string> {
  return {
    ...nobodyOutside([
      { email: 'ada@example.com', name: 'Ada', role: 'responder', teams: [], password },
      { email: 'vera@example.com', name: 'Vera', role: 'viewer', teams: [], password },
    ]),
    HOST: '127.0.0.1',
    FIREBREAK_ROLE: 'web',
    FIREBREAK_BASE_URL: '',
    DATABASE_URL: database.url,
  };
}

async function start(name: string, env = settings()) {
  const logFile = join(folder, `${name}.log`);
  const child = await startChild({
    name: 'The console',
    script: 'server.ts',
    env,
    logFile,
    helloKeys: ['listening'],
    timeoutMs: 60_000,
  });
  children.push(child);
  return { child, url: String(child.hello.listening), log: () => readFileSync(logFile, 'utf8') };
}

const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers, redirect: 'manual' });
const post = (url: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { 'sec-fetch-site': 'same-origin', ...headers },
    redirect: 'manual',
  });
const cookieOf = (answer: Response) => ({
  cookie: answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; '),
});

function open(url: string, options: { method?: string; headers: Record<string, string> }) {
  const req: ClientRequest = request(url, { agent: false, ...options });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    req.on('response', resolve);
    req.on('error', reject);
  });
  return { req, answer };
}

test('a person signs in, is known on every page, and is nobody after signing out', async () => {
  const { url, log } = shared;
  const led = await get(`${url}/runs/some-run?x=1`);
  expect(led.headers.get('location')).toBe('/sign-in?next=%2Fruns%2Fsome-run%3Fx%3D1');

  const wrong = await post(`${url}/sign-in`, { email: 'ada@example.com', password: 'not-the-password', next: '/runs' });
  expect(wrong.status).toBe(400);
  const page = await wrong.text();
  expect(page).toContain('The email or the password is not right.');
  expect(page).toContain('value="ada@example.com"');
  expect(page).not.toContain('not-the-password');

  const form = { email: 'ada@example.com', password, next: '/follow-ups' };
  const signedIn = await post(`${url}/sign-in`, form);
  expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, '/follow-ups']);
  expect(signedIn.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^firebreak-session=.*HttpOnly; SameSite=Lax$/i),
  ]);
  expect(await signedIn.text()).toBe('');
  const cookie = cookieOf(signedIn);
  const home = await get(url, cookie);
  expect(home.status).toBe(200);
  expect(await home.text()).toContain('ada@example.com');
  expect((await get(`${url}/sign-in?next=%2Fruns`, cookie)).headers.get('location')).toBe('/runs');

  const again = await (await get(`${url}/sign-in?again=1&next=%2Fruns%2Fr1%23step-kill`, cookie)).text();
  expect(again).toContain('Your password once more');
  expect(again).toContain('value="ada@example.com"');
  expect(again).toContain('value="/runs/r1#step-kill"');
  const renewed = await post(`${url}/sign-in`, { ...form, next: '/runs/r1#step-kill' }, cookie);
  expect(renewed.headers.get('location')).toBe('/runs/r1#step-kill');
  expect((await get(url, cookie)).headers.get('location')).toBe('/sign-in');

  const out = await post(`${url}/sign-out`, {}, cookieOf(renewed));
  expect([out.status, out.headers.get('location')]).toEqual([303, '/sign-in']);
  expect((await get(url, cookieOf(renewed))).headers.get('location')).toBe('/sign-in');

  for (const secret of [
    password,
    'not-the-password',
    cookie.cookie.split('=')[1] ?? '',
    'unleash-admin-token',
    'x=1',
  ]) {
    expect(log()).not.toContain(secret);
  }
});

test('a changed role and a disabled account count on the next request', async () => {
  const { url } = shared;
  const cookie = cookieOf(await post(`${url}/sign-in`, { email: 'vera@example.com', password }));
  const { db } = database;
  const clear = () => post(`${url}/follow-ups`, { intent: 'clear', id: 'none' }, cookie);
  expect((await clear()).status).toBe(403);
  await db.updateTable('user').set({ role: 'responder' }).where('email', '=', 'vera@example.com').execute();
  expect((await clear()).status).toBe(409);
  await db.updateTable('user').set({ banned: true }).where('email', '=', 'vera@example.com').execute();
  expect((await clear()).headers.get('location')).toMatch(/^\/sign-in/);
  expect((await get(url, cookie)).headers.get('location')).toBe('/sign-in');
  expect((await get(`${url}/events`, cookie)).status).toBe(401);
  await db.updateTable('user').set({ role: 'viewer', banned: false }).where('email', '=', 'vera@example.com').execute();
});

test('acting with an old sign-in asks for the password again', async () => {
  const { url } = shared;
  const cookie = cookieOf(await post(`${url}/sign-in`, { email: 'ada@example.com', password }));
  const { db } = database;
  const clear = () => post(`${url}/follow-ups`, { intent: 'clear', id: 'none' }, cookie);
  expect((await clear()).status).toBe(409);
  await db
    .updateTable('session')
    .set({ createdAt: new Date(Date.now() - 10 * 60_000 - 1_000) })
    .execute();
  expect((await clear()).headers.get('location')).toBe('/sign-in?again=1&next=%2Ffollow-ups');
  expect((await get(url, cookie)).status).toBe(200);
});

test('a stop says so first, answers what is under way, ends the streams, and leaves with 0', async () => {
  const { child, url, log } = await start('stop');
  const cookie = cookieOf(await post(`${url}/sign-in`, { email: 'ada@example.com', password }));
  const events = open(`${url}/events`, { headers: cookie });
  events.req.end();
  const stream = await events.answer;
  let streamEnded = false;
  stream.on('end', () => {
    streamEnded = true;
  });
  stream.resume();
  const body = `email=ada%40example.com&password=${password}&next=%2Fruns`;
  const slow = open(`${url}/sign-in`, {
    method: 'POST',
    headers: {
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(body.length),
    },
  });
  slow.req.write(body.slice(0, 10));
  expect((await get(`${url}/ready`)).status).toBe(200);

  process.kill(child.pid, 'SIGTERM');
  await vi.waitFor(async () => {
    const ready = await get(`${url}/ready`);
    expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
    expect(await ready.json()).toMatchObject({ status: 'unavailable', draining: true, database: 'ok' });
  });
  // Balancers still look away: meanwhile everything is served.
  expect((await get(url, cookie)).status).toBe(200);
  expect(streamEnded).toBe(false);

  await vi.waitFor(() => expect(streamEnded).toBe(true), 10_000);
  await expect(get(`${url}/live`)).rejects.toThrow();
  slow.req.end(body.slice(10));
  const answer = await slow.answer;
  expect([answer.statusCode, answer.headers.location]).toEqual([303, '/runs']);
  answer.resume();
  expect(await child.exited).toBe(0);
  expect(log()).not.toMatch(/"severity":"(ERROR|CRITICAL)"/);
});

test('a second signal ends it at once', async () => {
  const { child } = await start('twice');
  process.kill(child.pid, 'SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 300));
  process.kill(child.pid, 'SIGTERM');
  expect(await child.exited).toBe(1);
});

test('wrong settings stop the start, each by its name', async () => {
  const env = { ...settings(), PORT: 'high', UNLEASH_URL: '', FIREBREAK_MODE: 'yolo' };
  const failed = start('settings', env);
  await expect(failed).rejects.toThrow();
  const said = readFileSync(join(folder, 'settings.log'), 'utf8');
  for (const name of ['PORT', 'UNLEASH_URL', 'FIREBREAK_MODE']) expect(said).toContain(`  ${name}: `);
  expect(said).not.toContain('    at ');
});

test('a port that is taken is said plainly', async () => {
  const { url } = shared;
  await expect(start('second', { ...settings(), PORT: new URL(url).port })).rejects.toThrow();
  expect(readFileSync(join(folder, 'second.log'), 'utf8')).toContain(`cannot listen on 127.0.0.1:${new URL(url).port}`);
});
