/** Types of OpenMetrics 1.0, and `untyped` of the format before it. */
export const metricTypes = [
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'stateset',
  'info',
  'summary',
  'unknown',
  'untyped',
] as const;
export type MetricType = (typeof metricTypes)[number];

/** The endings that each type's samples carry beside the bare name of the family. */
const endings: readonly [string, readonly MetricType[]][] = [
  ['_total', ['counter']],
  ['_created', ['counter', 'histogram', 'summary']],
  ['_bucket', ['histogram', 'gaugehistogram']],
  ['_count', ['histogram', 'summary']],
  ['_sum', ['histogram', 'summary']],
  ['_gcount', ['gaugehistogram']],
  ['_gsum', ['gaugehistogram']],
  ['_info', ['info']],
];

/** The family that a sample's name belongs to, with its declared type and the ending beyond the family's name. */
export function familyOf(
  name: string,
  types: ReadonlyMap<string, MetricType>,
): { family: string; type: MetricType; ending: string } {
  const own = types.get(name);
  if (own) return { family: name, type: own, ending: '' };
  for (const [ending, of] of endings) {
    if (!name.endsWith(ending)) continue;
    const family = name.slice(0, -ending.length);
    const type = types.get(family);
    if (type && of.includes(type)) return { family, type, ending };
  }
  return { family: name, type: 'unknown', ending: '' };
}

/** True for samples that rise and fall: gauges. */
export function isReading(type: MetricType, ending: string): boolean {
  return ending === '' && (type === 'gauge' || type === 'unknown' || type === 'untyped');
}

/** True for samples that only grow: counters, and the buckets, counts and sums of histograms and summaries. */
export function isCumulative(type: MetricType, ending: string): boolean {
  if (type === 'counter' || type === 'unknown' || type === 'untyped') return true;
  return (type === 'histogram' || type === 'summary') && ['_bucket', '_count', '_sum'].includes(ending);
}
