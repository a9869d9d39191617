import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createPrometheusRead } from '#app/clients/prometheus/read.server.ts';
import { evaluateSlo } from '#app/domain/slo/evaluate.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { minuteMs } from '#app/domain/slo/series.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { createFaults } from '#simulator/faults.ts';
import { createPrometheusHttp } from '#simulator/prometheus/http.ts';
import { createPrometheus } from '#simulator/prometheus/prometheus.ts';
import { fakeMonitoring, fakeStore } from '../../engine/metrics/fake-monitoring.ts';
import { studio } from '../support/studio.ts';

const worldStart = Date.UTC(2026, 10, 22, 3, 0, 0);
const catalog = await studio();
const own = catalog.slos.filter(({ indicator }) => indicator.kind === 'prometheus');
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

async function start(now = worldStart + 20 * minuteMs, mostSamples?: number) {
  const clock = { now: () => now };
  const faults = createFaults();
  const prometheus = createPrometheus({ catalog, seed: 'studio', worldStart, clock, mostSamples });
  const http = createPrometheusHttp(prometheus, faults, clock);
  const server = createServer(
    (request, response) => void (http.handle(request, response) || response.end('elsewhere')),
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prometheus`;
  const ask = async (path: string, form?: Record<string, string>) => {
    const response = await fetch(`${url}${path}`, form ? { method: 'POST', body: new URLSearchParams(form) } : {});
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  };
  return { url, ask, faults, prometheus, now };
}

describe('the protocol', () => {
  test('raw readings of a range, the newest of a selector, by form or by address', async () => {
    const { ask, now } = await start();
    const query = 'http_requests_total{job="billing",code="200",pod="billing-0"}';
    const range = await ask('/api/v1/query', { query: `${query}[5m]`, time: String(now / 1000) });
    const [one, ...others] = range.body.data.result;
    expect([range.status, range.body.data.resultType, others]).toEqual([200, 'matrix', []]);
    expect(one.metric).toEqual({
      __name__: 'http_requests_total',
      job: 'billing',
      instance: 'billing-0:9090',
      pod: 'billing-0',
      code: '200',
    });
    expect(one.values).toHaveLength(5);
    const instant = await ask(`/api/v1/query?query=${encodeURIComponent(query)}&time=${now / 1000}`);
    expect(instant.body.data).toEqual({
      resultType: 'vector',
      result: [{ metric: one.metric, value: [now / 1000, one.values.at(-1)[1]] }],
    });
    expect((await ask('/-/ready')).body).toBe('Prometheus Server is Ready.\n');
    expect((await ask('/api/v1/rules')).status).toBe(404);
  });

  test('refusals are Prometheus’s own, and faults strike', async () => {
    const { ask, faults } = await start();
    const said = async (form: Record<string, string>) => {
      const { status, body } = await ask('/api/v1/query', form);
      return [status, body.status, body.errorType];
    };
    expect(await said({ query: 'sum(rate(x[5m]))' })).toEqual([400, 'error', 'bad_data']);
    expect(await said({})).toEqual([400, 'error', 'bad_data']);
    expect(await said({ query: 'x', time: 'soon' })).toEqual([400, 'error', 'bad_data']);
    const few = await start(worldStart, 10);
    expect(await few.ask('/api/v1/query', { query: 'http_requests_total[1h]' })).toMatchObject({
      status: 422,
      body: { errorType: 'execution' },
    });
    faults.set('prometheus', '500');
    expect((await ask('/-/ready')).status).toBe(500);
  });
});

describe('its counters', () => {
  test('grow, begin anew with their pod, and never reach into the future', async () => {
    const { prometheus, now } = await start();
    const all = prometheus.query('http_requests_total{job="billing"}[35d]', now + 60 * minuteMs);
    if (all.resultType !== 'matrix') throw new Error();
    const resets = new Set<string>();
    for (const { metric, values } of all.result) {
      expect(values.at(-1)![0] * 1000).toBeLessThanOrEqual(now);
      for (let i = 1; i < values.length; i++)
        if (Number(values[i]![1]) < Number(values[i - 1]![1]))
          resets.add(`${metric.pod} ${Math.floor(values[i]![0] / 120)}`);
    }
    expect(resets.size).toBeGreaterThan(15);
    const again = (await start()).prometheus.query('http_requests_total{job="billing"}[35d]', now + 60 * minuteMs);
    expect(again).toEqual(all);
  });

  test('read by the engine over HTTP they spend about a fifth of the budget of each SLO, and are calm', async () => {
    expect(own.map(({ id }) => id)).toEqual(['billing-availability']);
    const { url, now } = await start();
    const address = { url, token: null };
    const prometheus = createPrometheusRead({
      addresses: Object.fromEntries(catalog.sources!.map(({ id }) => [id, address])),
      policy: (system) => createResilience({ system, timeoutMs: 20_000 }),
    });
    const store = fakeStore();
    const collector = createCollector({ monitoring: fakeMonitoring().read, prometheus }, store, store.cursors);
    await collector.collect({ slos: own }, now, new AbortController().signal);
    for (const slo of own) {
      expect(collector.source(slo.id)).toEqual({ readAt: now, error: null, errorAt: null, silentFrom: null });
      const [series, events] = [collector.series(slo.id)!, collector.events(slo.id)!];
      const at = now - slo.settle;
      const evaluation = evaluateSlo({ slo, profile: defaultProfile(slo.period), series, events, at });
      expect(evaluation.tier).toBeNull();
      expect(evaluation.condition).toBe('ok');
      expect(evaluation.period.coverage).toBeGreaterThan(0.999);
      expect(evaluation.period.budgetRemaining).toBeGreaterThan(0.75);
      expect(evaluation.period.budgetRemaining).toBeLessThan(0.85);
    }
  });
});
