import { expect, test } from 'vitest';
import { createServedFlagStore } from '#app/stores/flag/served-flags.server.ts';
import type { Observation } from '#app/stores/stores.ts';

const child = { name: 'child', dependencies: [{ feature: 'parent' }] };
const features = [{ name: 'other' }, { name: 'child' }, child, { name: 'parent' }, null, { name: 7 }];
const segments = [{ id: 3, name: 'Early studios' }];

function memory() {
  const kept = new Map<string, Observation<unknown>>();
  const asked: string[] = [];
  const nothing = { value: null, at: null, error: null, errorAt: null };
  const put = (key: string, value: unknown, at: number) => kept.set(key, { value, at, error: null, errorAt: null });
  const store = createServedFlagStore({
    get: async (_, key) => {
      asked.push(key);
      return (kept.get(key) ?? nothing) as never;
    },
  });
  return { kept, put, store, asked };
}

test('a page gets one flag, its parents and the segments, with the age of the last look', async () => {
  const { put, store } = memory();
  put('served/production', { revision: 1, digest: 'one' }, 90);
  put('served-document/production', { digest: 'one', features, segments }, 10);
  const { value, at } = await store.of('production', 'child');
  expect(value).toEqual({ features: [child, { name: 'parent' }], segments });
  expect(at).toBe(90);
  expect((await store.of('production', 'gone')).value).toEqual({ features: [], segments });
});

test('the document is read again only when it is another one; ages and failures are always those of now', async () => {
  const { kept, put, store, asked } = memory();
  put('served/production', { revision: 1, digest: 'one' }, 10);
  put('served-document/production', { digest: 'one', features, segments }, 10);
  await store.of('production', 'child');
  kept.set('served/production', { ...kept.get('served/production')!, at: 20, error: 'no answer', errorAt: 30 });
  expect(await store.of('production', 'other')).toMatchObject({ at: 20, error: 'no answer', errorAt: 30 });
  expect(asked.filter((key) => key.startsWith('served-document/'))).toHaveLength(1);
  put('served-document/production', { digest: 'two', features: [{ name: 'new' }], segments: [] }, 40);
  put('served/production', { revision: 2, digest: 'two' }, 40);
  expect((await store.of('production', 'new')).value).toEqual({ features: [{ name: 'new' }], segments: [] });
});

test('nothing is known before the first look, and why is told', async () => {
  const { kept, store } = memory();
  expect(await store.of('production', 'child')).toEqual({ value: null, at: null, error: null, errorAt: null });
  kept.set('served/production', { value: null, at: null, error: 'no token', errorAt: 5 });
  expect(await store.of('production', 'child')).toMatchObject({ value: null, error: 'no token' });
});
