import grpc from '@grpc/grpc-js';
import { StatusError } from '../service.ts';
import type { Aggregation } from './aggregate.ts';
import { alignedShape, reducedShape, type SeriesShape } from './aggregation-rules.ts';
import { type Filter, parseFilter } from './filter.ts';

/** A ListTimeSeries request as decoded: enums by name, int64 as numbers. */
export interface ListTimeSeriesRequest {
  name: string;
  filter: string;
  interval: { startTime?: Timestamp | null; endTime?: Timestamp | null } | null;
  aggregation: AggregationRequest | null;
  secondaryAggregation: AggregationRequest | null;
  orderBy: string;
  view: string;
  pageSize: number;
  pageToken: string;
}

export interface Timestamp {
  seconds: number;
  nanos: number;
}

interface AggregationRequest {
  alignmentPeriod: Timestamp | null;
  perSeriesAligner: string;
  crossSeriesReducer: string;
  groupByFields: string[];
}

/** An INVALID_ARGUMENT in the words of the API. */
export function invalid(field: string, value: string, reason: string): StatusError {
  return new StatusError(grpc.status.INVALID_ARGUMENT, `Field ${field} had an invalid value of "${value}": ${reason}`);
}

/** Project id of `projects/{id}`. */
export function projectOf(name: string): string {
  const match = /^projects\/([^/]+)$/.exec(name);
  if (!match) throw invalid('name', name, 'must be in the form "projects/[project_id_or_number]".');
  return match[1]!;
}

/** The filter, which must name exactly one metric type, and that type. */
export function requireMetricFilter(text: string): { filter: Filter; metricType: string } {
  let filter: Filter;
  try {
    filter = parseFilter(text);
  } catch (error) {
    throw invalid('filter', text, `${error instanceof Error ? error.message : error}.`);
  }
  const types = [...new Set(filter.metricTypes)];
  if (types.length === 0) throw invalid('filter', text, 'must specify a restriction on "metric.type" in the filter.');
  if (types.length > 1) throw invalid('filter', text, 'must specify exactly one "metric.type" in the filter.');
  return { filter, metricType: types[0]! };
}

const toMs = (time: Timestamp) => time.seconds * 1000 + Math.floor(time.nanos / 1e6);

/** The interval as (start, end] in ms; without a start it is the single instant `end`. */
export function requireInterval(interval: ListTimeSeriesRequest['interval']): { start: number; end: number } {
  if (!interval?.endTime) throw invalid('interval.endTime', '', 'The end time must be set.');
  const end = toMs(interval.endTime);
  const start = interval.startTime ? toMs(interval.startTime) : end;
  if (start > end)
    throw invalid(
      'interval.startTime',
      new Date(start).toISOString(),
      `The start time must be before the end time (${new Date(end).toISOString()}).`,
    );
  return { start, end };
}

const groupField = /^(metric\.(type|labels?\.[\w-]+)|resource\.(type|labels?\.[\w-]+)|metadata\..+|project)$/;

/** One aggregation for series of `shape`, or null where none was asked for. Also returns the shape after it. */
export function requireAggregation(
  path: string,
  request: AggregationRequest | null,
  shape: SeriesShape,
): { step: Aggregation; shape: SeriesShape } | null {
  if (!request) return null;
  const aligner = request.perSeriesAligner || 'ALIGN_NONE';
  const reducer = request.crossSeriesReducer || 'REDUCE_NONE';
  const periodMs = request.alignmentPeriod ? toMs(request.alignmentPeriod) : 0;
  if (aligner === 'ALIGN_NONE') {
    if (reducer !== 'REDUCE_NONE')
      throw invalid(`${path}.perSeriesAligner`, aligner, 'The aligner must be set when a reducer is specified.');
    return { step: { aligner, periodMs: 0, reducer, groupBy: [] }, shape };
  }
  if (periodMs < 60_000)
    throw invalid(
      `${path}.alignmentPeriod`,
      `${periodMs / 1000}s`,
      'The alignment period must be at least 60 seconds.',
    );
  const kind = (of: SeriesShape) => `metrics with kind ${of.kind} and value type ${of.valueType}.`;
  const aligned = alignedShape(aligner, shape);
  if (!aligned) throw invalid(`${path}.perSeriesAligner`, aligner, `The aligner cannot be applied to ${kind(shape)}`);
  const reduced = reducedShape(reducer, aligned);
  if (!reduced)
    throw invalid(`${path}.crossSeriesReducer`, reducer, `The reducer cannot be applied to ${kind(aligned)}`);
  for (const field of request.groupByFields)
    if (!groupField.test(field.replace(/"/g, '')))
      throw invalid(`${path}.groupByFields`, field, 'The supplied group by field is unknown.');
  const groupBy = request.groupByFields.map((field) => field.replace(/"/g, ''));
  return { step: { aligner, periodMs, reducer, groupBy }, shape: reduced };
}
