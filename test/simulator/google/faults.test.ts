import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMonitoringRead } from '#app/clients/cloud-monitoring/read.server.ts';
import { epoch, metricOf, seriesOf, startMonitoring } from '../support/monitoring.ts';

let monitoring: Awaited<ReturnType<typeof startMonitoring>>;
let read: ReturnType<typeof createMonitoringRead>;
beforeAll(async () => {
  monitoring = await startMonitoring({
    requests: { metric: metricOf('requests', 'DELTA', 'INT64'), series: [seriesOf({ code: '200' }, [1, 2, 3])] },
  });
  read = createMonitoringRead({ endpoint: monitoring.endpoint, timeoutMs: 400 });
});
afterAll(async () => {
  await read.close();
  await monitoring.stop();
});

const counts = () =>
  read.counts({
    project: 'p',
    filter: 'metric.type="requests"',
    from: epoch,
    to: epoch + 180_000,
    periodSeconds: 60,
    groupBy: [],
  });

test.each([
  ['429', 8],
  ['500', 14],
  ['stall', 4],
  ['garbage', 13],
  ['reset', 14],
] as const)('%s reaches the client as code %i, and none cures it', async (kind, code) => {
  monitoring.faults.set('monitoring', kind);
  await expect(counts()).rejects.toMatchObject({ code });
  monitoring.faults.set('monitoring', 'none');
  const [series] = await counts();
  expect(series?.points.map((point) => point.value)).toEqual([1, 2, 3]);
});

test('a call is given up when its signal aborts', async () => {
  monitoring.faults.set('monitoring', 'stall');
  const controller = new AbortController();
  const patient = createMonitoringRead({ endpoint: monitoring.endpoint, timeoutMs: 60_000 });
  const call = patient.counts({
    project: 'p',
    filter: 'metric.type="requests"',
    from: epoch,
    to: epoch + 60_000,
    periodSeconds: 60,
    groupBy: [],
    signal: controller.signal,
  });
  setTimeout(() => controller.abort(), 50);
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  await patient.close();
});
