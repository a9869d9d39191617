import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { hourMs, minuteMs } from '#app/domain/slo/series.ts';
import type { Slo } from '#app/domain/slo/slo.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { evaluateTask } from '#app/engine/metrics/evaluate.server.ts';
import { fencedHours } from '#app/engine/metrics/fenced-hours.server.ts';
import { createMetrics } from '#app/platform/metrics.ts';
import { createCursorStore } from '#app/stores/cursors.server.ts';
import { createSloStatementStore } from '#app/stores/slo/slo-statement.server.ts';
import { createSloStore } from '#app/stores/slo/slos.server.ts';
import { anSlo } from '../../domain/slo/make.ts';
import { type Harness, startHarness } from '../incidents/harness.ts';
import { ends, fakeMonitoring } from './fake-monitoring.ts';
import { noPrometheus } from './fake-prometheus.ts';
import { wholeShare } from './whole-share.ts';

const [former, present] = ['metric.type="former"', 'metric.type="present"'];
const sloOf = (base: string): Slo =>
  anSlo({
    objective: 0.9,
    indicator: {
      kind: 'ratio',
      total: { project: 'studio', filter: base },
      bad: { project: 'studio', filter: `${base} metric.label."class"="5xx"` },
    },
  });

let at: Harness;
let source: ReturnType<typeof fakeMonitoring>;
/** What the catalog declares now. */
let slo: Slo;

beforeEach(async () => {
  at = await startHarness();
  source = fakeMonitoring();
  slo = sloOf(former);
  const now = at.clock.now();
  // The present one is measured since two hours ago.
  for (const end of ends(now - 5 * hourMs, now)) measure(end, end > now - 2 * hourMs);
});
afterEach(() => at.stop());

/** A minute of 100 good ones by the former indicator, and of 10 good and 10 bad ones by the present one. */
function measure(end: number, isNew = true): void {
  source.put(former, { class: '2xx' }, end, 100);
  if (isNew) for (const group of ['2xx', '5xx']) source.put(present, { class: group }, end, 10);
}

function startProcess() {
  const base = at.deps.catalog;
  const catalog = async () =>
    ({ ...(await base()), slos: [slo], profiles: { [slo.id]: defaultProfile(slo.period) } }) as Catalog;
  const slos = createSloStore(at.db, { current: catalog, save: async () => undefined });
  const share = wholeShare(at.db);
  const task = evaluateTask({
    ...{ db: at.db, clock: at.clock, catalog, slos, share },
    collector: createCollector(
      { monitoring: source.read, prometheus: noPrometheus },
      fencedHours(slos, share),
      createCursorStore(at.db),
    ),
    metrics: createMetrics(),
    notify: at.deps.notify,
    suspects: async () => null,
    apply: async () => undefined,
  });
  return {
    /** A minute passes, then a cycle; returns the evaluation. */
    async cycle() {
      at.clock.advance(minuteMs);
      measure(Math.floor(at.clock.now() / minuteMs) * minuteMs);
      await task.run(new AbortController().signal);
      return (await slos.state(slo.id))!;
    },
  };
}

const changes = () => createSloStatementStore(at.db).indicatorChanges([slo.id]);
const sums = () =>
  at.db
    .selectFrom('sli_hour')
    .select(({ fn }) => [fn.sum<number>('bad').as('bad'), fn.sum<number>('total').as('total')])
    .executeTakeFirstOrThrow();

test('an indicator that changes under its id begins a history of its own, from its source, and it is known since when', async () => {
  const process = startProcess();
  expect((await process.cycle()).evaluation.period).toMatchObject({ bad: 0, total: 300 * 100 - 300 });
  expect(await changes()).toEqual(new Map());

  slo = sloOf(present);
  const { evaluation } = await process.cycle();
  const { bad, total } = evaluation.period;
  expect(total).toBeGreaterThan(0);
  expect(bad / total).toBe(0.5);
  expect(evaluation.windows['1h'].burn).toBeCloseTo(5);
  expect(await sums()).toEqual({ bad: 122 * 10, total: 122 * 20 });
  expect(await changes()).toEqual(new Map([[slo.id, at.clock.now()]]));

  // Another process goes on with it, and back is a change as well: the former one is read anew.
  const since = at.clock.now();
  const other = startProcess();
  expect((await other.cycle()).evaluation.period.bad).toBeGreaterThan(0);
  expect(await changes()).toEqual(new Map([[slo.id, since]]));
  slo = sloOf(former);
  expect((await other.cycle()).evaluation.period.bad).toBe(0);
  expect(await sums()).toEqual({ bad: 0, total: 304 * 100 });
  expect(await changes()).toEqual(new Map([[slo.id, at.clock.now()]]));
});

test('while the source says nothing of the new one, nothing is known: the former one stands for it in nothing', async () => {
  const process = startProcess();
  await process.cycle();
  slo = sloOf(present);
  source.broken = new Error('no answer');
  const state = await process.cycle();
  expect(state.evaluation).toMatchObject({
    condition: 'stale',
    tier: null,
    period: { total: 0, budgetRemaining: null },
  });
  expect(Number((await sums()).total)).toBe(0);

  // Gone down in between: the next process reads all of it.
  source.broken = null;
  const { period } = (await startProcess().cycle()).evaluation;
  expect(period.bad / period.total).toBe(0.5);
});

test('what was stored before fingerprints were kept counts as that of the indicator which is seen first', async () => {
  await startProcess().cycle();
  await at.db.deleteFrom('slo_indicator').execute();
  source.queries = [];
  await startProcess().cycle();
  expect(source.queries.some(({ periodSeconds }) => periodSeconds > 60)).toBe(false);
  expect(await changes()).toEqual(new Map());
  expect(await at.db.selectFrom('slo_indicator').select(['slo', 'since']).execute()).toEqual([
    { slo: slo.id, since: null },
  ]);
});
