import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { testDatabase } from './database.ts';
import { createUnleashFlag, rolloutUnleashFlag, unleashCall } from './unleash.ts';

const database = testDatabase();

test('a test database is migrated and empty', async () => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query('select count(*)::int as count from run');
  await client.end();
  expect(rows).toEqual([{ count: 0 }]);
});

test('the real Unleash serves a flag to a backend SDK', async () => {
  const flag = await createUnleashFlag('support');
  await rolloutUnleashFlag(flag, 'production', 25);
  const all = (await unleashCall('GET', '/admin/projects/default/features')) as { features: { name: string }[] };
  expect(all.features.map((feature) => feature.name)).toContain(flag);
  expect(inject('unleash').clientToken).toMatch(/^\*:production\./);
});
