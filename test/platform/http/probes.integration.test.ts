import express from 'express';
import { expect, test } from 'vitest';
import { openDb } from '#app/platform/db.server.ts';
import { createProbes, type Probes } from '#app/platform/http/probes.server.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase({ max: 1 });
let breakers: Record<string, string>;
let migrated: boolean;
let untaken: number;

type Evaluated = { to: number | null; overdue: number };

function probesOf(db = database.db, evaluated = async (): Promise<Evaluated> => ({ to: 1_000, overdue: 0 })): Probes {
  breakers = { Unleash: 'closed', 'Cloud Run': 'closed' };
  migrated = true;
  untaken = 0;
  return createProbes({
    db,
    migrated: () => migrated,
    breakers: () => breakers,
    untaken: async () => untaken,
    evaluated,
  });
}

async function ask(probes: Probes, path = '/ready') {
  const app = express().get('/live', probes.live).get('/ready', probes.ready);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  const body = (await answer.json()) as Record<string, unknown>;
  server.closeAllConnections();
  server.close();
  return { code: answer.status, ...body };
}

test('ready, with how far the SLOs are evaluated', async () => {
  const ready = { code: 200, status: 'ready', database: 'ok', migrations: 'ok', draining: false, evaluatedTo: 1_000 };
  expect(await ask(probesOf())).toMatchObject(ready);
});

test('an open breaker is named as degraded and stays 200', async () => {
  const probes = probesOf();
  breakers.Unleash = 'open';
  expect(await ask(probes)).toMatchObject({ code: 200, status: 'degraded', outside: { Unleash: 'open' } });
});

test('a page that reached nobody is counted and degrades', async () => {
  const probes = probesOf();
  untaken = 1;
  expect(await ask(probes)).toMatchObject({ code: 200, status: 'degraded', pagesNotTaken: 1 });
});

test('SLOs that nobody evaluates degrade it, and it says how many and since when', async () => {
  const probes = probesOf(database.db, async () => ({ to: 0, overdue: 7 }));
  breakers.Unleash = 'open';
  expect(await ask(probes)).toMatchObject({
    code: 200,
    status: 'degraded',
    evaluatedTo: 0,
    reasons: ['Unleash: breaker open', 'SLOs whose evaluation is overdue: 7, the oldest from 1970-01-01T00:00:00.000Z'],
  });
  expect(await ask(probesOf())).toMatchObject({ status: 'ready', reasons: [] });
});

test('draining and pending migrations make it 503; live tests neither', async () => {
  const probes = probesOf();
  migrated = false;
  expect(await ask(probes)).toMatchObject({ code: 503, status: 'unavailable', migrations: 'pending' });
  migrated = true;
  probes.drain();
  expect(await ask(probes)).toMatchObject({ code: 503, status: 'unavailable', draining: true });
  expect(await ask(probes, '/live')).toEqual({ code: 200, status: 'live' });
});

test('without PostgreSQL it is 503, and the address of the database stays inside', async () => {
  const gone = openDb('postgres://nobody:nothing@127.0.0.1:1/none', { onError: () => undefined });
  const answer = await ask(probesOf(gone.db, () => Promise.reject(new Error('no database'))));
  expect(answer).toMatchObject({ code: 503, database: 'does not answer', evaluatedTo: null });
  expect(JSON.stringify(answer)).not.toMatch(/127\.0\.0\.1|nobody/);
  await gone.close();
});

test('a database that stalls is a no, not a hanging probe', async () => {
  // The one connection of this pool is taken and not given back.
  const client = await database.pool.connect();
  try {
    expect(await ask(probesOf(database.db, () => new Promise(() => {})))).toMatchObject({
      code: 503,
      database: 'does not answer',
      evaluatedTo: null,
    });
  } finally {
    client.release();
  }
});
