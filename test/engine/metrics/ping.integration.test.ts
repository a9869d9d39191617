import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { hourMs, minuteMs } from '#app/domain/slo/series.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { evaluateTask } from '#app/engine/metrics/evaluate.server.ts';
import { pingDeadman } from '#app/engine/metrics/ping-deadman.server.ts';
import { startShare } from '#app/engine/metrics/share.server.ts';
import { createMetrics } from '#app/platform/metrics.ts';
import { createCursorStore } from '#app/stores/cursors.server.ts';
import { createShardStore } from '#app/stores/slo/slo-shards.server.ts';
import { createSloStore } from '#app/stores/slo/slos.server.ts';
import { anSlo } from '../../domain/slo/make.ts';
import { type Harness, startHarness } from '../incidents/harness.ts';
import { ends, fakeMonitoring } from './fake-monitoring.ts';
import { noPrometheus } from './fake-prometheus.ts';

const filter = 'metric.type="count" resource.type="x"';
const source = { project: 'studio', filter };
const slo = anSlo({ indicator: { kind: 'ratio', total: source, bad: { ...source, filter: `${filter} x="y"` } } });
const declared = { slos: [slo], profiles: { [slo.id]: defaultProfile(slo.period) } } as unknown as Catalog;

let at: Harness;
let check: Server;
let pings: number;
let workers = 0;
beforeEach(async () => {
  at = await startHarness();
  pings = 0;
  check = createServer((_, response) => {
    pings += 1;
    response.end();
  });
  await new Promise<void>((done) => check.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  check.closeAllConnections();
  check.close();
  await at.stop();
});

/** Runs one cycle with a part of it changed, and says whether it failed. */
async function cycle(
  change: {
    catalog?: Catalog | null;
    apply?: () => Promise<void>;
    broken?: Error;
    unloadable?: boolean;
    signal?: AbortSignal;
  } = {},
): Promise<boolean> {
  const catalog = change.catalog === undefined ? declared : change.catalog;
  const monitoring = fakeMonitoring();
  monitoring.broken = change.broken ?? null;
  const now = Math.floor(at.clock.now() / minuteMs) * minuteMs;
  for (const end of ends(now - 2 * hourMs, now)) monitoring.put(filter, { class: '2xx' }, end, 1_000);
  const slos = createSloStore(at.db, { current: async () => catalog, save: async () => undefined });
  const shards = createShardStore(at.db);
  const parts = { db: at.db, shards, worker: `engine-${workers++}`, log: at.deps.log, onUneven: () => undefined };
  const share = startShare(parts);
  const task = evaluateTask({
    db: at.db,
    clock: at.clock,
    catalog: async () => catalog,
    collector: createCollector(
      { monitoring: monitoring.read, prometheus: noPrometheus },
      change.unloadable ? { ...slos, hours: () => Promise.reject(new Error('canceling statement')) } : slos,
      createCursorStore(at.db),
    ),
    slos,
    share,
    metrics: createMetrics(),
    notify: async () => undefined,
    suspects: async () => null,
    apply: change.apply ?? (async () => undefined),
  });
  const failed = await task.run(change.signal ?? new AbortController().signal).then(
    () => false,
    () => true,
  );
  await share.stop();
  await ping();
  return failed;
}

function ping(): Promise<void> {
  const url = `http://127.0.0.1:${(check.address() as AddressInfo).port}/ping`;
  const { evaluatedAt } = createShardStore(at.db);
  return pingDeadman({ url, clock: at.clock, evaluatedAt, signal: new AbortController().signal });
}

test('a cycle that evaluated pings once, and one whose source fails too: it did its work', async () => {
  expect([await cycle(), pings]).toEqual([false, 1]);
  at.clock.advance(minuteMs);
  expect([await cycle({ broken: new Error('UNAVAILABLE') }), pings]).toEqual([false, 2]);
});

test('without a catalog nothing was evaluated, and nothing pings', async () => {
  expect([await cycle({ catalog: null }), pings]).toEqual([false, 0]);
});

test('a cycle that could not write what it found does not ping', async () => {
  const apply = () => Promise.reject(new Error('the database is read only'));
  expect([await cycle({ apply }), pings]).toEqual([true, 0]);
});

test('a cycle that could not load what is stored of an SLO does not ping, and the SLO is blind from then on', async () => {
  expect([await cycle({ unloadable: true }), pings]).toEqual([false, 0]);
  expect([await cycle(), pings]).toEqual([false, 1]);
  const failedAt = at.clock.now() + 3 * minuteMs;
  for (let minute = 0; minute < 2; minute++) {
    at.clock.advance(3 * minuteMs);
    await cycle({ unloadable: true });
  }
  expect(pings).toBe(1);
  const { sources } = createSloStore(at.db, { current: async () => declared, save: async () => undefined });
  const found = await sources(at.clock.now());
  expect(found.get(slo.id)).toMatchObject({ error: expect.stringContaining('canceling statement'), errorAt: failedAt });
});

test('a cycle that is stopped in the midst does not ping', async () => {
  const abort = new AbortController();
  const apply = async () => abort.abort();
  await cycle({ apply, signal: abort.signal });
  expect(pings).toBe(0);
});

test('two minutes after any part of the SLOs was last gone over the pings end, whoever still goes over the rest', async () => {
  await cycle();
  at.clock.advance(2 * minuteMs);
  const now = at.clock.now();
  await at.db.updateTable('slo_shard').set({ evaluated_at: now }).where('shard', '>', 0).execute();
  await ping();
  expect(pings).toBe(2);
  at.clock.advance(1);
  await ping();
  expect(pings).toBe(2);
  await at.db.updateTable('slo_shard').set({ evaluated_at: now }).execute();
  await ping();
  expect(pings).toBe(3);
});
