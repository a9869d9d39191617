import { describe, expect, test } from 'vitest';
import { manualClock } from '#app/platform/clock.ts';
import { createApiKeyStore } from '#app/stores/api-keys.server.ts';
import { createOutboxStore, type NewDelivery } from '#app/stores/outbox.server.ts';
import { createWebhookStore } from '#app/stores/webhooks.server.ts';
import { testDatabase } from '#test/support/database.ts';

const clock = manualClock(Date.UTC(2026, 2, 2, 3, 0));
const database = testDatabase({ each: true });

describe('webhooks', () => {
  const event = (id: string) => ({ id, type: 'incident.triggered', resourceId: 'Q1', body: { id } });

  test('an event is kept once, however many deliver it at once, and heard of once', async () => {
    const heard: string[] = [];
    const store = createWebhookStore(database.db, clock, async (topic) => void heard.push(topic));
    const fresh = await Promise.all(Array.from({ length: 20 }, () => store.store(event('E1'))));
    expect(fresh.filter(Boolean)).toHaveLength(1);
    expect(heard).toEqual(['webhooks']);
  });

  test('what was handled is not waiting; an ask repeated while it was read still is', async () => {
    const store = createWebhookStore(database.db, clock, async () => undefined);
    await store.store(event('E1'));
    await store.ask('Q2', 'ada');
    const seen = await store.waiting(10);
    expect(seen.map((one) => one.resourceId)).toEqual(['Q1', 'Q2']);
    clock.advance(1_000);
    await store.ask('Q2', 'ada');
    await store.handled(seen);
    expect((await store.waiting(10)).map((one) => one.resourceId)).toEqual(['Q2']);
  });

  test('made-up ids cost one person ten questions a minute, nobody else anything, and are forgotten', async () => {
    const store = createWebhookStore(database.db, clock, async () => undefined);
    for (let made = 0; made < 10; made++) await store.ask(`QMADE${made}`, 'ada');
    await expect(store.ask('QMADE10', 'ada')).rejects.toMatchObject({ code: 'rate_limited' });
    // One that already waits is no other question, and another person is not held up.
    await store.ask('QMADE3', 'ada');
    await store.ask('QMADE10', 'grace');
    expect(await store.waiting(20)).toHaveLength(11);
    clock.advance(60_001);
    await store.ask('QMADE11', 'ada');

    clock.advance(600_000);
    expect(await store.waiting(20)).toEqual([]);
    clock.advance(3_600_000);
    expect(await store.purge()).toBe(12);
  });

  test('the same question is put again after ten seconds, not before', async () => {
    const store = createWebhookStore(database.db, clock, async () => undefined);
    await store.ask('Q2', 'ada');
    await store.handled(await store.waiting(10));
    clock.advance(9_000);
    await store.ask('Q2', 'ada');
    expect(await store.waiting(10)).toEqual([]);
    clock.advance(1_000);
    await store.ask('Q2', 'ada');
    expect(await store.waiting(10)).toHaveLength(1);
  });

  test('after seven days an event is forgotten', async () => {
    const store = createWebhookStore(database.db, clock, async () => undefined);
    await store.store(event('E1'));
    clock.advance(7 * 86_400_000);
    expect(await store.purge()).toBe(0);
    clock.advance(1);
    expect(await store.purge()).toBe(1);
  });
});

describe('API keys', () => {
  test('a key is found by what was shown once, is nowhere at rest, and expires', async () => {
    const keys = createApiKeyStore(database.db, clock);
    const expiresAt = clock.wall() + 1_000;
    const key = await keys.create({ name: 'ci', owner: 'ada@studio.example', scopes: ['changes:write'], expiresAt });
    expect(key).toMatch(/^fb_[\w-]{43}$/);
    expect(await keys.find(key)).toMatchObject({ name: 'ci', owner: 'ada@studio.example', scopes: ['changes:write'] });
    expect(await keys.find(`${key}x`)).toBeNull();
    const [row] = await database.db.selectFrom('api_key').selectAll().execute();
    expect(JSON.stringify(row)).not.toContain(key.slice(9));
    expect(row).toMatchObject({ prefix: key.slice(0, 9), last_used_at: clock.wall() });
    clock.advance(1_000);
    expect(await keys.find(key)).toBeNull();
  });

  test('a key made elsewhere is let in once', async () => {
    const keys = createApiKeyStore(database.db, clock);
    for (let i = 0; i < 2; i += 1) await keys.ensure('fb_made-elsewhere', { name: 'demo', owner: 'demo', scopes: [] });
    expect(await keys.find('fb_made-elsewhere')).toMatchObject({ name: 'demo' });
  });
});

describe('outbox', () => {
  const delivery = (dedupKey: string, n: number): NewDelivery => ({
    kind: 'pagerduty-event',
    dedupKey,
    body: { n },
    incident_id: null,
  });
  const kinds = ['pagerduty-event'] as const;
  const numbers = (rows: { body: unknown }[]) => rows.map((row) => (row.body as { n: number }).n).sort();

  test('of one key only the oldest leaves; other keys do not wait for it', async () => {
    const outbox = createOutboxStore(database.db);
    const now = clock.now();
    for (const [n, key] of ['a', 'a', 'b'].entries()) await outbox.enqueue(database.db, delivery(key, n), now);
    expect((await outbox.last(database.db, 'a'))?.body).toEqual({ n: 1 });
    const first = await outbox.due(kinds, 10, now);
    expect(numbers(first)).toEqual([0, 2]);
    expect(await outbox.due(kinds, 10, now)).toEqual([]);
    for (const row of first) await outbox.markDelivered(database.db, row.id, now);
    expect(numbers(await outbox.due(kinds, 10, now))).toEqual([1]);
  });

  test('claimed at once by many, each goes to one', async () => {
    const outbox = createOutboxStore(database.db);
    for (let n = 0; n < 30; n += 1) await outbox.enqueue(database.db, delivery(`key-${n}`, n), clock.now());
    const claims = await Promise.all(Array.from({ length: 6 }, () => outbox.due(kinds, 30, clock.now())));
    expect(numbers(claims.flat()).length).toBe(30);
    expect(new Set(claims.flat().map((row) => row.id)).size).toBe(30);
  });

  test('a claim of a dead process is taken over after 30 s; failures wait longer each time, to five minutes', async () => {
    const outbox = createOutboxStore(database.db);
    let now = clock.now();
    await outbox.enqueue(database.db, delivery('a', 0), now);
    expect(await outbox.due(kinds, 1, now)).toHaveLength(1);
    expect(await outbox.due(kinds, 1, now + 29_999)).toEqual([]);
    now += 30_000;
    const waits: number[] = [];
    for (let i = 0; i < 9; i += 1) {
      const [row] = await outbox.due(kinds, 1, now);
      await outbox.failed(row!, 'PagerDuty answered 500', now);
      const next = (await outbox.last(database.db, 'a'))!.next_at;
      waits.push((next - now) / 1_000);
      now = next;
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300, 300, 300]);
  });
});
