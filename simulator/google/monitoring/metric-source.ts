/** A distribution point: `counts` has one entry more than `bounds` (underflow first, overflow last); `sum` is of the values, in the metric's unit. */
export interface Distribution {
  count: number;
  sum: number;
  bounds: readonly number[];
  counts: ArrayLike<number>;
}

export type PointValue = number | Distribution;
export type MetricKind = 'GAUGE' | 'DELTA';
export type ValueType = 'INT64' | 'DOUBLE' | 'DISTRIBUTION';

/** A metric as its descriptor says it. */
export interface Metric {
  type: string;
  kind: MetricKind;
  valueType: ValueType;
  unit: string;
  displayName: string;
  description: string;
  labels: string[];
}

/** One raw series: points stand at the end of their minute. */
export interface RawSeries {
  metricLabels: Record<string, string>;
  resourceType: string;
  resourceLabels: Record<string, string>;
  /** Calls back for each point already visible whose end (ms) lies in (after, until], ascending. */
  visit(after: number, until: number, visit: (end: number, value: PointValue) => void): void;
}

/** Where the metric service finds its data. */
export interface MetricSource {
  metrics(): Metric[];
  hasProject(project: string): boolean;
  series(project: string, metricType: string): RawSeries[];
}
