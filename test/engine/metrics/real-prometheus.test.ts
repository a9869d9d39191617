import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PrometheusRead } from '#app/clients/prometheus/port.ts';
import { createPrometheusRead } from '#app/clients/prometheus/read.server.ts';
import { hourMs, minuteMs, periodSums, windowSums } from '#app/domain/slo/series.ts';
import type { Slo } from '#app/domain/slo/slo.ts';
import { windowMinutes, windowNames } from '#app/domain/slo/slo.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { anSlo, monday, seeded } from '../../domain/slo/make.ts';
import { findPrometheus, type Prometheus, startPrometheus } from '../../support/prometheus.ts';
import { fakeMonitoring, fakeStore } from './fake-monitoring.ts';

const found = findPrometheus();
const days = 6;
const [start, end] = [monday, monday + days * 24 * hourMs];
const total = 'http_requests_total{job="shop"}';
const bad = 'http_requests_total{job="shop",code=~"5..|429"}';

/** What Prometheus is asked, counted by hand from its text: growth between readings that are there, and nothing else. */
interface World {
  text: string;
  /** Instants (ms) at which every counter was read. */
  read: Set<number>;
  /** Growth by minute: bad, total. */
  grown: Map<number, [number, number]>;
}

/** Three pods with uneven traffic, restarts, nights without a request, and stretches in which one or all are not read; and a job nobody asks for. */
function world(seed: number): World {
  const random = seeded(seed);
  const lines: string[] = [];
  const grown = new Map<number, [number, number]>();
  const read = new Map<number, number>();
  const minutes = days * 1440;
  for (const pod of ['a', 'b', 'c']) {
    const value: Record<string, number> = { 200: Math.floor(5e9 * random()), 429: Math.floor(100 * random()), 503: 0 };
    const last: Record<string, number> = {};
    const gone = Array.from({ length: 9 }, () => Math.floor(random() * minutes));
    for (let minute = 0; minute <= minutes; minute++) {
      if (random() < 0.002) for (const code of Object.keys(value)) value[code] = Math.floor(random() * 3);
      const night = minute % 1440 > 1200 && minute % 1440 < 1320;
      for (const code of Object.keys(value))
        if (!night) value[code]! += Math.floor(random() * (code === '200' ? 5000 : minute % 700 < 60 ? 90 : 3));
      const blind = [1000, 3000, 5500, 8000].some((from) => minute > from && minute < from + 25);
      if (blind || gone.some((from) => minute > from && minute < from + 9)) continue;
      const at = start + minute * minuteMs;
      read.set(at, (read.get(at) ?? 0) + 1);
      const sums = grown.get(minute - 1) ?? [0, 0];
      grown.set(minute - 1, sums);
      for (const [code, now] of Object.entries(value)) {
        const before = last[code];
        const growth = before === undefined ? 0 : now < before ? now : now - before;
        sums[1] += growth;
        if (code !== '200') sums[0] += growth;
        last[code] = now;
        lines.push(`http_requests_total{job="shop",pod="${pod}",code="${code}"} ${now} ${at / 1000}`);
      }
      lines.push(`http_requests_total{job="other",pod="${pod}",code="200"} ${minute} ${at / 1000}`);
    }
  }
  const key = (line: string) => line.slice(0, line.indexOf('}'));
  lines.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  const whole = [...read].filter(([, pods]) => pods === 3).map(([at]) => at);
  return { text: `# TYPE http_requests counter\n${lines.join('\n')}\n# EOF\n`, read: new Set(whole), grown };
}

describe.skipIf(!found)(found ? 'the engine over a real Prometheus' : 'skipped: there is no Prometheus 2', () => {
  const made = world(11);
  const slo: Slo = anSlo({
    settle: minuteMs,
    indicator: {
      kind: 'prometheus',
      counted: 'bad',
      part: { selector: bad },
      total: { selector: total },
      source: 'real',
      url: 'http://replaced.by.the.environment',
    },
  });
  let prometheus: Prometheus;
  let collector: ReturnType<typeof createCollector>;
  const calls: number[] = [];

  beforeAll(async () => {
    prometheus = await startPrometheus(found!, made.text);
    const read = createPrometheusRead({
      addresses: { real: { url: prometheus.url, token: null } },
      policy: (system) => createResilience({ system, timeoutMs: 20_000 }),
    });
    const store = fakeStore();
    const counted: PrometheusRead = {
      counters(query) {
        calls.push(query.to);
        return read.counters(query);
      },
    };
    const create = () =>
      createCollector({ monitoring: fakeMonitoring().read, prometheus: counted }, store, store.cursors);
    const signal = new AbortController().signal;
    collector = create();
    // Read as it comes: at first what was there, then cycle by cycle, with a restart and a pause in between.
    await collector.collect({ slos: [slo] }, start + 30 * hourMs, signal);
    for (let at = start + 31 * hourMs; at <= start + 33 * hourMs; at += 7 * minuteMs)
      await collector.collect({ slos: [slo] }, at, signal);
    collector = create();
    for (let at = start + 40 * hourMs; at <= start + 41 * hourMs; at += minuteMs)
      await collector.collect({ slos: [slo] }, at, signal);
    await collector.collect({ slos: [slo] }, end, signal);
  }, 120_000);
  afterAll(() => prometheus?.stop());

  test('counts each minute as the readings grew, to the event', () => {
    expect(collector.source(slo.id)).toMatchObject({ error: null, silentFrom: null });
    const series = collector.series(slo.id)!;
    let [compared, unknown] = [0, 0];
    for (let minute = days * 1440 - 74 * 60; minute < days * 1440; minute++) {
      const ours = windowSums(series, start / minuteMs + minute + 1, 1);
      const [badEvents, all] = made.grown.get(minute) ?? [0, 0];
      if (ours.known === 0) unknown += 1;
      else expect([minute, ours.bad, ours.total]).toEqual([minute, badEvents, all]);
      compared += ours.known;
    }
    expect(compared).toBeGreaterThan(4_000);
    expect(unknown).toBeGreaterThan(40);
  });

  test('every window equals what Prometheus says, within 1e-9, where it begins and ends with a reading', async () => {
    const series = collector.series(slo.id)!;
    const [from, until] = [end / 1000 - 5 * 3600, end / 1000];
    let [compared, quiet] = [0, 0];
    for (const name of windowNames) {
      const increase = (selector: string) => prometheus.range(`sum(increase(${selector}[${name}]))`, from, until);
      const [bads, totals] = [await increase(bad), await increase(total)];
      for (let at = from * 1000; at <= end; at += minuteMs) {
        const begin = at - windowMinutes[name] * minuteMs;
        // By the minute three days and two hours are kept.
        if (begin < end - 74 * hourMs || !made.read.has(at) || !made.read.has(begin)) continue;
        const ours = windowSums(series, at / minuteMs, windowMinutes[name]);
        near(ours.bad, bads.get(at));
        near(ours.total, totals.get(at));
        quiet += ours.total === 0 ? 1 : 0;
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(1_500);
    expect(quiet).toBeGreaterThan(50);
  });

  test('the past by the hour, too, and nothing of it twice', async () => {
    const series = collector.series(slo.id)!;
    let compared = 0;
    for (let at = start + 12 * hourMs; at <= start + 48 * hourMs; at += 6 * hourMs) {
      if (!made.read.has(at) || !made.read.has(at - 12 * hourMs)) continue;
      const said = await prometheus.range(`sum(increase(${total}[12h]))`, at / 1000, at / 1000);
      near(periodSums(series, at - 12 * hourMs, at).total, said.get(at));
      compared += 1;
    }
    expect(compared).toBeGreaterThan(3);
    expect(calls.length).toBeLessThan(300);
  });

  test('a range that asks too much of the server, and a selector that it refuses, are said in its words', async () => {
    const read = createPrometheusRead({ addresses: {}, policy: (system) => createResilience({ system, retries: 0 }) });
    const ask = { source: 'real', url: prometheus.url, from: start, to: end };
    await expect(read.counters({ ...ask, selector: '{job=~".*"}' })).rejects.toThrow(
      /^Prometheus real answered 400: .*must contain at least one non-empty matcher/,
    );
    expect(await read.counters({ ...ask, selector: 'nothing_total' })).toEqual([]);
  });
});

function near(ours: number, theirs: number | undefined): void {
  expect(Math.abs(ours - theirs!)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(theirs!)));
}
