import type { ResultSeries } from './aggregate.ts';
import type { Distribution, PointValue } from './metric-source.ts';
import { invalid } from './validate.ts';

const maxPage = 100_000;
const time = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: Math.round((ms % 1000) * 1e6) });

/** A page of the answer: points newest first, at most `pageSize` points (or series, in the HEADERS view) over all series together. */
export function answerPage(
  metricType: string,
  unit: string,
  all: ResultSeries[],
  request: { view: string; pageSize: number; pageToken: string },
): Record<string, unknown> {
  if (request.pageSize < 0) throw invalid('pageSize', String(request.pageSize), 'The page size must not be negative.');
  const size = request.pageSize > 0 ? Math.min(request.pageSize, maxPage) : maxPage;
  const offset = readToken(request.pageToken);
  const headers = request.view === 'HEADERS';
  const timeSeries = [];
  let at = 0;
  for (const series of all) {
    const length = headers ? 1 : series.points.length;
    const from = Math.max(0, offset - at);
    const to = Math.min(length, offset + size - at);
    at += length;
    if (from >= to) continue;
    timeSeries.push({
      metric: { type: metricType, labels: series.metricLabels },
      resource: { type: series.resourceType, labels: series.resourceLabels },
      metricKind: series.shape.kind,
      valueType: series.shape.valueType,
      points: headers ? [] : newestFirst(series, from, to),
    });
  }
  return { timeSeries, unit, nextPageToken: at > offset + size ? writeToken(offset + size) : '' };
}

function newestFirst(series: ResultSeries, from: number, to: number) {
  const points = [];
  for (let i = from; i < to; i++) {
    const point = series.points[series.points.length - 1 - i]!;
    points.push({
      interval: { startTime: time(point.start), endTime: time(point.end) },
      value: typedValue(series.shape.valueType, point.value),
    });
  }
  return points;
}

function typedValue(type: string, value: PointValue) {
  if (typeof value !== 'number') return { distributionValue: distribution(value) };
  return type === 'INT64' ? { int64Value: Math.round(value) } : { doubleValue: value };
}

function distribution(value: Distribution) {
  // As the API does, trailing empty buckets are left out.
  let used = value.counts.length;
  while (used > 0 && value.counts[used - 1] === 0) used--;
  return {
    count: value.count,
    mean: value.count > 0 ? value.sum / value.count : 0,
    bucketOptions: { explicitBuckets: { bounds: value.bounds } },
    bucketCounts: Array.from({ length: used }, (_, i) => value.counts[i]!),
  };
}

const writeToken = (offset: number) => Buffer.from(`points:${offset}`).toString('base64url');

function readToken(token: string): number {
  if (!token) return 0;
  const match = /^points:(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  if (!match) throw invalid('pageToken', token, 'The page token is not valid.');
  return Number(match[1]);
}
