import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import type { Change } from '#app/domain/change/change.ts';
import type { ChangeNotice } from '#app/domain/change/notice.ts';
import type { Endpoint } from '#app/domain/endpoint/endpoint.ts';
import { hourMs, hourRow, minuteMs } from '#app/domain/slo/series.ts';
import type { SourceState } from '#app/domain/slo/source-state.ts';
import { pollPagerDuty } from '#app/engine/incidents/poll-pagerduty.server.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { watchChanges } from '#app/engine/metrics/watch-changes.server.ts';
import { watchSources } from '#app/engine/metrics/watch-sources.server.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { createCursorStore } from '#app/stores/cursors.server.ts';
import { createSloHours } from '#app/stores/slo/slo-hours.server.ts';
import { anSlo, filled } from '../../domain/slo/make.ts';
import { type Harness, startHarness } from '../incidents/harness.ts';
import { fakeMonitoring, fakeStore } from './fake-monitoring.ts';
import { fakePrometheus } from './fake-prometheus.ts';

const slo = anSlo({
  indicator: { kind: 'ratio', total: { project: 'studio', filter: 't' }, bad: { project: 'studio', filter: 'b' } },
});
const seeing: SourceState = { readAt: 1, error: null, errorAt: null, silentFrom: null };
let at: Harness;
let source: SourceState;
let catalog: Catalog;

beforeEach(async () => {
  at = await startHarness();
  source = seeing;
  catalog = {
    ...((await at.deps.catalog()) as Catalog),
    slos: [slo],
    flags: [],
    sources: [{ id: 'gcp', title: 'Cloud Monitoring', project: 'studio', owner: 'media-platform', runbook: 'blind' }],
  };
});
afterEach(() => at.stop());

const sources = async () => new Map([[slo.id, source]]);

describe('a blind source', () => {
  const watch = (mode: 'act' | 'observe' = 'act') =>
    watchSources({ ...at.deps, mode, catalog: async () => catalog, sources, cursors: createCursorStore(at.db) });
  const open = () => at.incidents.open();

  test('pages its owner once after ten minutes, and the incident ends when it sees again', async () => {
    const begun = at.clock.now();
    source = { ...seeing, silentFrom: begun };
    at.clock.set(begun + 9 * minuteMs);
    await watch()();
    expect(await open()).toEqual([]);
    at.clock.set(begun + 10 * minuteMs);
    await watch()();
    // Another process, and the next cycles: still one.
    await watch()();
    await at.deliver();
    expect(await open()).toMatchObject([
      { title: 'Blind: Cloud Monitoring gives no data', runbook: 'blind', service: null, startedAt: begun },
    ]);
    await pollPagerDuty(at.deps);
    expect(at.pagerDuty.desk.standing().map(({ title }) => title)).toEqual([
      expect.stringMatching(/^Blind for 10 min: no data, one SLO is unwatched/),
    ]);

    source = seeing;
    await watch()();
    await at.deliver();
    expect(at.pagerDuty.desk.standing()).toEqual([]);
    // PagerDuty's incident, which holds ours, is over: the next look at it ends ours.
    at.clock.set(begun + 12 * minuteMs);
    await pollPagerDuty(at.deps);
    expect(await open()).toEqual([]);
    source = { ...seeing, silentFrom: at.clock.now() - 11 * minuteMs };
    await watch()();
    expect(await open()).toHaveLength(1);
  });

  test('whose page PagerDuty refused is paged again while it is blind', async () => {
    source = { ...seeing, silentFrom: at.clock.now() - 11 * minuteMs };
    const look = watch();
    await look();
    await at.deliver({ routingKey: 'a-key-that-nobody-knows' });
    at.clock.advance(9 * minuteMs);
    await look();
    expect(await at.deliver()).toBe(0);
    at.clock.advance(minuteMs);
    await look();
    await look();
    expect(await at.deliver()).toBe(1);
    expect(at.pagerDuty.desk.standing()).toHaveLength(1);
  });

  test('that is silenced opens its incident and pages nobody, until the silence is over and it is blind still', async () => {
    const silence = async (scope: 'source' | 'slo', target: string, minutes: number) => {
      const from = at.clock.now();
      const by = { by_name: 'Ada', by_email: 'ada@studio.example', from_at: from, until_at: from + minutes * minuteMs };
      await at.db
        .insertInto('silence')
        .values({ id: scope, scope, target, reason: 'Maintenance', ...by })
        .execute();
    };
    source = { ...seeing, silentFrom: at.clock.now() - 11 * minuteMs };
    await silence('source', 'studio', 30);
    await silence('slo', slo.id, 90);
    await watch()();
    await watch()();
    expect(await open()).toHaveLength(1);
    expect(await at.deliver()).toBe(0);
    const [incident] = await open();
    const lines = (await at.incidents.timeline(incident!.id)).map(({ text }) => text);
    expect(lines.filter((line) => line.startsWith('Would have paged that it is blind (silenced by Ada'))).toHaveLength(
      1,
    );
    at.clock.advance(30 * minuteMs);
    await watch()();
    await watch()();
    expect([await at.deliver(), await at.deliver()]).toEqual([1, 0]);
    expect(at.pagerDuty.desk.standing()[0]?.title).toMatch(/^Blind for 41 min: no data, one SLO is unwatched/);
  });

  test('a Prometheus server that dies for ten minutes is one page to its owner, and the other sources see', async () => {
    const prometheus = fakePrometheus();
    const store = fakeStore();
    const real = createCollector(
      { monitoring: fakeMonitoring().read, prometheus: prometheus.read },
      store,
      store.cursors,
    );
    const scraped = (id: string, name: string) => {
      const count = { selector: `x_total{job="${id}"}` };
      const url = `http://${name}:9090`;
      const indicator = { kind: 'prometheus', counted: 'bad', part: count, total: count, source: name, url } as const;
      return anSlo({ id, indicator, settle: minuteMs });
    };
    const slos = [scraped('a', 'shop'), scraped('b', 'shop'), scraped('c', 'other')];
    const server = (id: string) => ({
      id,
      title: `Prometheus ${id}`,
      project: null,
      owner: id,
      runbook: null,
      url: 'u',
    });
    const both: Catalog = { ...catalog, slos, sources: [server('shop'), server('other')] };
    const begun = Math.floor(at.clock.now() / minuteMs) * minuteMs;
    const scrape = (jobs: string[], from: number, to: number) => {
      for (let time = from; time <= to; time += minuteMs)
        for (const job of jobs) prometheus.put('x_total', { job }, time, ((time - begun) / minuteMs) * 10 + 1_000);
    };
    const all = prometheus.read.counters;
    const cycle = async (minutes: number) => {
      at.clock.set(begun + minutes * minuteMs);
      await real.collect({ slos }, at.clock.now(), new AbortController().signal);
      const cursors = createCursorStore(at.db);
      const ofAll = async () => new Map(slos.map(({ id }) => [id, real.source(id)]));
      await watchSources({ ...at.deps, mode: 'act', catalog: async () => both, sources: ofAll, cursors })();
      await at.deliver();
    };
    scrape(['a', 'b', 'c'], begun - 90 * minuteMs, begun + 60 * minuteMs);
    await cycle(0);
    prometheus.read.counters = async (query) => {
      if (query.source === 'shop') throw new Error('Prometheus shop cannot be reached: nothing listens there');
      return all(query);
    };
    for (const minutes of [1, 5, 9]) await cycle(minutes);
    expect(await open()).toEqual([]);
    for (const minutes of [10, 11, 15]) await cycle(minutes);
    expect((await open()).map(({ title }) => title)).toEqual(['Blind: Prometheus shop gives no data']);
    expect(at.pagerDuty.desk.standing().map(({ title }) => title)).toEqual([
      expect.stringMatching(/^Blind for 10 min: no data, 2 SLOs are unwatched · .*nothing listens there/),
    ]);
    prometheus.read.counters = all;
    await cycle(16);
    expect(at.pagerDuty.desk.standing()).toEqual([]);

    // Then one target of two is gone, while the server answers.
    scrape(['b', 'c'], begun + 60 * minuteMs, begun + 90 * minuteMs);
    await cycle(75);
    await pollPagerDuty(at.deps);
    expect((await open()).map(({ title }) => title)).toContain(
      'Blind: Prometheus shop gives no data for 1 of its 2 SLOs',
    );
  });

  test('of a project that no SLO reads any more blinds nobody: its incident ends', async () => {
    source = { ...seeing, silentFrom: at.clock.now() - 11 * minuteMs };
    const look = watch('observe');
    await look();
    expect(await open()).toHaveLength(1);
    catalog = { ...catalog, slos: [] };
    await look();
    expect(await open()).toHaveLength(1);
    at.clock.advance(2 * minuteMs);
    await look();
    await look();
    expect(await open()).toEqual([]);
    const [incident] = await at.incidents.recent(1);
    const lines = (await at.incidents.timeline(incident!.id)).map(({ text }) => text);
    expect(lines.at(-1)).toBe('Resolved: nothing is watched through this source any more.');
  });

  test('that fails says how, and where nothing may be paged the timeline says what would have been', async () => {
    source = {
      ...seeing,
      readAt: at.clock.now(),
      error: 'Cloud Monitoring answered UNAVAILABLE',
      errorAt: at.clock.now(),
    };
    at.clock.set(at.clock.now() + 11 * minuteMs);
    await watch('observe')();
    await at.deliver();
    expect(at.pagerDuty.desk.standing()).toEqual([]);
    const texts = (await at.incidents.timeline((await open())[0]!.id)).map(({ text }) => text);
    expect(texts.join(' ')).toContain('it does not answer (Cloud Monitoring answered UNAVAILABLE)');
    expect(texts.join(' ')).toContain('Would have paged');
  });
});

describe('whoever moved something', () => {
  const hours = () => createSloHours(at.db);
  const changes = () => createChangeStore(at.db, at.clock.now, at.deps.notify);
  const watch = () =>
    watchChanges({
      db: at.db,
      clock: at.clock,
      catalog: async () => catalog,
      stores: { changes: changes(), incidents: at.incidents, observations: at.deps.observations, slos: hours() },
      notify: at.deps.notify,
      mode: 'act',
      environment: 'production',
      from: 'ada@studio.example',
      serviceUrl: (id) => `https://firebreak.example/services/${id}`,
    });
  const notices = async () =>
    (await at.deps.observations.get<ChangeNotice[]>('firebreak', 'watch/voiceover')).value ?? [];
  const moved = (change: Partial<Change>): Omit<Change, 'id'> => ({
    source: 'cloud-run',
    externalId: 'one',
    kind: 'revision',
    at: at.clock.now(),
    service: 'voiceover',
    environment: 'production',
    target: 'voiceover-00042-eou',
    title: 'voiceover-00042-eou took 100 % of traffic',
    actor: 'mira@studio.example',
    commit: null,
    url: null,
    before: { 'voiceover-00041-rhw': 100 },
    after: { 'voiceover-00042-eou': 100 },
    ...change,
  });
  /** A service whose failures begin at `from`, as far as it can be seen `minutes` later. */
  const burnFrom = async (from: number, minutes: number) => {
    const start = Math.ceil(from / minuteMs) * minuteMs;
    const series = filled(start - 60 * minuteMs, start + minutes * minuteMs, (minute) => ({
      bad: minute < start ? 1 : 90,
      total: 3000,
    }));
    const newest = Math.floor((start + minutes * minuteMs) / hourMs);
    await hours().saveHours(
      [newest, newest - 1, newest - 2].map((hour) => ({ slo: slo.id, counted: null, ...hourRow(series, hour) })),
    );
  };

  test('is told within six minutes that burn rises since, with the way back, once', async () => {
    const change = moved({});
    await changes().record(change);
    await changes().record(moved({ externalId: 'staging', environment: 'staging' }));
    await changes().record(moved({ externalId: 'old', at: change.at - 40 * minuteMs }));
    await burnFrom(change.at, 2);
    at.clock.set(change.at + 5 * minuteMs);
    await watch()();
    await watch()();
    expect(await notices()).toMatchObject([
      {
        change: { title: change.title, actor: 'mira@studio.example' },
        slo: slo.id,
        text: expect.stringMatching(/^Failures rise since this change: 180 of 6,000 in 2 min, 30×/),
        reversal: { label: 'Route back to voiceover-00041-rhw', inputs: { to: 'voiceover-00041-rhw' } },
      },
    ]);
    expect((await notices())[0]!.at - change.at).toBeLessThanOrEqual(6 * minuteMs);
  });

  test('hears of it in the chat of the owner, before there is any incident', async () => {
    const chat: Omit<Endpoint, 'name'> = {
      ...{ title: 'Chat', use: 'chat', method: 'POST', url: 'https://chat.example/hook', headers: {} },
      ...{ status: [200], contains: null, repeatable: false },
    };
    const { owner } = catalog.services.find(({ id }) => id === 'voiceover')!;
    catalog = { ...catalog, endpoints: [owner!, 'somebody-else'].map((name) => ({ ...chat, name })) };
    const change = moved({});
    await changes().record(change);
    await burnFrom(change.at, 2);
    at.clock.set(change.at + 5 * minuteMs);
    await watch()();
    await watch()();
    const waiting = await at.db.selectFrom('outbox').select(['kind', 'body']).where('kind', '=', 'chat').execute();
    expect(waiting).toEqual([
      {
        kind: 'chat',
        body: {
          endpoint: owner,
          text: expect.stringMatching(
            /^voiceover-00042-eou took 100 % of traffic \(mira@studio.example\): Failures rise/,
          ),
          link: 'https://firebreak.example/services/voiceover',
        },
      },
    ]);
  });

  test('an incident that opens later has it in its timeline, and one that is open a note in PagerDuty', async () => {
    const change = moved({});
    await changes().record(change);
    await burnFrom(change.at, 2);
    at.clock.set(change.at + 5 * minuteMs);
    await watch()();
    at.clock.set(change.at + 20 * minuteMs);
    await at.apply(at.verdict('voiceover-availability', 'page-fast'));
    await watch()();
    await at.deliver();
    const [incident] = await at.incidents.open();
    const told = async () =>
      (await at.incidents.timeline(incident!.id)).filter(({ kind, actor }) => kind === 'told' && actor !== null);
    expect(await told()).toMatchObject([{ at: change.at + 5 * minuteMs, actor: 'mira@studio.example' }]);
    expect(at.pagerDuty.desk.standing()[0]!.notes).toEqual([]);

    // A second move, while the page is out, is told there as well; its note does not stand in the timeline twice.
    await pollPagerDuty(at.deps);
    await changes().record(moved({ externalId: 'two', at: at.clock.now() }));
    await burnFrom(at.clock.now(), 2);
    at.clock.advance(4 * minuteMs);
    await watch()();
    await watch()();
    await at.deliver();
    const notes = at.pagerDuty.desk.standing()[0]!.notes.map(({ content }) => content);
    expect(notes).toEqual([expect.stringMatching(/^Firebreak: voiceover-00042-eou took 100 % .*Failures rise/)]);
    await pollPagerDuty(at.deps);
    expect(await told()).toHaveLength(2);
    expect((await at.incidents.timeline(incident!.id)).filter(({ kind }) => kind === 'note')).toEqual([]);
  });
});
