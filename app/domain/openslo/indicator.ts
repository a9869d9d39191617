import type { CountSource, DistributionSource, Indicator } from '../slo/slo.ts';
import type { Path } from '../yaml/document.ts';
import { didYouMean } from '../yaml/nearest.ts';
import type { Reporter } from '../yaml/validate.ts';
import { parseSettle } from './duration.ts';
import type { MetricSource, SliSpec } from './schemas.ts';

/** Milliseconds after which a minute of Cloud Monitoring is taken as complete, unless `settle` says otherwise. */
export const defaultSettle = 240_000;

/** An indicator with the longest `settle` among its sources (ms). */
export interface ReadIndicator {
  indicator: Indicator;
  settle: number;
}

/** The project of each DataSource by name. */
export type DataSources = ReadonlyMap<string, { project: string }>;

/** A ratioMetric as an indicator; null when it has errors, which are reported. `path` leads to the SLI's spec. */
export function readIndicator(spec: SliSpec, path: Path, sources: DataSources, report: Reporter): ReadIndicator | null {
  const { good, bad, total, raw, rawType } = spec.ratioMetric;
  const at = [...path, 'ratioMetric'];
  if (raw) {
    if (good || bad || total) report.error(at, 'Either "raw" or "total" with "good" or "bad", not both.', null, 'key');
    if (rawType !== 'success')
      report.error(
        [...at, rawType ? 'rawType' : 'raw'],
        'A distribution counts good events: "rawType" must be success.',
        'Add rawType: success.',
      );
    const read = readSource(raw.metricSource, [...at, 'raw', 'metricSource'], 'distributionFilter', sources, report);
    if (report.failed || !read) return null;
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
  const all = readSource(total.metricSource, [...at, 'total', 'metricSource'], 'filter', sources, report);
  const part = bad ?? good!;
  const counted = readSource(
    part.metricSource,
    [...at, bad ? 'bad' : 'good', 'metricSource'],
    'filter',
    sources,
    report,
  );
  if (report.failed || !all || !counted) return null;
  const settle = Math.max(all.settle, counted.settle);
  const [totalSource, partSource] = [all.source as CountSource, counted.source as CountSource];
  return bad
    ? { indicator: { kind: 'ratio', total: totalSource, bad: partSource }, settle }
    : { indicator: { kind: 'good-ratio', total: totalSource, good: partSource }, settle };
}

function readSource(
  source: MetricSource,
  path: Path,
  wanted: 'filter' | 'distributionFilter',
  sources: DataSources,
  report: Reporter,
): { source: CountSource | DistributionSource; settle: number } | null {
  const { metricSourceRef: ref, type, spec } = source;
  const at = (key: string) => [...path, 'spec', key];
  const declared = ref === undefined ? undefined : sources.get(ref);
  if (ref !== undefined && !declared)
    report.error(
      [...path, 'metricSourceRef'],
      `There is no DataSource "${ref}".`,
      didYouMean(ref, [...sources.keys()]),
    );
  if (type !== undefined && type !== 'GoogleCloudMonitoring')
    report.error([...path, 'type'], `Source type "${type}" is not supported yet.`, 'Supported: GoogleCloudMonitoring.');
  if (type === undefined && ref === undefined)
    report.error([...path, 'type'], '"type" or "metricSourceRef" is missing.');

  const other = wanted === 'filter' ? 'distributionFilter' : 'filter';
  const filter = spec[wanted];
  if (spec[other] !== undefined)
    report.error(
      at(other),
      wanted === 'filter'
        ? 'A count has "filter"; "distributionFilter" goes under "raw".'
        : 'Under "raw" stands "distributionFilter", not "filter".',
      null,
      'key',
    );
  else if (filter === undefined) report.error(at(wanted), `"${wanted}" is missing.`);
  if (filter !== undefined) checkFilter(filter, at(wanted), report);
  if (wanted === 'filter')
    for (const key of ['range', 'bounds'] as const)
      if (spec[key]) report.error(at(key), `"${key}" goes with "distributionFilter" only.`, null, 'key');

  const project = spec.project ?? declared?.project;
  if (project === undefined && (ref === undefined || declared))
    report.error([...path, 'spec'], 'No project: neither "project" here nor a DataSource gives one.', null, 'key');
  const settle = spec.settle === undefined ? defaultSettle : parseSettle(spec.settle);
  if (settle === null) report.error(at('settle'), `"${spec.settle}" is not a length of time.`, 'Write 240s or 4m.');
  if (wanted === 'distributionFilter') checkRange(spec, path, report);
  if (filter === undefined || project === undefined || settle === null) return null;
  if (wanted === 'filter') return { source: { project, filter }, settle };
  return { source: { project, filter, min: spec.range?.min ?? null, max: spec.range?.max ?? null }, settle };
}

/** A filter must name exactly one metric type; MQL never stands here. */
function checkFilter(filter: string, path: Path, report: Reporter): void {
  const types = filter.match(/\bmetric\.type\s*=\s*"[^"]+"/g) ?? [];
  if (types.length !== 1)
    report.error(
      path,
      `A filter names exactly one metric type, this one ${types.length}.`,
      'Begin with metric.type="…".',
    );
  else if ((filter.match(/(?<!\\)"/g) ?? []).length % 2 !== 0)
    report.error(path, 'A quote is not closed in this filter.');
}

function checkRange(spec: MetricSource['spec'], path: Path, report: Reporter): void {
  const at = [...path, 'spec', 'range'];
  const { min, max } = spec.range ?? {};
  if (min === undefined && max === undefined)
    report.error(at, '"range" needs "min" or "max": good values are those in [min, max).');
  else if (min !== undefined && max !== undefined && min >= max)
    report.error(at, `The range [${min}, ${max}) is empty.`, 'Write min below max.');
  if (!spec.bounds) return;
  const ascending = spec.bounds.every((bound, index) => index === 0 || bound > spec.bounds![index - 1]!);
  if (!ascending) report.error([...path, 'spec', 'bounds'], 'Bucket bounds must ascend.');
  for (const [key, edge] of Object.entries({ min, max }))
    if (edge !== undefined && !spec.bounds.includes(edge))
      report.error(
        [...at, key],
        `${edge} is not the edge of a bucket, so the count at it can only be guessed.`,
        `Nearest edge: ${spec.bounds.reduce((a, b) => (Math.abs(b - edge) < Math.abs(a - edge) ? b : a))}.`,
      );
}
