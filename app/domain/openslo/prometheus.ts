import type { Sides } from '../prometheus/count-minutes.ts';
import { countersOf } from '../prometheus/promql-sums.ts';
import { parseSelector, type Selector } from '../prometheus/selector.ts';
import type { PrometheusIndicator, PrometheusSource } from '../slo/prometheus-indicator.ts';
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

/** A selector that was read before. */
export function selectorOf(text: string): Selector {
  const read = parseSelector(text);
  if (!('selector' in read)) throw new TypeError(`not a selector: ${text}`);
  return read.selector;
}

/**
 * The counters behind an indicator: those that selectors name, or that two queries sum the increases of (Sloth's style); null for any
 * other PromQL, whose values may be anything.
 */
export function sidesOf({ total, part, counted }: PrometheusIndicator): Sides | null {
  if ('selector' in total && 'selector' in part) return parsed(total.selector, part.selector, counted);
  if (!('query' in total) || !('query' in part)) return null;
  const found = countersOf(part.query, total.query);
  if (!found) return null;
  // "All less the fast ones" as a query of bad events names the good ones; of good events it would name the bad ones.
  if (counted === 'good') return parsed(found.total, found.part, found.counted === 'bad' ? 'good' : 'bad');
  return parsed(found.total, found.part, found.counted);
}

function parsed(total: string, part: string, counted: Sides['counted']): Sides | null {
  const [all, some] = [parseSelector(total), parseSelector(part)];
  return 'selector' in all && 'selector' in some ? { total: all.selector, part: some.selector, counted } : null;
}
