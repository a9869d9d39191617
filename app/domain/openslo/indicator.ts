import type { PrometheusIndicator } from '../slo/prometheus-indicator.ts';
import type { CountSource, DistributionSource, GaugeIndicator, Indicator } from '../slo/slo.ts';
import type { Path } from '../yaml/document.ts';
import type { Reporter } from '../yaml/validate.ts';
import { readMetricSource, type SourceContext } from './metric-source.ts';
import { sidesOf } from './prometheus.ts';
import type { SliSpec } from './schemas.ts';
import { readThreshold, type UnboundGauge } from './threshold.ts';

/** An indicator with the longest `settle` among its sources (ms). */
export interface ReadIndicator {
  /** A gauge is without its bound, which each objective gives. */
  indicator: Exclude<Indicator, GaugeIndicator> | UnboundGauge;
  settle: number;
}

/** The spec of an SLI at `path` as an indicator; null when it has errors, which are reported. */
export function readIndicator(
  spec: SliSpec,
  path: Path,
  context: SourceContext,
  report: Reporter,
): ReadIndicator | null {
  const at = [...path, 'ratioMetric'];
  if (spec.thresholdMetric) {
    if (spec.ratioMetric)
      report.error(at, 'Either "ratioMetric" or "thresholdMetric", not both.', 'Write one SLO for each.', 'key');
    const read = readThreshold(spec.thresholdMetric, [...path, 'thresholdMetric'], context, report);
    return read && { indicator: read.gauge, settle: read.settle };
  }
  if (!spec.ratioMetric) {
    report.error(at, '"ratioMetric" or "thresholdMetric" is missing.');
    return null;
  }
  const { good, bad, total, raw, rawType, counter } = spec.ratioMetric;
  if (raw) {
    if (good || bad || total) report.error(at, 'Either "raw" or "total" with "good" or "bad", not both.', null, 'key');
    if (rawType !== 'success')
      report.error(
        [...at, rawType ? 'rawType' : 'raw'],
        'A distribution counts good events: "rawType" must be success.',
        'Add rawType: success.',
      );
    const read = readMetricSource(
      raw.metricSource,
      [...at, 'raw', 'metricSource'],
      'distributionFilter',
      context,
      report,
    );
    if (report.failed || read?.type !== 'GoogleCloudMonitoring') return null;
    return { indicator: { kind: 'latency', source: read.source as DistributionSource }, settle: read.settle };
  }
  if (rawType) report.error([...at, 'rawType'], '"rawType" goes with "raw" only.');
  if (!total) {
    report.error([...at, 'total'], '"total" is missing: the count of all events.');
    return null;
  }
  if (!good === !bad) {
    report.error(at, good ? 'Either "good" or "bad", not both.' : 'One of "good" and "bad" is missing.', null, 'key');
    return null;
  }
  return readRatio({ total, part: bad ?? good!, counted: bad ? 'bad' : 'good', counter }, at, context, report);
}

type Metric = NonNullable<NonNullable<SliSpec['ratioMetric']>['total']>;

function readRatio(
  { total, part, counted, counter }: { total: Metric; part: Metric; counted: 'good' | 'bad'; counter?: boolean },
  at: Path,
  context: SourceContext,
  report: Reporter,
): ReadIndicator | null {
  const read = (metric: Metric, key: string) =>
    readMetricSource(metric.metricSource, [...at, key, 'metricSource'], 'filter', context, report);
  const all = read(total, 'total');
  const some = read(part, counted);
  if (all?.type === 'Prometheus' && counter === false)
    report.error(
      [...at, 'counter'],
      'Events are counted by counters; a gauge misses what happens between two readings.',
      'Write counter: true, or leave it out.',
    );
  if (report.failed || !all || !some) return null;
  const settle = Math.max(all.settle, some.settle);
  if (all.type === 'Prometheus' && some.type === 'Prometheus') {
    if (all.ref !== null && some.ref !== null && all.ref !== some.ref) {
      report.error(
        [...at, counted],
        `"total" comes from ${all.ref}, "${counted}" from ${some.ref}.`,
        'Count both at one source.',
        'key',
      );
      return null;
    }
    const indicator: PrometheusIndicator = {
      kind: 'prometheus',
      counted,
      part: some.source,
      total: all.source,
      source: all.ref ?? some.ref,
      url: all.url ?? some.url,
    };
    if (!context.reach.anyQuery && !sidesOf(indicator)) {
      report.error(
        'query' in all.source && !('query' in some.source) ? [...at, 'total'] : [...at, counted],
        'How many events this counts in a minute cannot be told from a query.',
        'Write "selector", or in both sum(rate(name_total[{{.window}}])) or sum(increase(…)).',
        'key',
      );
      return null;
    }
    return { indicator, settle };
  }
  if (all.type !== some.type) {
    report.error(
      [...at, counted],
      `"total" comes from ${all.type}, "${counted}" from ${some.type}.`,
      'Count both at one source.',
      'key',
    );
    return null;
  }
  const [totalSource, partSource] = [all.source as CountSource, some.source as CountSource];
  return counted === 'bad'
    ? { indicator: { kind: 'ratio', total: totalSource, bad: partSource }, settle }
    : { indicator: { kind: 'good-ratio', total: totalSource, good: partSource }, settle };
}
