import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import pino from 'pino';
import { afterEach, expect, test } from 'vitest';
import { standForLeader } from '#app/engine/leader.server.ts';
import { testDatabase } from '../support/database.ts';

const log = pino({ level: 'silent' });
const database = testDatabase({ each: true });
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** One process that stands; `turns` is what it was told, in order. */
function stand(won: () => Promise<void> = async () => undefined) {
  const turns: string[] = [];
  const standing = standForLeader(
    database.url,
    {
      won: async () => {
        turns.push('won');
        await won();
      },
      lost: async () => void turns.push('lost'),
    },
    log,
  );
  stops.push(standing.stop);
  return { turns, stop: standing.stop };
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await sleep(20);
}

/** Ends the leader's connection from the other side, as a restart of PostgreSQL does. */
async function cutLeader(): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    `select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
     where l.locktype = 'advisory' and l.granted and d.datname = current_database() and l.pid <> pg_backend_pid()`,
  );
  await client.end();
}

test('of two processes one leads; when it goes, the other does', async () => {
  const first = stand();
  await until(() => first.turns.length === 1);
  const second = stand();
  await sleep(300);
  expect(second.turns).toEqual([]);
  await first.stop();
  expect(first.turns).toEqual(['won', 'lost']);
  await until(() => second.turns.length === 1);
});

test('a leader whose connection breaks hears of it, and somebody leads again', async () => {
  const first = stand();
  await until(() => first.turns.length === 1);
  await cutLeader();
  await until(() => first.turns.length >= 3);
  expect(first.turns).toEqual(['won', 'lost', 'won']);
});

test('a leader that cannot begin gives the lead back and stands again', async () => {
  let begins = 0;
  const first = stand(async () => {
    begins += 1;
    if (begins === 1) throw new Error('the store is away');
  });
  await until(() => first.turns.length >= 3);
  expect(first.turns).toEqual(['won', 'lost', 'won']);
});
