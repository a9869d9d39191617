import { expect, test } from 'vitest';
import type { Actor } from '#app/domain/run/run.ts';
import { createPeopleStore } from '#app/stores/people.server.ts';
import { disable, giveAccounts } from '#test/support/accounts.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase({ each: true, max: 1 });

const ada: Actor = { email: 'ada@studio.example', name: 'Ada Byron', role: 'responder', teams: [] };
const grace: Actor = { email: 'grace@studio.example', name: 'Grace', role: 'responder', teams: [] };
const namesake: Actor = { email: 'grace@abroad.example', name: 'grace ', role: 'product', teams: [] };

const names = (...who: (string | null)[]) => createPeopleStore(database.db, () => 0).names(who);

test('people are called by their names, also once they are disabled; whoever has no account is not', async () => {
  await giveAccounts(database.db, [ada, grace]);
  await disable(database.db, ada);
  expect(await names('Ada@studio.example', null, 'engine', 'gone@studio.example')).toEqual({
    'ada@studio.example': 'Ada Byron',
  });
});

test('of two people with one name each is called with their address, whoever else is asked for', async () => {
  await giveAccounts(database.db, [ada, grace, namesake]);
  expect(await names(grace.email, ada.email)).toEqual({
    'grace@studio.example': 'Grace (grace@studio.example)',
    'ada@studio.example': 'Ada Byron',
  });
});

test('whoever has a namesake acts under a name that says which of them it is, and is chosen by it', async () => {
  await giveAccounts(database.db, [ada, grace, namesake]);
  const people = createPeopleStore(database.db, () => 0);
  expect((await people.get(grace.email))?.name).toBe('Grace (grace@studio.example)');
  expect((await people.get(ada.email))?.name).toBe('Ada Byron');
  expect((await people.acting()).map(({ name }) => name).sort()).toEqual([
    'Ada Byron',
    'Grace (grace@studio.example)',
    'grace (grace@abroad.example)',
  ]);
});
