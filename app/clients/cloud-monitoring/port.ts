/** A distribution as Cloud Monitoring returns it: `bounds` are the finite bucket bounds, `counts` has one more entry than `bounds` (underflow first, overflow last). */
export interface DistributionValue {
  count: number;
  mean: number;
  bounds: number[];
  counts: number[];
}

/** One aligned series. `points` ascend by `end` (ms, the inclusive end of the aligned period). */
export interface Series<V = number> {
  labels: Record<string, string>;
  points: { end: number; value: V }[];
}

/** What to read: one metric type per filter. `from` is exclusive and `to` inclusive, both on multiples of the period. */
export interface SeriesQuery {
  project: string;
  filter: string;
  from: number;
  to: number;
  /** Alignment period, at least 60 s. */
  periodSeconds: number;
  /** Full label paths to keep apart, e.g. `metric.label.response_code`, `resource.label.revision_name`; the rest is summed. Series labels use the last part of the path. */
  groupBy: string[];
  signal?: AbortSignal;
}

/** Reads of Cloud Monitoring's MetricService. Counts: ALIGN_SUM and REDUCE_SUM over DELTA INT64; distributions likewise. */
export interface MonitoringRead {
  counts(query: SeriesQuery): Promise<Series<number>[]>;
  distributions(query: SeriesQuery): Promise<Series<DistributionValue>[]>;
  /** Gauges (INT64, DOUBLE): the largest or least value of each period, over all series that are not kept apart. A period without a point has none. */
  gauges(query: SeriesQuery & { worst: 'max' | 'min' }): Promise<Series<number>[]>;
}
