import { parseSelector, type Selector } from '../prometheus/selector.ts';
import type { PrometheusSource } from '../slo/declared.ts';
import type { Path } from '../yaml/document.ts';
import type { Reporter } from '../yaml/validate.ts';
import type { MetricSource } from './schemas.ts';

const foreign = ['filter', 'distributionFilter', 'range', 'bounds', 'project'] as const;

/** The `spec` of a metric source of type Prometheus at `path`; null when it has errors, which are reported. */
export function readPrometheusSource(
  spec: MetricSource['spec'],
  path: Path,
  report: Reporter,
): PrometheusSource | null {
  const at = (key: string) => [...path, key];
  for (const key of foreign)
    if (spec[key] !== undefined)
      report.error(at(key), `"${key}" belongs to Cloud Monitoring; Prometheus has "selector".`, null, 'key');
  const { selector, query } = spec;
  if ((selector === undefined) === (query === undefined)) {
    const both = selector !== undefined;
    report.error(
      both ? at('query') : path,
      both ? 'Either "selector" or "query", not both.' : '"selector" is missing: the counters of these events.',
      both ? null : 'Write selector: http_requests_total{code=~"5.."}.',
      'key',
    );
    return null;
  }
  if (query !== undefined) {
    if (!query.includes('{{.window}}'))
      report.error(
        at('query'),
        'The query has no {{.window}}, so it could not be asked over every window.',
        'Write sum(rate(name_total[{{.window}}])).',
      );
    return { query };
  }
  const read = parseSelector(selector!);
  if ('fault' in read) {
    const { message, hint, at: place } = read.fault;
    report.error(at('selector'), `${message} (character ${place + 1} of the selector)`, hint);
    return null;
  }
  return { selector: selector! };
}

/** The selector of a source that was read; null for one that asks by a query. */
export function selectorOf(source: PrometheusSource): Selector | null {
  const read = 'selector' in source ? parseSelector(source.selector) : null;
  return read && 'selector' in read ? read.selector : null;
}
