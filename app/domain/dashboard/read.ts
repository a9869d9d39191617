import type { Problem } from '../runbook/runbook.ts';
import { readYaml } from '../yaml/document.ts';
import { plainConsole } from './console-file.ts';
import type { Dashboard } from './dashboard.ts';
import { readLayout } from './layout.ts';
import { field, list, record, text } from './loose.ts';
import type { Warn } from './widget.ts';

/**
 * Reads a Cloud Monitoring dashboard tolerantly: what the console does not know is kept in `document` and warned of,
 * never dropped. Null only when the text is not a JSON object.
 */
export function readDashboard(content: string, file: string): { dashboard: Dashboard | null; problems: Problem[] } {
  const problems: Problem[] = [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(content.replace(/^\ufeff/, ''));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    problems.push({
      file,
      ...placeIn(content, message),
      severity: 'error',
      message: `This is not JSON: ${message}.`,
      hint: null,
    });
    return { dashboard: null, problems };
  }
  const document = record(parsed);
  // JSON is YAML: the YAML reader knows where each field stands. It is asked only when there is something to say.
  let source: ReturnType<typeof readYaml>['documents'][number] | undefined;
  const add =
    (severity: Problem['severity']): Warn =>
    (path, message, hint = null) => {
      source ??= readYaml(content, file).documents[0];
      problems.push({ file, ...(source?.place(path) ?? { line: 1, column: 1 }), severity, message, hint });
    };
  if (!document) {
    add('error')(
      [],
      'A dashboard is a JSON object.',
      'Export one with gcloud monitoring dashboards describe --format=json.',
    );
    return { dashboard: null, problems };
  }
  const slug = file.replace(/^.*\//, '').replace(/\.json$/, '');
  const layout = readLayout(document, add('warning'));
  if (!layout)
    add('warning')(
      [],
      'This dashboard has no layout, so it shows nothing.',
      'One of mosaicLayout, gridLayout, rowLayout, columnLayout.',
    );
  const title = text(document.displayName);
  if (!title) add('warning')(['displayName'], 'This dashboard has no displayName; its file name stands in for it.');
  const dashboard: Dashboard = {
    slug,
    file,
    title: title || slug,
    columns: layout?.columns ?? 1,
    widgets: layout?.widgets ?? [],
    variables: list(document.dashboardFilters).map((filter) => ({
      label: text(field(filter, 'labelKey')) ?? '',
      variable: text(field(filter, 'templateVariable')),
      value: text(field(filter, 'stringValue')),
    })),
    console: plainConsole,
    document,
  };
  return { dashboard, problems };
}

const token = /\s+|[{}[\]:,]|"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Place of a JSON error: what the message names ("at position 42"), else the first thing that is no JSON token, else the end. */
function placeIn(content: string, message: string): { line: number; column: number } {
  const named = /position (\d+)/.exec(message)?.[1];
  token.lastIndex = 0;
  let stop = 0;
  while (token.test(content)) stop = token.lastIndex;
  const before = content.slice(0, named === undefined ? stop : Number(named)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
