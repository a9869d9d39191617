import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { preparingClient } from '#app/platform/prepared.server.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase({ each: true });
let pool: pg.Pool;

beforeEach(async () => {
  // One connection: what it has prepared can be asked of it.
  pool = new pg.Pool({ connectionString: database.url, max: 1, Client: preparingClient() });
  await pool.query('create table film (id integer primary key, title text)');
  await pool.query(`insert into film values (1, 'one'), (2, 'two')`);
});
afterEach(async () => {
  await pool.end();
});

async function often(text: string, values: unknown[] = [1]): Promise<unknown[]> {
  let rows: unknown[] = [];
  for (let time = 0; time < 30; time++) rows = (await pool.query(text, values)).rows;
  return rows;
}

async function prepared(): Promise<string[]> {
  const { rows } = await pool.query<{ statement: string }>('select statement from pg_prepared_statements');
  return rows.map(({ statement }) => statement);
}

test('what is asked again and again is prepared, with its own values each time', async () => {
  const text = 'select title from film where id = $1';
  expect(await often(text)).toEqual([{ title: 'one' }]);
  expect(await prepared()).toEqual([text]);
  expect((await pool.query(text, [2])).rows).toEqual([{ title: 'two' }]);
});

test('what is asked a few times is not', async () => {
  for (let time = 0; time < 5; time++) await pool.query('select title from film where id = $1', [1]);
  expect(await prepared()).toEqual([]);
});

test('a column that a migration adds breaks nothing that was asked often before it', async () => {
  const texts = [
    'select * from film where id = $1',
    'update film set title = title where id = $1 returning *',
    'select row_to_json(film) as row, (select count(*) from film) as all from film where id = $1',
  ];
  for (const text of texts) await often(text);
  expect(await prepared()).toEqual([texts[2]]);
  await pool.query('alter table film add column year integer');
  for (const text of texts) expect((await pool.query(text, [1])).rows).toHaveLength(1);
});

test('a statement that failed the first time it was prepared can be asked again', async () => {
  const text = 'insert into film (id, title) values ($1, $2)';
  for (let id = 10; id < 29; id++) await pool.query(text, [id, 'some']);
  await expect(pool.query(text, [10, 'twice'])).rejects.toThrow('film_pkey');
  await pool.query(text, [30, 'other']);
  expect(await prepared()).toEqual([text]);
});

test('several statements in one text, and what is no statement of rows, go as they are', async () => {
  for (let time = 0; time < 30; time++) {
    await pool.query('select 1 as one; select 2 as two');
    await pool.query('begin');
    await pool.query('commit');
  }
  expect(await prepared()).toEqual([]);
});

test('texts that come once, however many, keep nothing that is asked often from being prepared', async () => {
  for (let time = 0; time < 1_100; time++) await pool.query(`select title from film where id = $1 -- ${time}`, [1]);
  const text = 'select title from film where id = $1';
  await often(text);
  expect(await prepared()).toEqual([text]);
});
