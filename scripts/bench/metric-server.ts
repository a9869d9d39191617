import { createFaults } from '../../simulator/faults.ts';
import { createGoogleServer } from '../../simulator/google/server.ts';
import { loadProtos } from '../../simulator/google/service.ts';
import { routesPerService } from './big-catalog.ts';

/**
 * A Cloud Monitoring that holds one metric of many services, five routes each, with a series for successes and one for
 * failures; every minute has a point. Speaks gRPC as the real one does, pages of 100,000 points included, and knows nothing but
 * what the benchmark of the cycle asks. `SERVICES` says how many there are.
 */
const pageSize = 100_000;
const services = Number(process.env.SERVICES);
const classes = ['2xx', '5xx'];
const seriesCount = services * routesPerService * classes.length;
const metric = 'run.googleapis.com/request_count';

interface Asked {
  interval: { startTime: { seconds: number }; endTime: { seconds: number } };
  aggregation: { alignmentPeriod: { seconds: number } };
  pageToken: string;
}

const root = loadProtos('@google-cloud/monitoring');
const response = root.lookupType('google.monitoring.v3.ListTimeSeriesResponse');
const server = createGoogleServer(createFaults());
server.add({
  root,
  name: 'google.monitoring.v3.MetricService',
  system: 'monitoring',
  unary: { ListTimeSeries: (request) => Buffer.from(response.encode(page(request as unknown as Asked)).finish()) },
});

/** One page: whole series, as many as fit. */
function page({ interval, aggregation, pageToken }: Asked) {
  const period = aggregation.alignmentPeriod.seconds;
  const points = Math.floor((interval.endTime.seconds - interval.startTime.seconds) / period);
  const perPage = Math.max(1, Math.floor(pageSize / Math.max(1, points)));
  const from = Number(pageToken || 0);
  const to = Math.min(seriesCount, from + perPage);
  const timeSeries = [];
  for (let index = from; index < to; index++) timeSeries.push(series(index, interval.endTime.seconds, period, points));
  return { timeSeries, nextPageToken: to < seriesCount ? String(to) : '' };
}

function series(index: number, endSeconds: number, period: number, count: number) {
  const of = Math.floor(index / classes.length);
  const service = `service-${String(Math.floor(of / routesPerService)).padStart(4, '0')}`;
  const failures = index % classes.length === 1;
  const last = Math.floor(endSeconds / period) * period;
  const points = Array.from({ length: count }, (_, back) => {
    const end = last - back * period;
    // Two of ten thousand fail, in every minute of another SLO.
    const value = failures ? ((end / 60 + of) % 5 === 0 ? 1 : 0) : 1_000 + ((end / 60 + of) % 97);
    return {
      interval: { startTime: { seconds: end - period, nanos: 0 }, endTime: { seconds: end, nanos: 0 } },
      value: { int64Value: (value * period) / 60 },
    };
  });
  return {
    metric: { type: metric, labels: { route: String(of % routesPerService), response_code_class: classes[index % 2] } },
    resource: { type: 'cloud_run_revision', labels: { service_name: service } },
    // DELTA of INT64: what is encoded without a look at names.
    metricKind: 2,
    valueType: 2,
    points,
  };
}

const port = await server.listen(0);
process.stdout.write(`${JSON.stringify({ port })}\n`);
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
