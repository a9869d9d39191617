import type { MetricKind, ValueType } from './metric-source.ts';

/** Kind and value type of a series, before or after a step of aggregation. */
export interface SeriesShape {
  kind: MetricKind;
  valueType: ValueType;
}

type Rule = (shape: SeriesShape) => SeriesShape | null;

const numeric = (shape: SeriesShape) => shape.valueType !== 'DISTRIBUTION';
const gaugeDouble: SeriesShape = { kind: 'GAUGE', valueType: 'DOUBLE' };
const same: Rule = (shape) => shape;
const sameNumeric: Rule = (shape) => (numeric(shape) ? shape : null);
const numericDouble: Rule = (shape) => (numeric(shape) ? gaugeDouble : null);
const counting: Rule = (shape) => (numeric(shape) ? { ...shape, valueType: 'INT64' } : null);
const percentile: Rule = (shape) => (numeric(shape) ? null : gaugeDouble);
const anyDouble: Rule = () => gaugeDouble;
const never: Rule = () => null;

// As the comments of google/monitoring/v3/common.proto state it; no series here is CUMULATIVE or BOOL.
const aligners: Record<string, Rule> = {
  ALIGN_NONE: same,
  ALIGN_DELTA: (shape) => (shape.kind === 'DELTA' ? shape : null),
  ALIGN_RATE: (shape) => (shape.kind === 'DELTA' && numeric(shape) ? gaugeDouble : null),
  ALIGN_INTERPOLATE: (shape) => (shape.kind === 'GAUGE' && numeric(shape) ? shape : null),
  ALIGN_NEXT_OLDER: (shape) => (shape.kind === 'GAUGE' ? shape : null),
  ALIGN_MIN: sameNumeric,
  ALIGN_MAX: sameNumeric,
  ALIGN_MEAN: numericDouble,
  ALIGN_COUNT: counting,
  ALIGN_SUM: same,
  ALIGN_STDDEV: numericDouble,
  ALIGN_COUNT_TRUE: never,
  ALIGN_COUNT_FALSE: never,
  ALIGN_FRACTION_TRUE: never,
  ALIGN_PERCENTILE_99: percentile,
  ALIGN_PERCENTILE_95: percentile,
  ALIGN_PERCENTILE_50: percentile,
  ALIGN_PERCENTILE_05: percentile,
  ALIGN_PERCENT_CHANGE: numericDouble,
};

const reducers: Record<string, Rule> = {
  REDUCE_NONE: same,
  REDUCE_MEAN: anyDouble,
  REDUCE_MIN: sameNumeric,
  REDUCE_MAX: sameNumeric,
  REDUCE_SUM: same,
  REDUCE_STDDEV: anyDouble,
  REDUCE_COUNT: (shape) => ({ ...shape, valueType: 'INT64' }),
  REDUCE_COUNT_TRUE: never,
  REDUCE_COUNT_FALSE: never,
  REDUCE_FRACTION_TRUE: never,
  REDUCE_PERCENTILE_99: anyDouble,
  REDUCE_PERCENTILE_95: anyDouble,
  REDUCE_PERCENTILE_50: anyDouble,
  REDUCE_PERCENTILE_05: anyDouble,
};

/** Shape after the aligner, or null where the API refuses it for such a series. */
export function alignedShape(aligner: string, shape: SeriesShape): SeriesShape | null {
  return (aligners[aligner] ?? never)(shape);
}

/** Shape after the reducer, or null where the API refuses it for such a series. */
export function reducedShape(reducer: string, shape: SeriesShape): SeriesShape | null {
  return (reducers[reducer] ?? never)(shape);
}
