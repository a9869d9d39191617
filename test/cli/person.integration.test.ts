import { expect, test } from 'vitest';
import { createAuth } from '#app/platform/auth.server.ts';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { run } from '#cli/run.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();

async function cli(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run(args, {
    env: { DATABASE_URL: database.url },
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}
const signIn = (password: string) =>
  createAuth(database, { baseUrl: 'http://127.0.0.1:4300', secret: 'a-secret-that-has-32-characters-!' })
    .signIn({ email: 'ada@studio.example', password, address: null, headers: new Headers() })
    .then((cookies) => cookies.length > 0)
    .catch((error: { message: string }) => error.message);
const lines = async () => (await createAuditStore(database.db).page({ limit: 10 })).map(({ action }) => action);

test('a person is created, gets another password, is kept out and let in again, each with its audit line', async () => {
  const create = ['person', 'create', '--email', 'Ada@studio.example', '--name', 'Ada', '--role', 'responder'];
  const made = await cli(...create, '--team', 'media');
  expect(made).toMatchObject({ code: 0, err: '' });
  expect(await signIn(made.out)).toBe(true);
  expect(await cli(...create)).toEqual({ code: 1, out: '', err: 'ada@studio.example exists already.' });

  const renewed = await cli('person', 'password', '--email', 'ada@studio.example');
  expect(await signIn(made.out)).toBe('The email or the password is not right.');
  expect(await signIn(renewed.out)).toBe(true);

  expect((await cli('person', 'disable', '--email', 'ada@studio.example')).code).toBe(0);
  expect(await signIn(renewed.out)).not.toBe(true);
  expect((await cli('person', 'disable', '--email', 'ada@studio.example', '--undo')).code).toBe(0);
  expect(await signIn(renewed.out)).toBe(true);
  expect(await lines()).toEqual(['person.disable', 'person.disable', 'person.password', 'person.create']);
});

test.each([
  [['--email', 'x@y', '--name', 'X', '--role', 'king'], '--role is one of viewer, product, responder, admin.'],
  [['--email', 'nobody', '--name', 'X', '--role', 'viewer'], '--email is no email address.'],
  [['--email', 'x@y', '--role', 'viewer'], '--name is missing.'],
])('a wrong option is named: %j', async (args, message) => {
  const refused = await cli('person', 'create', ...args);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain(message);
});

test('who does not exist is said, and nothing is audited', async () => {
  const before = await lines();
  expect(await cli('person', 'password', '--email', 'nobody@studio.example')).toEqual({
    code: 1,
    out: '',
    err: 'Nobody signs in as nobody@studio.example.',
  });
  expect(await lines()).toEqual(before);
});
