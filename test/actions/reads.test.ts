import { expect, test } from 'vitest';
import type { Action } from '#app/actions/action.ts';
import { cloudRunInspect } from '#app/actions/cloudrun-inspect.server.ts';
import { flagInspect } from '#app/actions/flag-inspect.server.ts';
import { logsQuery } from '#app/actions/logs-query.server.ts';
import { metricsQuery } from '#app/actions/metrics-query.server.ts';
import type { LogLine, LogQuery } from '#app/clients/cloud-logging/port.ts';
import type { MonitoringRead, SeriesQuery } from '#app/clients/cloud-monitoring/port.ts';
import { actionContext, moveOf } from './context.ts';

const minute = 60_000;
const now = Date.UTC(2026, 10, 22, 3, 20, 30);
const voice = { id: 'voice', title: 'Voice', cloudRun: { project: 'film', region: 'r1', service: 'voice-run' } };

function contextOf(uses: string, input: Record<string, unknown>) {
  const context = { ...actionContext(uses, input), now: () => now };
  return { ...context, catalog: { ...context.catalog, services: [voice as never] } };
}

async function reads(action: Action, input: Record<string, unknown>) {
  const context = contextOf(action.uses, input);
  const { plan } = await action.plan(context);
  expect(plan).toMatchObject({ kind: 'read', target: null, after: null });
  return { plan, ...(await action.apply(context, moveOf(plan))) };
}

const nothingObserved = { get: async () => ({ value: null, at: null, error: null, errorAt: null }) } as never;

/** A log that holds `count` lines, and remembers what it was asked. */
function log(count: number, message = 'model "v2" not found') {
  const asked: LogQuery[] = [];
  const line = (index: number): LogLine => ({
    at: now - index * 1000,
    severity: 'ERROR',
    message: `${message} ${index}`,
    revision: null,
    request: index === 0 ? { method: 'GET', path: '/speak', status: 500, latencyMs: 1 } : null,
    trace: null,
  });
  const logging = {
    async list(query: LogQuery) {
      asked.push(query);
      return Array.from({ length: Math.min(count, query.limit) }, (_, index) => line(index));
    },
  };
  return { logging, asked };
}

test('log lines are counted within a range, the newest kept, cut and redacted', async () => {
  const { logging, asked } = log(37, `token s3cret ${'x'.repeat(400)}`);
  const action = logsQuery({ logging, redact: (text) => text.replaceAll('s3cret', '[redacted]') });
  const { evidence, outputs, plan } = await reads(action, { service: 'voice', filter: 'textPayload:"v2"', limit: 3 });
  const filter =
    'resource.type="cloud_run_revision" resource.labels.service_name="voice-run" severity>=ERROR (textPayload:"v2")';
  expect(asked).toMatchObject([{ project: 'film', filter, from: Date.UTC(2026, 10, 22, 3, 5), to: now, limit: 1000 }]);
  expect(outputs).toEqual({ count: 37 });
  const { counted, newest } = evidence as { counted: string; newest: string[] };
  expect(counted).toBe('37 lines of voice in 15 min');
  expect(newest).toHaveLength(3);
  expect(newest[0]).toMatch(/^03:20:30 UTC ERROR GET \/speak 500 token \[redacted\] x/);
  expect(Math.max(...newest.map((line) => line.length))).toBeLessThanOrEqual(300 + '[redacted]'.length);
  expect(plan.commands[0]?.command).toMatch(/^gcloud logging read '.*' --project film --freshness 15m --limit 3$/);
});

test('a secret that stands where a line is cut, or that goes over several lines, leaves no beginning behind', async () => {
  const redact = (text: string) => text.replaceAll('s3cr\net', '[redacted]');
  const newestOf = async (message: string) => {
    const { evidence } = await reads(logsQuery({ logging: log(1, message).logging, redact }), { service: 'voice' });
    return (evidence as { newest: string[] }).newest[0]!;
  };
  expect(await newestOf('token s3cr\net')).toBe('03:20:30 UTC ERROR GET /speak 500 token [redacted] 0');
  const cut = (text: string) => text.replaceAll('longs3cret', '[redacted]');
  const { logging } = log(1, `${'x'.repeat(260)}longs3cret`);
  const { evidence } = await reads(logsQuery({ logging, redact: cut }), { service: 'voice' });
  expect((evidence as { newest: string[] }).newest[0]).toMatch(/x(\[[a-z]*)?…$/);
});

test('a count answers its bound, and what is more than is read is said to be more', async () => {
  const query = (count: number, input: object) =>
    reads(logsQuery({ logging: log(count).logging, redact: (text) => text }), { service: 'voice', ...input });
  expect((await query(11, { over: 10 })).outputs).toEqual({ count: 11, answer: 'yes' });
  expect((await query(10, { over: 10 })).outputs).toEqual({ count: 10, answer: 'no' });
  const much = await query(5_000, {});
  expect(much.evidence).toMatchObject({ counted: '1,000 or more lines of voice in 15 min' });
});

test('a service that is not there, or does not run on Cloud Run, is refused', async () => {
  const action = logsQuery({ logging: log(1).logging, redact: (text) => text });
  await expect(reads(action, { service: 'nobody' })).rejects.toMatchObject({ code: 'bad_input' });
});

function monitoring(points: number[]) {
  const asked: (SeriesQuery & { worst?: string })[] = [];
  const series = [{ labels: {}, points: points.map((value, index) => ({ end: now - index * minute, value })) }];
  const say = async (query: SeriesQuery) => {
    asked.push(query);
    return points.length > 0 ? series : [];
  };
  const read: MonitoringRead = { counts: say, gauges: say, distributions: async () => [] };
  return { read, asked };
}

test('a metric is summed, or its worst value taken, and compared', async () => {
  const input = { service: 'voice', filter: 'metric.type="run.googleapis.com/request_count"', since: '10m' };
  const { read, asked } = monitoring([3, 5, 2]);
  expect((await reads(metricsQuery(read), { ...input, over: 9 })).outputs).toEqual({ value: 10, answer: 'yes' });
  expect((await reads(metricsQuery(read), { ...input, of: 'max', over: 9 })).outputs).toEqual({
    value: 5,
    answer: 'no',
  });
  expect((await reads(metricsQuery(read), { ...input, of: 'min', under: 3 })).outputs).toEqual({
    value: 2,
    answer: 'yes',
  });
  expect(asked[0]).toMatchObject({
    project: 'film',
    from: Date.UTC(2026, 10, 22, 3, 10),
    to: Date.UTC(2026, 10, 22, 3, 20),
  });
  expect(asked.map(({ worst }) => worst)).toEqual([undefined, 'max', 'min']);
});

test('a metric without points is unknown, not nought', async () => {
  const input = { service: 'voice', filter: 'metric.type="x"', under: 5 };
  const { outputs, evidence } = await reads(metricsQuery(monitoring([]).read), input);
  expect(outputs).toEqual({ value: null, answer: 'unknown' });
  expect(evidence).toMatchObject({ sum: 'no points in 15 min' });
});

test('a flag says who gets it, and whether that is safe', async () => {
  const environment = { environment: 'production', enabled: true, strategies: [], variants: [] };
  const state = { flag: 'voiceover-v2', environments: [environment], children: [] };
  const unleash = { flag: async () => state, usage: async () => [] } as never;
  const input = { flag: 'voiceover-v2', environment: 'production' };
  const action = flagInspect({ unleash, observations: nothingObserved });
  const { outputs } = await reads(action, input);
  expect(outputs).toMatchObject({ safe: 'no' });
  environment.enabled = false;
  expect((await reads(action, input)).outputs).toMatchObject({ safe: 'yes' });
  await expect(reads(action, { ...input, environment: 'nowhere' })).rejects.toMatchObject({ code: 'bad_input' });
});

test('a service says where its traffic is, and whether it is pinned there', async () => {
  const entry = (revision: string | null, percent: number) => ({ revision, percent, tag: null });
  const service = {
    traffic: [entry('voice-00041-kib', 95), entry('voice-00042-kib', 5)],
    trafficStatuses: [entry('voice-00041-kib', 95), entry('voice-00042-kib', 5)],
    latestReadyRevision: 'voice-00042-kib',
  };
  const read = { service: async () => service, revisions: async () => [] } as never;
  const { outputs } = await reads(cloudRunInspect({ read, observations: nothingObserved }), { service: 'voice' });
  expect(outputs).toEqual({ revision: 'voice-00041-kib', percent: 95, pinned: 'yes' });
});
