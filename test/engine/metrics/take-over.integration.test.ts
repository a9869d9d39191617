import { type RawBuilder, sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { hourMs, minuteMs } from '#app/domain/slo/series.ts';
import type { Slo } from '#app/domain/slo/slo.ts';
import { applyAlertTransitions } from '#app/engine/incidents/apply-alerts.server.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { evaluateTask } from '#app/engine/metrics/evaluate.server.ts';
import { createMetrics } from '#app/platform/metrics.ts';
import { createCursorStore } from '#app/stores/cursors.server.ts';
import { createSloStore } from '#app/stores/slo/slos.server.ts';
import { anSlo, seeded } from '../../domain/slo/make.ts';
import { type Harness, startHarness } from '../incidents/harness.ts';
import { ends, fakeMonitoring } from './fake-monitoring.ts';
import { noPrometheus } from './fake-prometheus.ts';
import { wholeShare } from './whole-share.ts';

const requests = 1000;
const minutes = 40;
const filterOf = (service: string) => `metric.type="count" resource.type="${service}"`;
const services = ['voiceover', 'studio-api', 'speech-provider'];
const slos: Slo[] = services.map((service) => {
  const source = { project: 'studio', filter: filterOf(service) };
  const bad = { project: 'studio', filter: `${filterOf(service)} metric.label."class"="5xx"` };
  return anSlo({
    id: `${service}-availability`,
    title: service,
    service,
    indicator: { kind: 'ratio', total: source, bad },
    settle: 4 * minuteMs,
  });
});

/** Share of a service's requests that fail in a minute after the calm: voiceover burns, its caller a little later. */
function failing(service: string, minute: number): number {
  if (service === 'voiceover') return minute >= 2 && minute < 9 ? 0.2 : 0;
  if (service === 'studio-api') return minute >= 5 && minute < 11 ? 0.2 : 0;
  return 0;
}

/** Where in a cycle a process dies. */
const deaths = ['after reading', 'within saving', 'after alerts, before the commit', 'after the commit'] as const;
type Death = (typeof deaths)[number];
class Dead extends Error {}

/** One database, its world, and processes over it. */
function aWorld(at: Harness) {
  const source = fakeMonitoring();
  const catalog = {
    ...({
      services: [],
      flags: [],
      runbooks: [],
      problems: [],
      digest: '',
      organisation: '',
    } satisfies Partial<Catalog>),
    slos,
    profiles: Object.fromEntries(slos.map(({ id, period }) => [id, defaultProfile(period)])),
  } as Catalog;
  const onset = at.clock.now() + 2 * minuteMs;
  for (const service of services)
    for (const end of ends(onset - 72 * hourMs, onset)) source.put(filterOf(service), { class: '2xx' }, end, requests);

  /** A process; `death` names where its next cycle ends it. */
  function startProcess() {
    const process = { death: null as Death | null };
    const die = (here: Death) => {
      if (process.death === here) throw new Dead(here);
    };
    const store = createSloStore(at.db, { current: async () => catalog, save: async () => undefined });
    const collector = createCollector(
      { monitoring: source.read, prometheus: noPrometheus },
      store,
      createCursorStore(at.db),
    );
    const deps = { ...at.deps, catalog: async () => ({ ...catalog, services: (await at.deps.catalog())!.services }) };
    const task = evaluateTask({
      db: at.db,
      clock: at.clock,
      catalog: async () => catalog,
      collector: {
        ...collector,
        async collect(...given) {
          await collector.collect(...given);
          die('after reading');
        },
      },
      slos: {
        ...store,
        async saveStates(states, tx) {
          const moved = await store.saveStates(states.slice(0, 2), tx);
          die('within saving');
          for (const slo of await store.saveStates(states.slice(2), tx)) moved.add(slo);
          const at = new Map(states.map(({ evaluation }) => [evaluation.slo, evaluation.at]));
          for (const slo of moved)
            await sql`insert into evaluated (slo, at) values (${slo}, ${at.get(slo)})`.execute(tx);
          return moved;
        },
      },
      share: wholeShare(at.db),
      metrics: createMetrics(),
      notify: async () => die('after the commit'),
      suspects: async () => null,
      async apply(tx, verdicts) {
        await applyAlertTransitions(deps, tx, verdicts);
        die('after alerts, before the commit');
      },
    });
    return {
      async cycle(death: Death | null) {
        process.death = death;
        await task.run(new AbortController().signal).catch((error: unknown) => {
          if (!(error instanceof Dead)) throw error;
        });
      },
    };
  }

  return {
    onset,
    startProcess,
    /** Lets minute `n` after the calm pass. */
    pass(n: number) {
      at.clock.set(onset + (n + 1) * minuteMs);
      const end = Math.floor(at.clock.now() / minuteMs) * minuteMs;
      for (const service of services) {
        const share = failing(service, n);
        source.put(filterOf(service), { class: '2xx' }, end, requests * (1 - share));
        if (share > 0) source.put(filterOf(service), { class: '5xx' }, end, requests * share);
      }
    },
  };
}

/** Everything that is stored, without ids and the times of the machine that wrote it. */
async function stored(at: Harness) {
  const rows = async <T>(query: RawBuilder<T>) => (await query.execute(at.db)).rows;
  return {
    evaluated: await rows(sql`select slo, at, count(*)::int as times from evaluated group by slo, at order by slo, at`),
    states: await rows(sql`select slo, at, condition, tier, evaluation from slo_state order by slo`),
    hours: await rows(
      sql`select slo, hour, bad, total, known, encode(minutes, 'hex') as minutes from sli_hour order by slo, hour`,
    ),
    alerts: await rows(
      sql`select slo, tier, peak_tier, opened_at, cleared_at, page_from, page_to from alert order by slo, opened_at`,
    ),
    incidents: await rows(
      sql`select title, status, service, slo, tier, started_at, opened_at, resolved_at, children from incident
        order by opened_at`,
    ),
    timeline: (await rows(sql<{ text: string }>`select text from timeline where kind <> 'page' order by text`)).map(
      ({ text }) => text,
    ),
    pages: await rows(
      sql<{
        action: string;
        summary: string;
      }>`select body->>'action' as action, body->>'summary' as summary from outbox order by created_at`,
    ),
  };
}

let calm: Harness;
let rough: Harness;
beforeEach(async () => {
  [calm, rough] = [await startHarness(), await startHarness()];
  for (const at of [calm, rough]) await sql`create table evaluated (slo text, at bigint)`.execute(at.db);
});
afterEach(async () => {
  await calm.stop();
  await rough.stop();
});

async function undisturbed() {
  const world = aWorld(calm);
  const only = world.startProcess();
  for (let n = 0; n < minutes; n++) {
    world.pass(n);
    await only.cycle(null);
  }
  const result = await stored(calm);
  // It is a world worth comparing: two alerts in one incident, one page, and all over at the end.
  expect(result.alerts).toHaveLength(2);
  expect(result.incidents).toMatchObject([{ service: 'voiceover', status: 'resolved', children: ['studio-api'] }]);
  expect(result.pages).toMatchObject([{ action: 'trigger' }, { action: 'resolve' }]);
  return result;
}

test('a process that dies anywhere in a cycle leaves the same behind as one that never did, and each minute is evaluated once', async () => {
  const expected = await undisturbed();
  const world = aWorld(rough);
  expect(world.onset).toBe(calm.clock.now() - minutes * minuteMs);
  const random = seeded(11);
  let process = world.startProcess();
  const died: Death[] = [];
  for (let n = 0; n < minutes; n++) {
    world.pass(n);
    // The first cycle, which has nothing to go on from, and the last are left in peace; of the others two in three are ended.
    const death = n > 0 && n < minutes - 1 && random() < 0.66 ? deaths[died.length % deaths.length]! : null;
    await process.cycle(death);
    if (!death) continue;
    died.push(death);
    process = world.startProcess();
    // Now and then the next one is there at once, else it comes with the next minute.
    if (random() < 0.4) await process.cycle(null);
  }
  expect(new Set(died)).toEqual(new Set(deaths));
  expect(await stored(rough)).toEqual(expected);
});

test('nobody there for minutes in the midst of the burn: the next process evaluates each missed one, in order', async () => {
  const expected = await undisturbed();
  const world = aWorld(rough);
  let process = world.startProcess();
  for (let n = 0; n < minutes; n++) {
    world.pass(n);
    if (n === 6) await process.cycle('within saving');
    if (n >= 6 && n < 13) continue;
    if (n === 13) process = world.startProcess();
    await process.cycle(null);
  }
  const { pages, timeline, ...rest } = await stored(rough);
  expect(rest).toEqual({ ...expected, pages: undefined, timeline: undefined });
  expect(timeline).toEqual(expected.timeline);
  expect(pages.map(({ action }) => action)).toEqual(['trigger', 'resolve']);
});

test('one that was only paused goes on beside its successor: no alert is doubled, no page either', async () => {
  const expected = await undisturbed();
  const world = aWorld(rough);
  const [first, second] = [world.startProcess(), world.startProcess()];
  for (let n = 0; n < minutes; n++) {
    world.pass(n);
    await Promise.all([first.cycle(null), second.cycle(null)]);
  }
  expect(await stored(rough)).toEqual(expected);
});
