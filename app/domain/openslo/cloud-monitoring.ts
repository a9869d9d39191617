import { filterFault } from '../slo/filter.ts';
import type { Path } from '../yaml/document.ts';
import type { Reporter } from '../yaml/validate.ts';
import type { MetricSource } from './schemas.ts';

/** What is read of Cloud Monitoring: a filter, and of a distribution the bounds of good values. */
export type ReadFilter = { filter: string } | { filter: string; min: number | null; max: number | null };

/** The filter at `path` of a metric source, a distribution's with its range; null when it has errors, which are reported. */
export function readCloudMonitoring(
  spec: MetricSource['spec'],
  path: Path,
  wanted: 'filter' | 'distributionFilter',
  report: Reporter,
): ReadFilter | null {
  const at = (key: string) => [...path, 'spec', key];
  const other = wanted === 'filter' ? 'distributionFilter' : 'filter';
  const filter = spec[wanted];
  if (spec[other] !== undefined)
    report.error(
      at(other),
      wanted === 'filter'
        ? 'A count or a gauge has "filter"; "distributionFilter" goes under "raw".'
        : 'Under "raw" stands "distributionFilter", not "filter".',
      null,
      'key',
    );
  else if (filter === undefined) report.error(at(wanted), `"${wanted}" is missing.`);
  if (filter !== undefined) checkFilter(filter, at(wanted), report);
  if (wanted === 'filter')
    for (const key of ['range', 'bounds'] as const)
      if (spec[key]) report.error(at(key), `"${key}" goes with "distributionFilter" only.`, null, 'key');
  if (wanted === 'distributionFilter') checkRange(spec, path, report);
  if (filter === undefined) return null;
  return wanted === 'filter' ? { filter } : { filter, min: spec.range?.min ?? null, max: spec.range?.max ?? null };
}

/** A filter must name exactly one metric type; MQL never stands here. */
function checkFilter(filter: string, path: Path, report: Reporter): void {
  const fault = filterFault(filter);
  if (fault) report.error(path, fault.message, fault.hint);
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
