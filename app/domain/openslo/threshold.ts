import type { PrometheusGauge } from '../slo/declared.ts';
import { gaugeOps } from '../slo/gauge.ts';
import type { CountSource, GaugeIndicator, GaugeOp } from '../slo/slo.ts';
import type { Path } from '../yaml/document.ts';
import { didYouMean } from '../yaml/nearest.ts';
import type { Reporter } from '../yaml/validate.ts';
import { readMetricSource, type SourceContext } from './metric-source.ts';
import type { Objective, SliSpec } from './schemas.ts';

/** What an objective holds a gauge against. */
export type Bound = Pick<GaugeIndicator, 'op' | 'bound'>;

/** A gauge as an indicator names it: each objective has a bound of its own. */
export type UnboundGauge = Omit<GaugeIndicator, keyof Bound> | Omit<PrometheusGauge, keyof Bound>;

/** The gauge of a `thresholdMetric` at `path` and its `settle` (ms); null when it has errors, which are reported. */
export function readThreshold(
  { metricSource }: NonNullable<SliSpec['thresholdMetric']>,
  path: Path,
  context: SourceContext,
  report: Reporter,
): { gauge: UnboundGauge; settle: number } | null {
  const at = [...path, 'metricSource'];
  const read = readMetricSource(metricSource, at, 'filter', context, report);
  if (read?.type === 'Prometheus' && context.reach.whole)
    report.error(
      at,
      'The console reads gauges of Cloud Monitoring so far, not of Prometheus.',
      'Try this SLO on samples: firebreak slo eval.',
      'key',
    );
  else if (read?.type === 'Prometheus' && !('selector' in read.source))
    report.error([...at, 'spec', 'query'], 'A gauge is named by its selector, not by a query.', null, 'key');
  if (report.failed || !read) return null;
  if (read.type === 'GoogleCloudMonitoring')
    return { gauge: { kind: 'gauge', source: read.source as CountSource }, settle: read.settle };
  const { selector } = read.source as { selector: string };
  return { gauge: { kind: 'prometheus-gauge', selector }, settle: read.settle };
}

/** `op` and `value` of an objective over a gauge; null when they are not, or have errors, which are reported. */
export function readBound({ op, value }: Objective, at: (key: string) => Path, report: Reporter): Bound | null {
  if (op === undefined)
    report.error(at('op'), '"op" is missing: how a good value compares with "value".', 'Write op: lte for "at most".');
  else if (!isOp(op))
    report.error(at('op'), `"${op}" is no comparison.`, didYouMean(op, gaugeOps) ?? `One of: ${gaugeOps.join(', ')}.`);
  if (value === undefined) report.error(at('value'), '"value" is missing: the bound of good values.');
  return op !== undefined && isOp(op) && value !== undefined ? { op, bound: value } : null;
}

/** Reports `op` and `value` of an objective whose indicator has events. */
export function refuseBound(objective: Objective, at: (key: string) => Path, report: Reporter): void {
  for (const key of ['op', 'value'] as const)
    if (objective[key] !== undefined)
      report.error(
        at(key),
        `"${key}" belongs to a thresholdMetric; this indicator counts events.`,
        'For latency write range: { max: … } in the indicator.',
        'key',
      );
}

/** Reports a budgeting method that a gauge cannot have. */
export function checkGaugeMethod(method: string, report: Reporter): void {
  if (method === 'Occurrences' || method === 'RatioTimeslices')
    report.error(
      ['spec', 'budgetingMethod'],
      `A thresholdMetric has no events to count, so its budget is not in ${method}.`,
      'Write Timeslices, with timeSliceTarget and timeSliceWindow in each objective.',
    );
}

function isOp(text: string): text is GaugeOp {
  return (gaugeOps as readonly string[]).includes(text);
}
