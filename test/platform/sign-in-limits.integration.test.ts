import { beforeAll, beforeEach, expect, test } from 'vitest';
import { openDb } from '#app/platform/db.server.ts';
import { createSignInLimits, type SignInLimits } from '#app/platform/sign-in-limits.server.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase();
let limits: SignInLimits;
let round = 0;

beforeAll(async () => {
  limits = createSignInLimits(database.pool);
});
beforeEach(() => {
  round += 1;
});

/** Addresses of this test's own. */
const here = (n = 1) => `10.2.${round}.${n}`;
const ada = 'ada@example.com';

/** How many of `times` attempts are let through. */
async function through(times: number, account: string | ((n: number) => string), address = here(), from = limits) {
  const tries = Array.from({ length: times }, (_, n) =>
    from.attempt(typeof account === 'string' ? account : account(n), address).then(
      () => 1,
      (error: { code: string }) => {
        expect(error.code).toBe('rate_limited');
        return 0;
      },
    ),
  );
  return (await Promise.all(tries)).reduce<number>((sum, one) => sum + one, 0);
}

test('five attempts an account and address, and then when to come again', async () => {
  expect(await through(9, ada)).toBe(5);
  const refusal = await limits.attempt(ada, here()).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ status: 429, message: 'Too many attempts. Try again in 15 min.' });
  const { headers } = refusal as { headers: Record<string, string> };
  expect(headers).toMatchObject({ 'RateLimit-Limit': '5', 'RateLimit-Remaining': '0' });
  expect(Number(headers['Retry-After'])).toBeGreaterThan(800);
});

test('nobody locks somebody else out: the same account elsewhere, another account here', async () => {
  await through(9, ada);
  expect(await through(1, ada, here(2))).toBe(1);
  expect(await through(1, 'vera@example.com')).toBe(1);
});

test('twenty attempts an address, over however many accounts, and the account stays open elsewhere', async () => {
  expect(await through(25, (n) => `somebody-${n}@example.com`)).toBe(20);
  expect(await through(1, ada)).toBe(0);
  expect(await through(1, ada, here(2))).toBe(1);
});

test('an account is not charged for an address that is closed', async () => {
  await through(20, (n) => `somebody-${n}@example.com`);
  for (let n = 0; n < 9; n++) expect(await through(1, ada)).toBe(0);
  await database.pool.query(`delete from rate_limit where key like 'sign-in-address:${here()}%'`);
  expect(await through(9, ada)).toBe(5);
});

test('one wrong password repeated does not use up the address', async () => {
  await through(40, ada);
  expect(await through(10, (n) => `colleague-${n}@example.com`)).toBe(10);
});

test('a right password gives its attempt back and forgets the wrong ones before it', async () => {
  for (let n = 0; n < 25; n++) {
    await limits.attempt(ada, here());
    await limits.succeeded(ada, here());
  }
  expect(await through(4, ada)).toBe(4);
  await limits.attempt(ada, here());
  await limits.succeeded(ada, here());
  expect(await through(9, ada)).toBe(5);
});

test('everybody in one /64 counts as one address', async () => {
  expect(await through(25, (n) => `six-${n}@example.com`, `2001:db8:${round}::1`)).toBe(20);
  expect(await through(1, ada, `2001:db8:${round}::2`)).toBe(0);
  expect(await through(1, ada, `2001:db8:${round}:1::2`)).toBe(1);
});

test('is exact across processes', async () => {
  const other = createSignInLimits(database.pool);
  const [here5, there5] = await Promise.all([through(6, ada), through(6, ada, here(), other)]);
  expect(here5 + there5).toBe(5);
});

test('throttles from memory while the database does not answer', async () => {
  const gone = openDb('postgres://nobody:nothing@127.0.0.1:1/none', { onError: () => undefined });
  expect(await through(9, ada, here(), createSignInLimits(gone.pool))).toBe(5);
  await gone.close();
});
