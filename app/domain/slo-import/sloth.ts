import { type CounterRatio, countersOf, countersOfRatio } from '../prometheus/promql-sums.ts';
import type { Path, SourceDocument } from '../yaml/document.ts';
import { type Reporter, reporter, validate } from '../yaml/validate.ts';
import { burnProfileFor, profileAnnotation } from './burn-profile.ts';
import { addOnce, annotation, type Imported, type ImportOptions, type OpenSloDocument, passes } from './imported.ts';
import { nameFrom } from './names.ts';
import { type SlothSlo, slothSchema } from './sloth-schema.ts';

/** A Sloth `prometheus/v1` document as OpenSLO; what cannot be carried over is reported at its place. */
export function importSloth(source: SourceDocument, options: ImportOptions): Imported {
  const report = reporter(source);
  const sloth = validate(slothSchema, source, report);
  if (!sloth) return { documents: [], problems: report.problems };
  if (sloth.slo_plugins !== undefined)
    report.error(
      ['slo_plugins'],
      'Plugins of Sloth change its rules by code, which cannot be carried over.',
      null,
      'key',
    );
  const service = nameFrom(sloth.service, ['service'], report);
  const documents: OpenSloDocument[] = [];
  const names = new Set<string>();
  const problems = report.problems;
  if (!service || report.failed) return { documents, problems };

  const owner = options.owner ?? textOf(sloth.labels?.owner) ?? textOf(sloth.labels?.team);
  if (owner)
    documents.push({
      apiVersion: 'openslo/v1',
      kind: 'Service',
      metadata: { name: service, displayName: sloth.service, annotations: { [annotation('owner')]: owner } },
      spec: {},
    });
  for (const [index, slo] of sloth.slos.entries()) {
    const own = reporter(source);
    const at = (...path: Path) => ['slos', index, ...path];
    const name = nameFrom(`${sloth.service}-${slo.name}`, at('name'), own);
    if (name && names.has(name)) own.error(at('name'), `Two SLOs of this file are called "${name}".`, 'Rename one.');
    const labels = { ...sloth.labels, ...slo.labels };
    const carried = name && openSlo({ name, service, labels }, slo, at, options, own);
    if (carried && !own.failed && passes(carried, at(), source, own)) {
      names.add(name);
      addOnce(documents, carried);
    }
    problems.push(...own.problems);
  }
  return { documents, problems };
}

type At = (...path: Path) => Path;

function openSlo(
  head: { name: string; service: string; labels: NonNullable<SlothSlo['labels']> },
  slo: SlothSlo,
  at: At,
  options: ImportOptions,
  report: Reporter,
): OpenSloDocument[] | null {
  if (slo.plugins !== undefined)
    report.error(
      at('plugins'),
      'Plugins of Sloth change its rules by code, which cannot be carried over.',
      null,
      'key',
    );
  const ratioMetric = ratioOf(slo.sli, (...path) => at('sli', ...path), report);
  const kept = alertsOf(slo, (...path) => at('alerting', ...path), report);
  const profile = burnProfileFor(options.days, slo.objective / 100, kept);
  if (!ratioMetric) return null;
  const labels = Object.entries(head.labels).map(([key, value]) => [key, String(value)] as const);
  const document: OpenSloDocument = {
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: {
      name: head.name,
      displayName: `${head.service}: ${slo.name}`,
      ...(labels.length > 0 ? { labels: Object.fromEntries(labels) } : {}),
      annotations: {
        [annotation('paging')]: 'shadow',
        ...profileAnnotation(profile),
      },
    },
    spec: {
      ...(slo.description ? { description: slo.description } : {}),
      service: head.service,
      indicator: { metadata: { name: head.name }, spec: { ratioMetric } },
      timeWindow: [{ duration: `${options.days}d`, isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [{ targetPercent: slo.objective }],
    },
  };
  return profile ? [document, profile] : [document];
}

function ratioOf({ events, raw, plugin }: SlothSlo['sli'], at: At, report: Reporter): object | null {
  if (plugin !== undefined) {
    report.error(
      at('plugin'),
      'An SLI plugin makes its queries by code, which cannot be carried over.',
      'Write the queries it makes under "events".',
      'key',
    );
    return null;
  }
  if (!events === !raw) {
    report.error(at(), 'Exactly one of "events" and "raw" is needed.', null, 'key');
    return null;
  }
  if (raw) {
    const found = countersOfRatio(raw.error_ratio_query);
    if (found) return metric(found.counted, { selector: found.part }, { selector: found.total });
    report.error(
      at('raw', 'error_ratio_query'),
      'A ratio without its counts cannot be carried over: a quiet hour would weigh as much as a busy one.',
      'Write "events" with error_query and total_query, or the ratio as sum(rate(errors[{{.window}}])) / sum(rate(total[{{.window}}])).',
    );
    return null;
  }
  const { error_query: errors, total_query: total } = events!;
  const found: CounterRatio | null = countersOf(errors, total);
  if (found) return metric(found.counted, { selector: found.part }, { selector: found.total });
  const queries = Object.entries({ error_query: errors, total_query: total }).map(([key, text]) =>
    queryOf(text, at('events', key), report),
  );
  if (!report.failed)
    report.warning(
      at('events'),
      'These queries are more than sums of counters, so they stay queries: only a Prometheus server can answer them, not "slo eval".',
      'Where it says the same, write sum(rate(counter{…}[{{.window}}])).',
    );
  const [part, all] = queries;
  return part && all ? metric('bad', { query: part }, { query: all }) : null;
}

/** A query with Sloth's `{{.window}}` in our spelling; null, reported, when it has none or other templates. */
function queryOf(text: string, path: Path, report: Reporter): string | null {
  const query = text.trim().replace(/\{\{\s*\.window\s*\}\}/g, '{{.window}}');
  const templates = query.replaceAll('{{.window}}', '');
  if (templates.includes('{{')) report.error(path, 'Only the template {{.window}} can be carried over.');
  else if (templates === query)
    report.error(path, 'The query has no {{.window}}, so it could not be asked over every window.');
  else return query;
  return null;
}

function metric(counted: 'good' | 'bad', part: object, total: object): object {
  const from = (spec: object) => ({ metricSource: { type: 'Prometheus', spec } });
  return { counter: true, [counted]: from(part), total: from(total) };
}

/** The kind of alert that is left when the other is turned off; null for both, or none, which is reported. */
function alertsOf({ alerting }: SlothSlo, at: At, report: Reporter): 'page' | 'ticket' | null {
  for (const [where, { labels, annotations }] of Object.entries({
    '': alerting ?? {},
    page_alert: alerting?.page_alert ?? {},
    ticket_alert: alerting?.ticket_alert ?? {},
  }))
    for (const [key, value] of Object.entries({ labels, annotations }))
      if (value && Object.keys(value).length > 0)
        report.warning(
          at(...(where ? [where, key] : [key])),
          `"${key}" of alerts are not carried over: Firebreak routes by tier and service, and its pages link themselves.`,
          key === 'annotations' ? 'Name a runbook with firebreak.dev/runbook.' : null,
        );
  const page = alerting?.page_alert?.disable !== true;
  const ticket = alerting?.ticket_alert?.disable !== true;
  if (!page && !ticket)
    report.warning(
      at(),
      'Both alerts are disabled; here the SLO is in shadow, which records what would have paged and pages nobody.',
    );
  return page === ticket ? null : page ? 'page' : 'ticket';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}
