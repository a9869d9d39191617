import { describe, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import type { Change } from '#app/domain/change/change.ts';
import type { Actor } from '#app/domain/run/run.ts';
import { createCatalogStore } from '#app/stores/catalog.server.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { createCursorStore } from '#app/stores/cursors.server.ts';
import { createPresenceStore } from '#app/stores/incident/presence.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import type { ChangeStore } from '#app/stores/stores.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase();

describe('observations', () => {
  const store = () => createObservationStore(database.db);

  test('nothing seen is nothing, not an error', async () => {
    expect(await store().get('unleash', 'never')).toEqual({ value: null, at: null, error: null, errorAt: null });
  });

  test('an older read that arrives late never overwrites a newer one', async () => {
    await store().saw('unleash', 'late', { turn: 'new' }, 2_000);
    await store().saw('unleash', 'late', { turn: 'old' }, 1_000);
    expect(await store().get('unleash', 'late')).toMatchObject({ value: { turn: 'new' }, at: 2_000 });
    await store().saw('unleash', 'late', { turn: 'newest' }, 2_000);
    expect(await store().get('unleash', 'late')).toMatchObject({ value: { turn: 'newest' } });
  });

  test('a failure keeps the last known value and its age, and the next success ends it', async () => {
    await store().saw('cloud-run', 'service', 1, 1_000);
    await store().failed('cloud-run', 'service', 'stalled', 2_000);
    expect(await store().get('cloud-run', 'service')).toEqual({
      value: 1,
      at: 1_000,
      error: 'stalled',
      errorAt: 2_000,
    });
    await store().saw('cloud-run', 'service', 2, 3_000);
    expect(await store().get('cloud-run', 'service')).toEqual({ value: 2, at: 3_000, error: null, errorAt: null });
  });

  test('a failure that arrives late is no news, and a late success does not hide a younger failure', async () => {
    await store().saw('pagerduty', 'oncall', 1, 5_000);
    await store().failed('pagerduty', 'oncall', 'late', 4_000);
    expect(await store().get('pagerduty', 'oncall')).toMatchObject({ error: null });
    await store().failed('pagerduty', 'oncall', 'young', 7_000);
    await store().saw('pagerduty', 'oncall', 2, 6_000);
    expect(await store().get('pagerduty', 'oncall')).toEqual({ value: 2, at: 6_000, error: 'young', errorAt: 7_000 });
    await store().failed('pagerduty', 'oncall', 'older', 6_500);
    expect(await store().get('pagerduty', 'oncall')).toMatchObject({ error: 'young' });
  });

  test('a failure before any success has no value', async () => {
    await store().failed('pagerduty', 'first', 'refused', 1_000);
    expect(await store().get('pagerduty', 'first')).toEqual({
      value: null,
      at: null,
      error: 'refused',
      errorAt: 1_000,
    });
  });

  test('a prefix is read as written', async () => {
    await store().saw('like', 'a_b/1', 1, 1);
    await store().saw('like', 'axb/2', 2, 1);
    await store().saw('like', 'a%/3', 3, 1);
    expect(Object.keys(await store().all('like', 'a_b/'))).toEqual(['a_b/1']);
    expect(Object.keys(await store().all('like', 'a%'))).toEqual(['a%/3']);
    expect(Object.keys(await store().all('like'))).toHaveLength(3);
  });

  test('what PostgreSQL cannot store does not lose the rest', async () => {
    const text = `a\0b\ud800c😀`;
    await store().saw('cloud-logging', 'lines', { text }, 1);
    await store().failed('cloud-logging', 'lines', text, 2);
    const clean = 'a\ufffdb\ufffdc😀';
    expect(await store().get('cloud-logging', 'lines')).toMatchObject({ value: { text: clean }, error: clean });
  });

  test('secrets are taken out of values and failures', async () => {
    const redacting = createObservationStore(database.db, (text) => text.replaceAll('hunter22', '[redacted]'));
    await redacting.saw('cloud-logging', 'secret', { line: 'token hunter22' }, 1);
    await redacting.failed('cloud-logging', 'secret', 'refused hunter22', 2);
    const seen = await store().get('cloud-logging', 'secret');
    expect(seen).toMatchObject({ value: { line: 'token [redacted]' }, error: 'refused [redacted]' });
  });
});

describe('changes', () => {
  const heard: string[] = [];
  const store = () =>
    createChangeStore(
      database.db,
      () => 9_000,
      async (topic) => void heard.push(topic),
    );
  const change = (over: Partial<Change>): Omit<Change, 'id'> => ({
    source: 'api',
    externalId: 'deploy-1',
    kind: 'revision',
    at: 1_000,
    service: 'voiceover',
    environment: 'production',
    target: 'voiceover',
    title: 'Deploy',
    actor: null,
    commit: null,
    url: null,
    before: null,
    after: { revision: 'b' },
    ...over,
  });

  test('one external id is one change and one notice, however often and from how many it comes', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => store().record(change({}))));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(heard).toEqual(['changes']);
    expect(await store().record(change({ source: 'pagerduty' }))).toBe(true);
    const all = await store().recent({ limit: 10 });
    expect(all.map(({ source }) => source).sort()).toEqual(['api', 'pagerduty']);
    expect(all[0]).toMatchObject({ externalId: 'deploy-1', before: null, after: { revision: 'b' } });
  });

  test('are read newest first, by service, environment and span', async () => {
    for (const [externalId, at, service, environment] of [
      ['s-1', 10_000, 'span', null],
      ['s-2', 20_000, 'span', 'development'],
      ['s-3', 30_000, 'other', 'production'],
    ] as const)
      await store().record(change({ externalId, at, service, environment }));
    const ids = async (query: Parameters<ChangeStore['recent']>[0]) =>
      (await store().recent(query)).map(({ externalId }) => externalId);
    expect(await ids({ service: 'span', limit: 10 })).toEqual(['s-2', 's-1']);
    expect(await ids({ service: 'span', environment: 'production', limit: 10 })).toEqual(['s-1']);
    expect(await ids({ service: 'span', environment: 'development', limit: 10 })).toEqual(['s-2', 's-1']);
    expect(await ids({ since: 10_000, until: 20_000, limit: 10 })).toEqual(['s-2', 's-1']);
    expect(await ids({ since: 10_000, limit: 1 })).toEqual(['s-3']);
  });

  test('of one flag are its history, and the newest of every flag is its last', async () => {
    for (const [externalId, at, target, kind] of [
      ['f-1', 1_000, 'one', 'flag'],
      ['f-2', 3_000, 'one', 'flag'],
      ['f-3', 2_000, 'two', 'flag'],
      ['f-4', 9_000, 'one', 'revision'],
    ] as const)
      await store().record(change({ externalId, at, target, kind }));
    const ids = (changes: Change[]) => changes.map(({ externalId }) => externalId);
    expect(ids(await store().ofFlag('one', 10))).toEqual(['f-2', 'f-1']);
    expect(ids(await store().ofFlag('one', 1))).toEqual(['f-2']);
    expect(ids(await store().lastOfFlags()).sort()).toEqual(['f-2', 'f-3']);
  });
});

describe('presence', () => {
  let wall = 1_000_000;
  const store = () => createPresenceStore(database.db, () => wall);
  const person = (name: string): Actor => ({ email: `${name}@example.com`, name, role: 'responder', teams: [] });

  test('others on the same page are told for 45 s after they were last seen, oneself never', async () => {
    await store().seen('/incidents/1', person('Ada'));
    await store().seen('/incidents/1', person('Grace'));
    await store().seen('/incidents/2', person('Linus'));
    expect(await store().others('/incidents/1', person('Ada'))).toEqual([{ name: 'Grace', seenAt: 1_000_000 }]);
    wall += 44_000;
    await store().seen('/incidents/1', person('Ada'));
    expect(await store().others('/incidents/1', person('Ada'))).toHaveLength(1);
    wall += 2_000;
    expect(await store().others('/incidents/1', person('Ada'))).toEqual([]);
    expect(await store().others('/incidents/1', person('Grace'))).toEqual([{ name: 'Ada', seenAt: 1_044_000 }]);
  });

  test('pages nobody came back to are forgotten', async () => {
    wall += 2 * 3_600_000;
    await store().seen('/incidents/9', person('Ada'));
    const rows = await database.db
      .selectFrom('presence')
      .select('path')
      .where('email', '=', 'Ada@example.com')
      .execute();
    expect(rows).toEqual([{ path: '/incidents/9' }]);
  });
});

test('a cursor written in a transaction counts when it commits', async () => {
  const store = createCursorStore(database.db);
  expect(await store.get('events')).toBeNull();
  await store.set('events', { id: 1 });
  const rolledBack = database.db.transaction().execute(async (tx) => {
    await store.set('events', { id: 2 }, tx);
    throw new Error('no');
  });
  await expect(rolledBack).rejects.toThrow('no');
  expect(await store.get('events')).toEqual({ id: 1 });
});

describe('the catalog', () => {
  const catalog = (digest: string) =>
    ({ digest, organisation: digest, runbooks: [] as Catalog['runbooks'] }) as Catalog;
  function storeWithNotices() {
    let hear = (_topic: string) => {};
    const told: string[] = [];
    const notices = {
      notify: async (topic: string) => void told.push(topic),
      subscribe: (listener: (topic: string) => void) => {
        hear = listener;
        return () => {};
      },
      stop: async () => {},
    };
    return { store: createCatalogStore(database.db, notices), told, hear: (topic: string) => hear(topic) };
  }

  test('is stored once a version, is kept until a notice, and a version that comes back is in force again', async () => {
    const [writer, reader] = [storeWithNotices(), storeWithNotices()];
    expect(await reader.store.current()).toBeNull();
    await Promise.all([writer.store.save(catalog('one'), 1), storeWithNotices().store.save(catalog('one'), 1)]);
    expect((await reader.store.current())?.digest).toBe('one');
    await writer.store.save(catalog('two'), 2);
    expect((await reader.store.current())?.digest).toBe('one');
    reader.hear('catalog');
    expect((await reader.store.current())?.digest).toBe('two');
    await writer.store.save(catalog('one'), 3);
    await writer.store.save(catalog('one'), 4);
    expect((await writer.store.current())?.digest).toBe('one');
    expect(
      await database.db.selectFrom('catalog_version').select(['digest', 'loaded_at']).orderBy('id').execute(),
    ).toEqual([
      { digest: 'two', loaded_at: 2 },
      { digest: 'one', loaded_at: 3 },
    ]);
  });
});
