import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Distribution } from '#simulator/google/monitoring/metric-source.ts';
import { epoch, metricOf, seriesOf, startMonitoring } from '../../support/monitoring.ts';

const bounds = [64, 128, 256, 512];
const inBucket = (bucket: number, count = 1): Distribution => ({
  count,
  sum: count * 200,
  bounds,
  counts: bounds.map((_, i) => (i === bucket ? count : 0)).concat(0),
});

let monitoring: Awaited<ReturnType<typeof startMonitoring>>;
beforeAll(async () => {
  monitoring = await startMonitoring({
    requests: {
      metric: metricOf('requests', 'DELTA', 'INT64'),
      series: [
        seriesOf({ code: '200' }, [10, 20, 30, null, 50, 60]),
        seriesOf({ code: '500' }, [1, null, 3, null, null, null]),
        seriesOf({ code: '200' }, [7, 7, 7, 7, 7, 7], 'other'),
      ],
    },
    latency: {
      metric: metricOf('latency', 'DELTA', 'DISTRIBUTION'),
      series: [seriesOf({ code: '200' }, [inBucket(2), inBucket(2)])],
    },
    depth: {
      metric: metricOf('depth', 'GAUGE', 'DOUBLE'),
      series: [seriesOf({ code: 'a' }, [1, 2, 3, 4]), seriesOf({ code: 'b' }, [5, 6, 7, 8])],
    },
    plenty: {
      metric: metricOf('plenty', 'DELTA', 'INT64'),
      series: [seriesOf({ code: '1' }, [1, 2, 3]), seriesOf({ code: '2' }, [4, 5, 6])],
    },
  });
});
afterAll(() => monitoring.stop());

interface Ask {
  filter?: string;
  from?: number;
  to?: number;
  aligner?: string;
  reducer?: string;
  period?: number;
  groupBy?: string[];
  view?: 'FULL' | 'HEADERS';
  pageSize?: number;
  pageToken?: string;
  secondary?: object;
  name?: string;
  orderBy?: string;
}

const at = (minutes: number) => ({ seconds: epoch / 1000 + minutes * 60 });

async function ask(options: Ask) {
  const aggregation =
    options.aligner || options.reducer
      ? {
          alignmentPeriod: { seconds: options.period ?? 60 },
          perSeriesAligner: (options.aligner ?? 'ALIGN_NONE') as 'ALIGN_SUM',
          crossSeriesReducer: (options.reducer ?? 'REDUCE_NONE') as 'REDUCE_SUM',
          groupByFields: options.groupBy ?? [],
        }
      : null;
  const [series, , response] = await monitoring.client.listTimeSeries(
    {
      name: options.name ?? 'projects/p',
      filter: options.filter ?? 'metric.type="requests" resource.label.service_name="shop"',
      interval: { startTime: at(options.from ?? 0), endTime: at(options.to ?? 6) },
      aggregation,
      secondaryAggregation: options.secondary ?? null,
      view: options.view ?? 'FULL',
      pageSize: options.pageSize ?? 0,
      pageToken: options.pageToken ?? '',
      orderBy: options.orderBy ?? '',
    },
    { autoPaginate: false, retry: null },
  );
  return {
    token: response?.nextPageToken ?? '',
    series: series.map((one) => ({
      labels: { ...one.metric?.labels, ...one.resource?.labels },
      kind: one.metricKind,
      valueType: one.valueType,
      points: (one.points ?? []).map((point) => [
        (Number(point.interval?.endTime?.seconds) - epoch / 1000) / 60,
        point.value?.distributionValue
          ? Number(point.value.distributionValue.count)
          : Number(point.value?.int64Value ?? point.value?.doubleValue),
      ]),
    })),
  };
}
const points = async (options: Ask) => (await ask(options)).series.map((one) => one.points);

describe('what is read', () => {
  test('raw points come newest first; the interval leaves its start out and takes its end in', async () => {
    expect(await points({ from: 1, to: 3 })).toEqual([
      [
        [3, 30],
        [2, 20],
      ],
      [[3, 3]],
    ]);
  });
  test('a delta point spans its minute', async () => {
    const [series] = await monitoring.client.listTimeSeries(
      { name: 'projects/p', filter: 'metric.type="latency"', interval: { startTime: at(0), endTime: at(1) } },
      { autoPaginate: false },
    );
    const interval = series[0]?.points?.[0]?.interval;
    expect(Number(interval?.endTime?.seconds) - Number(interval?.startTime?.seconds)).toBe(60);
  });
  test('windows end on multiples of the period, whatever the interval', async () => {
    expect(await points({ aligner: 'ALIGN_SUM', period: 120, from: 1, to: 5 })).toEqual([
      [
        [4, 30],
        [2, 30],
      ],
      [
        [4, 3],
        [2, 1],
      ],
    ]);
  });
  test('headers name the series and carry no point', async () => {
    const { series } = await ask({ view: 'HEADERS' });
    expect(series.map(({ labels, points: none }) => [labels.code, none])).toEqual([
      ['200', []],
      ['500', []],
    ]);
  });
  test('pages count points, and a series may go on on the next page', async () => {
    const filter = 'metric.type="plenty"';
    const first = await ask({ filter, pageSize: 4 });
    const second = await ask({ filter, pageSize: 4, pageToken: first.token });
    expect(first.series.map((one) => one.points.map(([, value]) => value))).toEqual([[3, 2, 1], [6]]);
    expect(second.series.map((one) => one.points.map(([, value]) => value))).toEqual([[5, 4]]);
    expect(second.token).toBe('');
  });
});

describe('aligners over two minutes of [10, 20], [30, -], [50, 60]', () => {
  const cases: [string, number[][]][] = [
    [
      'ALIGN_SUM',
      [
        [6, 110],
        [4, 30],
        [2, 30],
      ],
    ],
    [
      'ALIGN_DELTA',
      [
        [6, 110],
        [4, 30],
        [2, 30],
      ],
    ],
    [
      'ALIGN_RATE',
      [
        [6, 110 / 120],
        [4, 30 / 120],
        [2, 30 / 120],
      ],
    ],
    [
      'ALIGN_COUNT',
      [
        [6, 2],
        [4, 1],
        [2, 2],
      ],
    ],
    [
      'ALIGN_MEAN',
      [
        [6, 55],
        [4, 30],
        [2, 15],
      ],
    ],
    [
      'ALIGN_MIN',
      [
        [6, 50],
        [4, 30],
        [2, 10],
      ],
    ],
    [
      'ALIGN_MAX',
      [
        [6, 60],
        [4, 30],
        [2, 20],
      ],
    ],
    [
      'ALIGN_STDDEV',
      [
        [6, 5],
        [4, 0],
        [2, 5],
      ],
    ],
  ];
  test.each(cases)('%s', async (aligner, expected) => {
    const filter = 'metric.type="requests" resource.label.service_name="shop" metric.label.code="200"';
    expect(await points({ filter, aligner, period: 120 })).toEqual([expected]);
  });
  test('DELTA and RATE fill empty periods inside the data with zero, SUM leaves them out', async () => {
    const filter = 'metric.type="requests" resource.label.service_name="shop" metric.label.code="500"';
    expect(await points({ filter, aligner: 'ALIGN_DELTA' })).toEqual([
      [
        [3, 3],
        [2, 0],
        [1, 1],
      ],
    ]);
    expect(await points({ filter, aligner: 'ALIGN_SUM' })).toEqual([
      [
        [3, 3],
        [1, 1],
      ],
    ]);
  });
});

describe('distributions', () => {
  const filter = 'metric.type="latency"';
  test.each([
    ['ALIGN_PERCENTILE_50', 192],
    ['ALIGN_PERCENTILE_95', 249.6],
    ['ALIGN_PERCENTILE_99', 254.72],
    ['ALIGN_PERCENTILE_05', 134.4],
  ])('%s of samples in [128, 256) is %f', async (aligner, expected) => {
    const [[point]] = (await points({ filter, aligner, period: 120 })) as [number[][]];
    expect(point?.[1]).toBeCloseTo(expected, 6);
  });
  test('sums merge the buckets', async () => {
    expect(await points({ filter, aligner: 'ALIGN_SUM', period: 120 })).toEqual([[[2, 2]]]);
    const [reduced] = await points({ filter, aligner: 'ALIGN_DELTA', reducer: 'REDUCE_PERCENTILE_50', period: 120 });
    expect(reduced?.[0]?.[1]).toBeCloseTo(192, 6);
  });
});

describe('reducers', () => {
  test('group-by keeps those labels and sums the rest away', async () => {
    const { series } = await ask({
      filter: 'metric.type="requests"',
      aligner: 'ALIGN_SUM',
      reducer: 'REDUCE_SUM',
      groupBy: ['metric.labels.code'],
      period: 360,
    });
    expect(series.map(({ labels, points: own }) => [labels, own])).toEqual([
      [{ code: '200' }, [[6, 212]]],
      [{ code: '500' }, [[6, 4]]],
    ]);
  });
  test.each([
    ['REDUCE_MEAN', 6],
    ['REDUCE_MIN', 4],
    ['REDUCE_MAX', 8],
    ['REDUCE_COUNT', 2],
    ['REDUCE_STDDEV', 2],
    ['REDUCE_PERCENTILE_50', 6],
  ])('%s of gauges 4 and 8 is %f', async (reducer, expected) => {
    const [[newest]] = (await points({ filter: 'metric.type="depth"', aligner: 'ALIGN_NEXT_OLDER', reducer })) as [
      number[][],
    ];
    expect(newest).toEqual([4, expected]);
  });
  test('a secondary aggregation works on the result of the first', async () => {
    const secondary = { alignmentPeriod: { seconds: 360 }, perSeriesAligner: 'ALIGN_MAX' };
    const got = await points({
      filter: 'metric.type="requests"',
      aligner: 'ALIGN_SUM',
      reducer: 'REDUCE_SUM',
      secondary,
    });
    expect(got).toEqual([[[6, 67]]]);
  });
});

describe('refusals, in the API’s codes', () => {
  const invalid = 3;
  const cases: [string, Ask, number, RegExp][] = [
    ['no metric type', { filter: 'resource.type="x"' }, invalid, /metric\.type/],
    ['two metric types', { filter: 'metric.type="requests" OR metric.type="depth"' }, invalid, /exactly one/],
    ['a broken filter', { filter: 'metric.type="requests" AND (' }, invalid, /filter/],
    ['an unknown function', { filter: 'metric.type=contains("x")' }, invalid, /unknown function/],
    ['an unknown metric', { filter: 'metric.type="nothing"' }, 5, /Cannot find metric/],
    ['an unknown project', { name: 'projects/q' }, 5, /does not exist/],
    ['a malformed name', { name: 'p' }, invalid, /name/],
    ['an interval that goes back', { from: 3, to: 2 }, invalid, /startTime/],
    ['a period under a minute', { aligner: 'ALIGN_SUM', period: 30 }, invalid, /at least 60/],
    ['a reducer without an aligner', { reducer: 'REDUCE_SUM' }, invalid, /aligner must be set/],
    ['RATE of distributions', { filter: 'metric.type="latency"', aligner: 'ALIGN_RATE' }, invalid, /DISTRIBUTION/],
    ['MEAN of distributions', { filter: 'metric.type="latency"', aligner: 'ALIGN_MEAN' }, invalid, /DISTRIBUTION/],
    ['PERCENTILE of numbers', { aligner: 'ALIGN_PERCENTILE_99' }, invalid, /INT64/],
    ['DELTA of a gauge', { filter: 'metric.type="depth"', aligner: 'ALIGN_DELTA' }, invalid, /GAUGE/],
    [
      'MAX of distributions',
      { filter: 'metric.type="latency"', aligner: 'ALIGN_SUM', reducer: 'REDUCE_MAX' },
      invalid,
      /reducer/,
    ],
    [
      'a secondary aggregation alone',
      { secondary: { perSeriesAligner: 'ALIGN_SUM', alignmentPeriod: { seconds: 60 } } },
      invalid,
      /primary/,
    ],
    ['grouping by nonsense', { aligner: 'ALIGN_SUM', reducer: 'REDUCE_SUM', groupBy: ['code'] }, invalid, /group by/],
    ['an order', { orderBy: 'timestamp' }, invalid, /orderBy/],
    ['a page token of its own making', { pageToken: 'abc' }, invalid, /pageToken/],
  ];
  test.each(cases)('%s', async (_name, options, code, message) => {
    await expect(ask(options)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
