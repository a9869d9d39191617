import type { PrometheusIndicator } from './prometheus-indicator.ts';

/** Who sends pages for an SLO; exactly one pager each. `shadow` only records what would have paged. */
export type PagingMode = 'shadow' | 'firebreak' | 'cloud-monitoring';

/** One SLO, validated from an OpenSLO v1 document. Times are milliseconds, ratios 0 to 1. */
export interface Slo {
  id: string;
  title: string;
  description: string;
  service: string;
  /** Share of good events promised, in [0, 1). */
  objective: number;
  period: SloPeriod;
  indicator: Indicator;
  /** What is counted. Absent in a catalog that was stored before slices were: each event. */
  budgeting?: Budgeting;
  /** Name of a burn profile in `alerts/burn-profiles.yaml`. */
  profile: string;
  paging: PagingMode;
  /** Slug of the runbook that its incident opens. */
  runbook: string | null;
  /** Bad events below which the page and ticket tiers stay silent (guards low traffic; never a traffic gate). */
  minBadEvents: number;
  /** Milliseconds after which a minute's points are taken as complete. */
  settle: number;
}

/** Length of the promise: the last `days` days, or a calendar unit in an IANA time zone. */
export type SloPeriod =
  | { kind: 'rolling'; days: number }
  | { kind: 'calendar'; unit: 'day' | 'week' | 'month' | 'quarter' | 'year'; timeZone: string; start: number };

/**
 * What is counted against the budget: each event; or each slice of time that has events, good when the share of good ones
 * reaches `target` (a share of 0 to 1); or each slice by its share of bad ones. A slice is `minutes` long.
 */
export type Budgeting = { method: 'Occurrences' } | Slices;
export type Slices =
  | { method: 'Timeslices'; minutes: number; target: number }
  | { method: 'RatioTimeslices'; minutes: number };

/** What counts as an event and which are bad. */
export type Indicator =
  | { kind: 'ratio'; total: CountSource; bad: CountSource }
  | { kind: 'good-ratio'; total: CountSource; good: CountSource }
  | { kind: 'latency'; source: DistributionSource }
  | GaugeIndicator
  | PrometheusIndicator;

/** The indicators that Cloud Monitoring counts. */
export type CloudIndicator = Exclude<Indicator, PrometheusIndicator>;

export type GaugeOp = 'lte' | 'lt' | 'gte' | 'gt';

/**
 * A gauge of Cloud Monitoring that is good while `value op bound`. A minute is an event: bad where its worst value over all series is not
 * good, unknown without a point.
 */
export interface GaugeIndicator {
  kind: 'gauge';
  source: CountSource;
  op: GaugeOp;
  bound: number;
}

/** A count of events: a Cloud Monitoring filter over a DELTA INT64 metric. Of a gauge, the filter of its series. */
export interface CountSource {
  project: string;
  filter: string;
}

/** Good events are those of the distribution inside `[min, max)`; total is its count. */
export interface DistributionSource {
  project: string;
  filter: string;
  min: number | null;
  max: number | null;
}

/** Windows a burn rate is computed over. */
export const windowNames = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;
export type WindowName = (typeof windowNames)[number];

/** Length of each window in minutes. */
export const windowMinutes: Record<WindowName, number> = {
  '5m': 5,
  '30m': 30,
  '1h': 60,
  '2h': 120,
  '6h': 360,
  '1d': 1440,
  '3d': 4320,
};

/** Alert tiers from most to least urgent. */
export const tiers = ['page-fast', 'page-slow', 'ticket-fast', 'ticket-slow'] as const;
export type Tier = (typeof tiers)[number];

/** One tier of a burn profile; `factor` = share · period / long, derived so that they cannot disagree. */
export interface BurnTier {
  tier: Tier;
  long: WindowName;
  short: WindowName;
  /** Share of the period's budget that the long window may take, 0 to 1. */
  share: number;
  factor: number;
}

/** A burn profile resolved for a period. */
export interface BurnProfile {
  name: string;
  periodMinutes: number;
  tiers: BurnTier[];
}
