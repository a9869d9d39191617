import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MonitoringRead } from '#app/clients/cloud-monitoring/port.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { hourMs, minuteMs } from '#app/domain/slo/series.ts';
import { applyAlertTransitions } from '#app/engine/incidents/apply-alerts.server.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { evaluateTask } from '#app/engine/metrics/evaluate.server.ts';
import { fencedHours } from '#app/engine/metrics/fenced-hours.server.ts';
import { planReads } from '#app/engine/metrics/plan-reads.ts';
import { type Share, startShare } from '#app/engine/metrics/share.server.ts';
import { createMetrics } from '#app/platform/metrics.ts';
import { createCursorStore } from '#app/stores/cursors.server.ts';
import { createShardStore } from '#app/stores/slo/slo-shards.server.ts';
import { createSloStore } from '#app/stores/slo/slos.server.ts';
import { anSlo } from '../../domain/slo/make.ts';
import { type Harness, startHarness } from '../incidents/harness.ts';
import { ends, fakeMonitoring } from './fake-monitoring.ts';
import { noPrometheus } from './fake-prometheus.ts';

/** Each metric is a batch of its own: twelve that any engine may have, of two services of which one needs the other. */
const slos = Array.from({ length: 12 }, (_, index) => {
  const filter = `metric.type="count-${index}" resource.type="x"`;
  const [total, bad] = [filter, `${filter} metric.label."class"="5xx"`].map((each) => ({
    project: 'studio',
    filter: each,
  })) as [{ project: string; filter: string }, { project: string; filter: string }];
  const service = index % 2 === 0 ? 'voiceover' : 'studio-api';
  return anSlo({ id: `slo-${index}`, service, indicator: { kind: 'ratio', total, bad }, settle: 4 * minuteMs });
});
const batchOf = new Map(planReads(slos).map(({ key, slos: [slo] }) => [slo!.id, key]));
const requests = 1000;

let at: Harness;
let source: ReturnType<typeof fakeMonitoring>;
let catalog: Catalog;
let start: number;
const engines: Engine[] = [];

interface Engine {
  name: string;
  share: Share;
  /** One cycle; returns the SLOs whose batch it read. */
  cycle(): Promise<string[]>;
  /** SLO and minute of every evaluation that it committed. */
  evaluated: string[];
  /** Holds every read from now on until the returned function is called. */
  holdReads(): () => void;
}

beforeEach(async () => {
  at = await startHarness();
  source = fakeMonitoring();
  catalog = {
    ...((await at.deps.catalog()) as Catalog),
    slos,
    profiles: Object.fromEntries(slos.map((slo) => [slo.id, defaultProfile(slo.period)])),
  };
  start = Math.floor(at.clock.now() / minuteMs) * minuteMs;
  for (const end of ends(start - 3 * hourMs, start)) serve(end, () => 0);
});
afterEach(async () => {
  for (const { share } of engines.splice(0)) await share.stop();
  await at.stop();
});

/** One minute of every SLO, of which a share fails. */
function serve(end: number, failing: (slo: string) => number): void {
  for (const [index, { id }] of slos.entries()) {
    const filter = `metric.type="count-${index}" resource.type="x"`;
    source.put(filter, { class: '2xx' }, end, requests * (1 - failing(id)));
    source.put(filter, { class: '5xx' }, end, requests * failing(id));
  }
}

/** An engine process as far as SLOs go. `mute` never says that it lives but by its cycles, as one that is paused. */
function engine(name: string, { mute = false } = {}): Engine {
  const store = createSloStore(at.db, { current: async () => catalog, save: async () => undefined });
  const shards = createShardStore(at.db, 3);
  const beatMs = mute ? 3_600_000 : 200;
  const share = startShare({ db: at.db, shards, worker: name, log: at.deps.log, onUneven: () => undefined, beatMs });
  const read: string[] = [];
  const evaluated: string[] = [];
  let gate = Promise.resolve();
  const monitoring: MonitoringRead = {
    ...source.read,
    async counts(query) {
      read.push(`slo-${/count-(\d+)/.exec(query.filter)![1]}`);
      const answer = await source.read.counts(query);
      await gate;
      return answer;
    },
  };
  const deps = { ...at.deps, catalog: async () => catalog };
  const task = evaluateTask({
    db: at.db,
    clock: at.clock,
    catalog: async () => catalog,
    collector: createCollector(
      { monitoring, prometheus: noPrometheus },
      fencedHours(store, share),
      createCursorStore(at.db),
    ),
    slos: {
      ...store,
      async saveStates(states, tx) {
        const moved = await store.saveStates(states, tx);
        for (const { evaluation } of states)
          if (moved.has(evaluation.slo)) evaluated.push(`${evaluation.slo} ${(evaluation.at - start) / minuteMs}`);
        return moved;
      },
    },
    share,
    metrics: createMetrics(),
    notify: at.deps.notify,
    suspects: async () => null,
    apply: (tx, verdicts) => applyAlertTransitions(deps, tx, verdicts),
  });
  const made: Engine = {
    name,
    share,
    evaluated,
    async cycle() {
      read.length = 0;
      await task.run(new AbortController().signal);
      return [...new Set(read)];
    },
    holdReads() {
      let open: () => void = () => undefined;
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
  };
  engines.push(made);
  return made;
}

/** The next minute, in which a share fails. */
function pass(failing: (slo: string) => number = () => 0): void {
  at.clock.advance(minuteMs);
  serve(Math.floor(at.clock.now() / minuteMs) * minuteMs, failing);
}

async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await met())) await sleep(20);
}

const owners = async () => {
  const rows = await at.db.selectFrom('slo_shard').select('worker').execute();
  return Map.groupBy(rows, ({ worker }) => worker ?? 'nobody');
};
const everything = async () => ({
  states: await at.db.selectFrom('slo_state').selectAll().orderBy('slo').execute(),
  hours: await at.db.selectFrom('sli_hour').selectAll().orderBy('slo').orderBy('hour').execute(),
  alerts: await at.db.selectFrom('alert').selectAll().orderBy('id').execute(),
});
const all = slos.map(({ id }) => id).sort();

test('one engine does everything; a second and a third take their part, and each batch is read by one', async () => {
  const a = engine('a');
  expect((await a.cycle()).sort()).toEqual(all);
  const b = engine('b');
  expect(await b.cycle()).toEqual([]);
  await a.cycle();
  await b.cycle();
  const c = engine('c');
  for (let round = 0; round < 2; round++) for (const one of engines) await one.cycle();
  const parts = [...(await owners()).values()].map((rows) => rows.length);
  expect(parts.sort()).toEqual([10, 11, 11]);
  for (let minute = 1; minute <= 3; minute++) {
    pass();
    const read = (await Promise.all([a, b, c].map((one) => one.cycle()))).flat();
    expect(read.sort()).toEqual(all);
  }
  const evaluated = engines.flatMap((one) => one.evaluated);
  expect(new Set(evaluated).size).toBe(evaluated.length);
  for (const id of all) for (let minute = -3; minute <= -1; minute++) expect(evaluated).toContain(`${id} ${minute}`);
});

test('what a dead engine did is done by another from the stored minutes on: none is left out, none is done twice', async () => {
  const [a, b] = [engine('a'), engine('b', { mute: true })];
  await a.cycle();
  await b.cycle();
  await a.cycle();
  pass();
  const parts = [await b.cycle(), await a.cycle()];
  expect(parts[0]!.length).toBeGreaterThan(0);
  expect(parts.flat().sort()).toEqual(all);
  // It says nothing any more.
  for (let minute = 0; minute < 3; minute++) pass();
  await until(async () => {
    await a.cycle();
    return (await owners()).get('a')?.length === 32;
  });
  source.queries.length = 0;
  await a.cycle();
  expect(source.queries.every(({ periodSeconds }) => periodSeconds === 60)).toBe(true);
  const evaluated = engines.flatMap((one) => one.evaluated);
  expect(new Set(evaluated).size).toBe(evaluated.length);
  for (const id of all) for (let minute = -3; minute <= 0; minute++) expect(evaluated).toContain(`${id} ${minute}`);
});

test('an engine that was paused within a cycle writes nothing once others have its part', async () => {
  const paused = engine('paused', { mute: true });
  await paused.cycle();
  pass();
  const goOn = paused.holdReads();
  // It has read, and is stopped before it puts anything down.
  const late = paused.cycle().then(
    () => 'written',
    (error: Error) => error.message,
  );
  await until(() => source.queries.length > 24);
  const other = engine('other');
  await until(async () => (await other.cycle()).length === slos.length);
  for (let minute = 1; minute <= 12; minute++) {
    pass((id) => (id === 'slo-0' ? 0.5 : 0));
    await other.cycle();
  }
  const before = await everything();
  expect(before.alerts).toMatchObject([{ slo: 'slo-0', tier: 'page-fast', cleared_at: null }]);
  goOn();
  expect(await late).toBe('another engine has taken over some of these SLOs');
  expect(await everything()).toEqual(before);
  // Back, it asks for a part like anybody else.
  await paused.cycle();
  await other.cycle();
  pass((id) => (id === 'slo-0' ? 0.5 : 0));
  expect([await paused.cycle(), await other.cycle()].flat().sort()).toEqual(all);
  expect((await everything()).alerts).toMatchObject([{ slo: 'slo-0', tier: 'page-fast', cleared_at: null }]);
});

test('an engine that stops gives its part to the others at once', async () => {
  const [a, b] = [engine('a'), engine('b')];
  await a.cycle();
  await b.cycle();
  await a.cycle();
  await b.cycle();
  await b.share.stop();
  pass();
  expect((await a.cycle()).sort()).toEqual(all);
});

test('SLOs that different engines evaluate join one incident', async () => {
  const [a, b] = [engine('a'), engine('b')];
  await a.cycle();
  await b.cycle();
  await a.cycle();
  await b.cycle();
  pass();
  const ofA = new Set(await a.cycle());
  const cause = slos.find(({ id, service }) => service === 'voiceover' && ofA.has(id))!.id;
  const victim = slos.find(({ id, service }) => service === 'studio-api' && !ofA.has(id))!.id;
  expect(batchOf.get(cause)).not.toBe(batchOf.get(victim));
  for (let minute = 1; minute <= 12; minute++) {
    pass((id) => (id === cause || id === victim ? 0.5 : 0));
    await Promise.all([a.cycle(), b.cycle()]);
  }
  expect(await at.incidents.open()).toMatchObject([{ service: 'voiceover', children: ['studio-api'] }]);
});
