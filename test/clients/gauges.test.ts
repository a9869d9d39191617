import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMonitoringRead } from '#app/clients/cloud-monitoring/read.server.ts';
import { epoch, metricOf, seriesOf, startMonitoring } from '../simulator/support/monitoring.ts';

let monitoring: Awaited<ReturnType<typeof startMonitoring>>;
let read: ReturnType<typeof createMonitoringRead>;
beforeAll(async () => {
  monitoring = await startMonitoring({
    age: {
      metric: metricOf('age', 'GAUGE', 'INT64'),
      series: [seriesOf({ code: 'a' }, [1, 2, null, 9]), seriesOf({ code: 'b' }, [7, 0, null, 3])],
    },
    share: { metric: metricOf('share', 'GAUGE', 'DOUBLE'), series: [seriesOf({ code: 'a' }, [0.25, 0])] },
    spread: { metric: metricOf('spread', 'GAUGE', 'DISTRIBUTION'), series: [] },
  });
  read = createMonitoringRead({ endpoint: monitoring.endpoint, timeoutMs: 5_000 });
});
afterAll(async () => {
  await read.close();
  await monitoring.stop();
});

async function gauges(
  type: string,
  worst: 'max' | 'min',
  more: { groupBy?: string[]; from?: number; period?: number } = {},
) {
  const { groupBy = [], from = 0, period = 60 } = more;
  const series = await read.gauges({
    project: 'p',
    filter: `metric.type="${type}"`,
    from: epoch + from * 60_000,
    to: epoch + 240_000,
    periodSeconds: period,
    groupBy,
    worst,
  });
  return series.map(({ labels, points }) => ({
    labels,
    points: points.map(({ end, value }) => [(end - epoch) / 60_000, value]),
  }));
}

test('the largest or the least value of each minute over all series; a minute without a point has none', async () => {
  expect(await gauges('age', 'max')).toEqual([
    {
      labels: {},
      points: [
        [1, 7],
        [2, 2],
        [4, 9],
      ],
    },
  ]);
  expect(await gauges('age', 'min')).toEqual([
    {
      labels: {},
      points: [
        [1, 1],
        [2, 0],
        [4, 3],
      ],
    },
  ]);
});

test('what is kept apart is not mixed', async () => {
  const found = await gauges('age', 'max', { groupBy: ['metric.label.code'] });
  expect(found.map(({ labels, points }) => [labels.code, points.length])).toEqual([
    ['a', 3],
    ['b', 3],
  ]);
});

test('the start is exclusive and the end inclusive, and a longer period has the worst of its minutes', async () => {
  expect(await gauges('age', 'max', { from: 1 })).toEqual([
    {
      labels: {},
      points: [
        [2, 2],
        [4, 9],
      ],
    },
  ]);
  expect(await gauges('age', 'max', { period: 120 })).toEqual([
    {
      labels: {},
      points: [
        [2, 7],
        [4, 9],
      ],
    },
  ]);
});

test('doubles are read as they are, 0 too, and a gauge of distributions is refused as the API refuses it', async () => {
  expect(await gauges('share', 'max')).toEqual([
    {
      labels: {},
      points: [
        [1, 0.25],
        [2, 0],
      ],
    },
  ]);
  await expect(gauges('spread', 'max')).rejects.toMatchObject({ code: 3 });
});
