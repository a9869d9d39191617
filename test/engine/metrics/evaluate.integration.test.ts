import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { hourMs, minuteMs } from '#app/domain/slo/series.ts';
import { applyAlertTransitions } from '#app/engine/incidents/apply-alerts.server.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { evaluateTask } from '#app/engine/metrics/evaluate.server.ts';
import { watchSources } from '#app/engine/metrics/watch-sources.server.ts';
import { createMetrics } from '#app/platform/metrics.ts';
import { createCursorStore } from '#app/stores/cursors.server.ts';
import { createSloStore } from '#app/stores/slo/slos.server.ts';
import { anSlo } from '../../domain/slo/make.ts';
import { type Harness, startHarness } from '../incidents/harness.ts';
import { ends, fakeMonitoring } from './fake-monitoring.ts';
import { noPrometheus } from './fake-prometheus.ts';
import { wholeShare } from './whole-share.ts';

const filter = 'metric.type="count" resource.type="x"';
const total = { project: 'studio', filter };
const bad = { project: 'studio', filter: `${filter} metric.label."class"="5xx"` };
const slo = anSlo({ indicator: { kind: 'ratio', total, bad }, settle: 4 * minuteMs });
const requests = 1000;

let at: Harness;
let source: ReturnType<typeof fakeMonitoring>;
let catalog: Catalog;
/** When errors begin: a whole minute, after six hours of calm. */
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
  for (const end of ends(onset - 72 * hourMs, onset)) source.put(filter, { class: '2xx' }, end, requests);
});
afterEach(() => at.stop());

function startProcess(metrics = createMetrics()) {
  const slos = createSloStore(at.db, { current: async () => catalog, save: async () => undefined });
  const deps = { ...at.deps, catalog: async () => catalog };
  return evaluateTask({
    db: at.db,
    clock: at.clock,
    catalog: async () => catalog,
    collector: createCollector({ monitoring: source.read, prometheus: noPrometheus }, slos, createCursorStore(at.db)),
    slos,
    share: wholeShare(at.db),
    metrics,
    notify: at.deps.notify,
    suspects: async () => null,
    apply: (tx, verdicts) => applyAlertTransitions(deps, tx, verdicts),
  });
}

/** Lets a minute pass in which this share fails, and runs a cycle; every point is visible at once. */
async function pass(task: ReturnType<typeof startProcess>, share: number): Promise<void> {
  at.clock.advance(minuteMs);
  const end = Math.floor(at.clock.now() / minuteMs) * minuteMs;
  source.put(filter, { class: '2xx' }, end, requests * (1 - share));
  if (share > 0) source.put(filter, { class: '5xx' }, end, requests * share);
  await task.run(new AbortController().signal);
}

const alerts = () => at.db.selectFrom('alert').selectAll().execute();
const sinceOnset = (time: number | null) => (time === null ? null : (time - onset) / minuteMs);

test('the workbook: 15 % errors for 10 min at 99.9 % page at +6 min and clear at +15 min, each seen 4 min later', async () => {
  const task = startProcess();
  at.clock.set(onset);
  await task.run(new AbortController().signal);
  let [pagedSeen, clearedSeen]: (number | null)[] = [null, null];
  for (let minute = 1; minute <= 22; minute++) {
    await pass(task, minute <= 10 ? 0.15 : 0);
    const [alert] = await alerts();
    if (alert) pagedSeen ??= minute;
    if (alert?.cleared_at) clearedSeen ??= minute;
  }
  const [alert] = await alerts();
  expect([sinceOnset(alert!.opened_at), sinceOnset(alert!.cleared_at)]).toEqual([6, 15]);
  expect([pagedSeen, clearedSeen]).toEqual([10, 19]);
  expect((await at.incidents.recent(5)).map(({ startedAt, status }) => [startedAt, status])).toEqual([
    [onset, 'resolved'],
  ]);
});

test('while the source fails nothing opens and nothing clears, and another process goes on from what is stored', async () => {
  const first = startProcess();
  at.clock.set(onset);
  await first.run(new AbortController().signal);
  for (let minute = 1; minute <= 12; minute++) await pass(first, 0.15);
  expect(await alerts()).toMatchObject([{ cleared_at: null }]);

  source.broken = new Error('Cloud Monitoring answered UNAVAILABLE');
  for (let minute = 1; minute <= 30; minute++) await pass(first, 0);
  expect(await alerts()).toMatchObject([{ cleared_at: null }]);
  const states = await at.db.selectFrom('slo_state').selectAll().execute();
  expect(states).toMatchObject([{ condition: 'stale', error: 'Cloud Monitoring answered UNAVAILABLE' }]);

  // A second process comes up while the source is still away: its numbers are those of before, and it clears nothing.
  const second = startProcess();
  await pass(second, 0);
  expect(await alerts()).toMatchObject([{ cleared_at: null }]);
  source.broken = null;
  await pass(second, 0);
  expect((await alerts())[0]!.cleared_at).not.toBeNull();
});

test('a source that is silent first and then fails is blind since it fell silent, and pages', async () => {
  const task = startProcess();
  at.clock.set(onset);
  await task.run(new AbortController().signal);
  const silence = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute++) {
      at.clock.advance(minuteMs);
      await task.run(new AbortController().signal);
    }
  };
  await silence(6);
  source.broken = new Error('Prometheus shop refuses connections');
  await silence(5);
  const { sources } = createSloStore(at.db, { current: async () => catalog, save: async () => undefined });
  await watchSources({ ...at.deps, catalog: async () => catalog, sources, cursors: createCursorStore(at.db) })();
  await at.deliver();
  expect(at.pagerDuty.desk.standing().map(({ title }) => title)).toEqual([
    expect.stringMatching(/^Blind for 1[01] min: no data, one SLO is unwatched .*refuses connections/),
  ]);
});

test('an outage goes on where another process left it, and the age of the data tells of it', async () => {
  const first = startProcess();
  at.clock.set(onset);
  await first.run(new AbortController().signal);
  source.broken = new Error('Cloud Monitoring answered UNAVAILABLE');
  for (let minute = 1; minute <= 6; minute++) await pass(first, 0);
  const metrics = createMetrics();
  const second = startProcess(metrics);
  for (let minute = 1; minute <= 5; minute++) await pass(second, 0);
  const { sources } = createSloStore(at.db, { current: async () => catalog, save: async () => undefined });
  await watchSources({ ...at.deps, catalog: async () => catalog, sources, cursors: createCursorStore(at.db) })();
  expect(await at.incidents.open()).toMatchObject([{ title: expect.stringMatching(/^Blind: /), startedAt: onset }]);
  const { values } = await metrics.dataAge.get();
  expect(values).toMatchObject([{ labels: { slo: slo.id }, value: (at.clock.now() - onset) / 1000 }]);
});
