import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { catalogTask } from '#app/engine/catalog.server.ts';
import { createCatalogStore } from '#app/stores/catalog.server.ts';
import { copyStudio, type StudioCopy } from '#test/catalog/studio.ts';
import { testDatabase } from '#test/support/database.ts';

let studio: StudioCopy;
const database = testDatabase({ each: true });
let listeners: ((topic: string) => void)[];

beforeEach(async () => {
  studio = await copyStudio();
  listeners = [];
});
afterEach(async () => {
  await studio.remove();
});

/** A process that leads: its catalog task at work over the database that all of them share. */
function lead() {
  const notices = {
    notify: async (topic: string) => {
      for (const listener of listeners) listener(topic);
    },
    subscribe: (listener: (topic: string) => void) => {
      listeners.push(listener);
      return () => undefined;
    },
    stop: async () => undefined,
  };
  const store = createCatalogStore(database.db, notices);
  const clock = { now: () => Date.parse('2026-11-22T00:00:00Z'), wall: Date.now, speed: () => 1 };
  const stop = new AbortController();
  const task = catalogTask({ dir: studio.dir, store, clock: clock as never, log: pino({ level: 'silent' }) });
  const running = task.run(stop.signal);
  return {
    store,
    running,
    async stop() {
      stop.abort();
      await running;
    },
  };
}

const objective = async (leader: ReturnType<typeof lead>) =>
  (await leader.store.current())?.slos.find(({ id }) => id === 'voiceover-latency')?.objective;
const problems = async (leader: ReturnType<typeof lead>) => (await leader.store.current())?.problems.length;

test('an SLO whose file breaks under a running console stays in force, through a restart with the broken file too', async () => {
  const first = lead();
  await vi.waitFor(async () => expect(await objective(first)).toBe(0.99), 10_000);
  await studio.edit('alerts/voiceover.yaml', 'targetPercent: 99', 'targetPercent: 199');
  await vi.waitFor(async () => expect(await problems(first)).toBe(2), 10_000);
  expect(await objective(first)).toBe(0.99);
  await first.stop();

  const second = lead();
  await studio.edit('flags/voiceover-v2.yaml', 'New voice model', 'Newer voice model');
  await vi.waitFor(
    async () => expect((await second.store.current())?.flags.map(({ title }) => title)).toContain('Newer voice model'),
    10_000,
  );
  expect(await objective(second)).toBe(0.99);
  expect(await problems(second)).toBe(2);
  await studio.edit('alerts/voiceover.yaml', 'targetPercent: 199', 'targetPercent: 98');
  await vi.waitFor(async () => expect(await objective(second)).toBe(0.98), 10_000);
  expect(await problems(second)).toBe(0);
  const kept = await database.db.selectFrom('catalog_version').select('files').orderBy('id').execute();
  expect(kept.map(({ files }) => files !== null)).toEqual([...kept.slice(1).map(() => false), true]);
  await second.stop();
});

test('a version that could not be stored is read again at the next turn', async () => {
  const leader = lead();
  await vi.waitFor(async () => expect(await objective(leader)).toBe(0.99), 10_000);
  vi.spyOn(leader.store, 'save').mockRejectedValueOnce(new Error('no database'));
  await studio.edit('alerts/voiceover.yaml', 'targetPercent: 99', 'targetPercent: 98');
  await expect(leader.running).rejects.toThrow('no database');
});
