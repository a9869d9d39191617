import { expect, test } from 'vitest';
import { forgetCatalogVersions, forgetDeliveries, forgetFindings } from '#app/stores/forget-old.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase();

const day = 86_400_000;

test('deliveries go after 30 days, unless they wait or their incident is open', async () => {
  const { db } = database;
  const incident = (id: string, status: 'open' | 'resolved') => ({
    id,
    title: id,
    status,
    opened_at: 0,
    children: '[]',
  });
  await db
    .insertInto('incident')
    .values([incident('long', 'open'), incident('over', 'resolved')])
    .execute();
  const row = (id: string, delivered_at: number | null, incident_id: string | null) => ({
    ...{ id, kind: 'pagerduty-event' as const, dedup_key: id, body: '{}', created_at: 0, next_at: 0 },
    ...{ delivered_at, error: null, incident_id },
  });
  await db
    .insertInto('outbox')
    .values([
      row('old', 1, 'over'),
      row('young', 2 * day, 'over'),
      row('waiting', null, null),
      row('needed', 1, 'long'),
    ])
    .execute();
  await forgetDeliveries(db, 31 * day);
  const left = await db.selectFrom('outbox').select('id').orderBy('id').execute();
  expect(left.map(({ id }) => id)).toEqual(['needed', 'waiting', 'young']);
});

test('the newest 50 versions of the catalog stay', async () => {
  const { db } = database;
  const versions = Array.from({ length: 52 }, (_, i) => ({ digest: `d${i}`, loaded_at: i, content: '{}' }));
  await db.insertInto('catalog_version').values(versions).execute();
  await forgetCatalogVersions(db);
  await forgetCatalogVersions(db);
  const left = await db.selectFrom('catalog_version').select('digest').orderBy('id').execute();
  expect(left).toHaveLength(50);
  expect(left[0]?.digest).toBe('d2');
});

test('what PagerDuty said of a single incident goes after a day, all else it said stays', async () => {
  const { db } = database;
  const store = createObservationStore(db);
  await store.saw('pagerduty', 'incident/QOLD', { found: false }, day);
  await store.failed('pagerduty', 'incident/QFAILED', 'It does not answer.', 2 * day);
  await store.saw('pagerduty', 'incidents', { open: 0 }, 0);
  await forgetFindings(db, 2 * day + 1);
  expect(Object.keys(await store.all('pagerduty')).sort()).toEqual(['incident/QFAILED', 'incidents']);
});
