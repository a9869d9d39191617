import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { hourMs, minuteMs } from '#app/domain/slo/series.ts';
import { applyAlertTransitions } from '#app/engine/incidents/apply-alerts.server.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { evaluateTask } from '#app/engine/metrics/evaluate.server.ts';
import { createMetrics } from '#app/platform/metrics.ts';
import { createCursorStore } from '#app/stores/cursors.server.ts';
import { createSloStore } from '#app/stores/slo/slos.server.ts';
import { anSlo } from '../../domain/slo/make.ts';
import { type Harness, startHarness } from '../incidents/harness.ts';
import { ends, fakeMonitoring } from './fake-monitoring.ts';
import { noPrometheus } from './fake-prometheus.ts';
import { wholeShare } from './whole-share.ts';

const filter = 'metric.type="queue/oldest_job_age"';
const slo = anSlo({
  objective: 0.99,
  indicator: { kind: 'gauge', source: { project: 'studio', filter }, op: 'lte', bound: 600 },
  budgeting: { method: 'Timeslices', minutes: 1, target: 1 },
  settle: 4 * minuteMs,
});

let at: Harness;
let source: ReturnType<typeof fakeMonitoring>;
let catalog: Catalog;
let onset: number;

beforeEach(async () => {
  at = await startHarness();
  source = fakeMonitoring();
  catalog = {
    ...((await at.deps.catalog()) as Catalog),
    slos: [slo],
    profiles: { [slo.id]: defaultProfile(slo.period) },
  };
  onset = at.clock.now() + 2 * minuteMs;
  for (const end of ends(onset - 72 * hourMs, onset)) source.put(filter, {}, end, 20);
  at.clock.set(onset);
});
afterEach(() => at.stop());

function startProcess() {
  const slos = createSloStore(at.db, { current: async () => catalog, save: async () => undefined });
  const deps = { ...at.deps, catalog: async () => catalog };
  return evaluateTask({
    db: at.db,
    clock: at.clock,
    catalog: async () => catalog,
    collector: createCollector({ monitoring: source.read, prometheus: noPrometheus }, slos, createCursorStore(at.db)),
    slos,
    share: wholeShare(at.db),
    metrics: createMetrics(),
    notify: at.deps.notify,
    suspects: async () => null,
    apply: (tx, verdicts) => applyAlertTransitions(deps, tx, verdicts),
  });
}

/** Lets minutes pass in which the oldest job has this age (null: no point), a cycle each. */
async function pass(task: ReturnType<typeof startProcess>, minutes: number, age: number | null): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    at.clock.advance(minuteMs);
    if (age !== null) source.put(filter, {}, Math.floor(at.clock.now() / minuteMs) * minuteMs, age);
    await task.run(new AbortController().signal);
  }
}

const alert = async () => (await at.db.selectFrom('alert').selectAll().execute())[0] ?? null;
const since = (time: number | null | undefined) => (time == null ? null : (time - onset) / minuteMs);

test('a backlog pages after nine minutes over its bound, stays through minutes without a point, and clears on good ones', async () => {
  const task = startProcess();
  await task.run(new AbortController().signal);
  await pass(task, 12, 700);
  expect(await alert()).toBeNull();
  await pass(task, 1, 700);
  // 14.4 % of an hour are 8.64 minutes; the ninth is seen four minutes after it ended.
  expect(since((await alert())!.opened_at)).toBe(9);
  expect(await at.incidents.recent(1)).toMatchObject([
    { startedAt: onset, title: 'voiceover is out of its bounds and burns its budget' },
  ]);

  await pass(task, 8, null);
  const state = await at.db.selectFrom('slo_state').select('condition').executeTakeFirst();
  expect(state).toEqual({ condition: 'ok' });
  await pass(task, 2, null);
  expect(await at.db.selectFrom('slo_state').select('condition').executeTakeFirst()).toEqual({ condition: 'no-data' });
  expect((await alert())!.cleared_at).toBeNull();

  // Another process goes on from what is stored.
  await pass(startProcess(), 12, 30);
  expect((await alert())!.cleared_at).not.toBeNull();
  const hours = await at.db
    .selectFrom('sli_hour')
    .select(({ fn }) => fn.sum('bad').as('bad'))
    .executeTakeFirst();
  expect(Number(hours!.bad)).toBe(13);
});
