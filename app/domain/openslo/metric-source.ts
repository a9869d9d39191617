import type { PrometheusSource } from '../slo/prometheus-indicator.ts';
import type { CountSource, DistributionSource } from '../slo/slo.ts';
import type { Path } from '../yaml/document.ts';
import { didYouMean } from '../yaml/nearest.ts';
import type { Reporter } from '../yaml/validate.ts';
import { readCloudMonitoring } from './cloud-monitoring.ts';
import type { Connection, DataSources } from './data-source.ts';
import { parseSettle } from './duration.ts';
import { readPrometheusSource } from './prometheus.ts';
import type { Reach } from './reach.ts';
import type { MetricSource } from './schemas.ts';

/** Milliseconds after which a minute is taken as complete, unless `settle` says otherwise. */
const defaultSettle = { GoogleCloudMonitoring: 240_000, Prometheus: 60_000 };

/** What a metric source is read with. */
export interface SourceContext {
  sources: DataSources;
  reach: Reach;
}

/** Where a count comes from. `settle` in ms. */
export type ReadSource = { settle: number } & (
  | { type: 'GoogleCloudMonitoring'; source: CountSource | DistributionSource }
  | { type: 'Prometheus'; source: PrometheusSource; ref: string | null; url: string | null }
);

const supported = ['GoogleCloudMonitoring', 'Prometheus'] as const;

/** The metricSource at `path`: a count, or a distribution under "raw". Null when it has errors, which are reported. */
export function readMetricSource(
  source: MetricSource,
  path: Path,
  wanted: 'filter' | 'distributionFilter',
  { sources, reach }: SourceContext,
  report: Reporter,
): ReadSource | null {
  const { metricSourceRef: ref, spec } = source;
  const declared = ref === undefined ? undefined : sources.get(ref);
  const type = typeOf(source, path, declared, { sources, reach }, report);
  const settle = spec.settle === undefined ? defaultSettle[type] : parseSettle(spec.settle);
  if (settle === null)
    report.error([...path, 'spec', 'settle'], `"${spec.settle}" is not a length of time.`, 'Write 240s or 4m.');
  if (type === 'Prometheus') {
    if (wanted === 'distributionFilter') {
      report.error(
        path,
        '"raw" is not read from Prometheus.',
        'Count with "total" and "good": _count and _bucket{le="…"}.',
      );
      return null;
    }
    const read = readPrometheusSource(spec, [...path, 'spec'], report);
    const url = declared?.type === 'Prometheus' ? declared.url : null;
    return read && settle !== null ? { type, source: read, ref: ref ?? null, url, settle } : null;
  }
  for (const key of ['selector', 'query'] as const)
    if (spec[key] !== undefined)
      report.error(
        [...path, 'spec', key],
        `"${key}" belongs to Prometheus; Cloud Monitoring has "filter".`,
        null,
        'key',
      );
  const known = declared?.type === 'GoogleCloudMonitoring' ? declared.project : undefined;
  // Outside of a catalog the DataSource may stand in another file.
  const elsewhere = ref !== undefined && !declared;
  const project = spec.project ?? known ?? (elsewhere && !reach.whole ? '' : undefined);
  if (project === undefined && (ref === undefined || declared))
    report.error([...path, 'spec'], 'No project: neither "project" here nor a DataSource gives one.', null, 'key');
  const read = readCloudMonitoring(spec, path, wanted, report);
  if (read === null || project === undefined || settle === null) return null;
  return { type: 'GoogleCloudMonitoring', source: { project, ...read }, settle };
}

/** The type that is written or that the DataSource has; Cloud Monitoring when neither can be read, which is reported. */
function typeOf(
  { metricSourceRef: ref, type }: MetricSource,
  path: Path,
  declared: Connection | undefined,
  { sources, reach }: SourceContext,
  report: Reporter,
): ReadSource['type'] {
  const at = [...path, 'type'];
  if (ref !== undefined && !declared && (reach.whole || type === undefined))
    report.error(
      [...path, 'metricSourceRef'],
      `There is no DataSource "${ref}".`,
      didYouMean(ref, [...sources.keys()]),
    );
  if (type === undefined && ref === undefined) report.error(at, '"type" or "metricSourceRef" is missing.');
  if (type !== undefined && !supported.some((known) => known === type))
    report.error(at, `Source type "${type}" is not supported yet.`, didYouMean(type, supported));
  else if (type !== undefined && declared && declared.type !== type)
    report.error(at, `DataSource "${ref}" is of type ${declared.type}, not ${type}.`, 'Leave out "type".');
  const found = type ?? declared?.type;
  if (found === 'Prometheus' && reach.whole && ref === undefined)
    report.error(
      at,
      'Nothing says where the Prometheus server is.',
      'Write metricSourceRef with the name of a DataSource of type Prometheus.',
    );
  return found === 'Prometheus' ? 'Prometheus' : 'GoogleCloudMonitoring';
}
