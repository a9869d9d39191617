import grpc from '@grpc/grpc-js';
import { StatusError } from '../service.ts';
import { type Aggregation, align, type ResultSeries, reduce } from './aggregate.ts';
import type { SeriesShape } from './aggregation-rules.ts';
import type { FieldLookup } from './filter.ts';
import type { MetricSource, RawSeries } from './metric-source.ts';
import {
  invalid,
  type ListTimeSeriesRequest,
  projectOf,
  requireAggregation,
  requireInterval,
  requireMetricFilter,
} from './validate.ts';

/** The series a request asks for, each with its points ascending, before paging. Throws `StatusError` as the real API refuses. */
export function queryTimeSeries(
  source: MetricSource,
  request: ListTimeSeriesRequest,
): { unit: string; metricType: string; series: ResultSeries[] } {
  const project = projectOf(request.name);
  const { filter, metricType } = requireMetricFilter(request.filter);
  const { start, end } = requireInterval(request.interval);
  if (request.orderBy) throw invalid('orderBy', request.orderBy, 'Ordering is not supported.');
  if (!source.hasProject(project))
    throw new StatusError(grpc.status.NOT_FOUND, `The project "${project}" does not exist or is not a metrics scope.`);
  const metric = source.metrics().find((candidate) => candidate.type === metricType);
  if (!metric)
    throw new StatusError(
      grpc.status.NOT_FOUND,
      `Cannot find metric(s) that match type = "${metricType}". If a metric was created recently, it could take up to 10 minutes to become available. Please try again soon.`,
    );
  const shape: SeriesShape = { kind: metric.kind, valueType: metric.valueType };
  const first = requireAggregation('aggregation', request.aggregation, shape);
  if (request.secondaryAggregation && !first)
    throw invalid('secondaryAggregation', '', 'A secondary aggregation requires a primary aggregation.');
  const second = requireAggregation('secondaryAggregation', request.secondaryAggregation, first?.shape ?? shape);

  const raw = source
    .series(project, metricType)
    .filter((series) => filter.matches(lookup(metricType, project, series)));
  let result = apply(raw, shape, first?.step ?? none, start, end);
  if (first && second) result = apply(result.map(asRaw), first.shape, second.step, start, end);
  return { unit: metric.unit, metricType, series: result.filter((series) => series.points.length > 0) };
}

const none: Aggregation = { aligner: 'ALIGN_NONE', periodMs: 0, reducer: 'REDUCE_NONE', groupBy: [] };

/** Windows snap to the period: those that end in (start, end] are read whole. */
function apply(raw: RawSeries[], shape: SeriesShape, step: Aggregation, start: number, end: number): ResultSeries[] {
  const { periodMs } = step;
  // An interval that is one instant holds the point that ends there.
  let after = start === end ? start - 1 : start;
  let until = end;
  if (periodMs > 0) {
    after = Math.floor(after / periodMs) * periodMs;
    until = Math.max(Math.floor(end / periodMs) * periodMs, after);
  }
  return reduce(
    raw.map((series) => align(series, shape, step, after, until)),
    step,
  );
}

function asRaw(series: ResultSeries): RawSeries {
  return {
    ...series,
    visit(after, until, visit) {
      for (const point of series.points) if (point.end > after && point.end <= until) visit(point.end, point.value);
    },
  };
}

function lookup(metricType: string, project: string, series: RawSeries): FieldLookup {
  return (field) => {
    if (field === 'metric.type') return metricType;
    if (field === 'resource.type') return series.resourceType;
    if (field === 'project') return project;
    if (field.startsWith('metric.label.')) return series.metricLabels[field.slice(13)];
    if (field.startsWith('resource.label.')) return series.resourceLabels[field.slice(15)];
    return undefined;
  };
}
