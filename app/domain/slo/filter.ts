/** One equality or inequality of a Cloud Monitoring filter on a label path such as `metric.label.response_code`. */
export interface LabelCondition {
  path: string;
  negate: boolean;
  values: string[];
}

/** A filter split into what is asked of the source and what is decided here, so that many SLOs share one read. */
export interface SplitFilter {
  /** `metric.type="…" resource.type="…"`, the shared read. */
  base: string;
  conditions: LabelCondition[];
}

const term =
  /^\s*(?:AND\s+)?(metric\.type|resource\.type|(?:metric|resource)\.labels?\.(?:"[^"]+"|[\w-]+))\s*(!?=)\s*(?:"((?:[^"\\]|\\.)*)"|one_of\(([^)]*)\))/;

/**
 * Splits a filter that is a conjunction of (in)equalities into its shared part and label conditions. Null when the
 * filter says more than that (OR, NOT, functions): then it is read by itself.
 * Grammar: https://cloud.google.com/monitoring/api/v3/filters
 */
export function splitFilter(filter: string): SplitFilter | null {
  const types: Record<string, string> = {};
  const conditions: LabelCondition[] = [];
  let rest = filter;
  while (rest.trim() !== '') {
    const match = term.exec(rest);
    if (!match) return null;
    const [whole, rawPath = '', operator, value, list] = match;
    rest = rest.slice(whole.length);
    const values = value !== undefined ? [unescaped(value)] : parseList(list ?? '');
    if (rawPath === 'metric.type' || rawPath === 'resource.type') {
      if (operator !== '=' || values.length !== 1 || types[rawPath]) return null;
      types[rawPath] = values[0] ?? '';
    } else {
      conditions.push({ path: normalPath(rawPath), negate: operator === '!=', values });
    }
  }
  const metric = types['metric.type'];
  if (!metric) return null;
  const resource = types['resource.type'];
  return { base: `metric.type="${metric}"${resource ? ` resource.type="${resource}"` : ''}`, conditions };
}

/** What is wrong with a filter that counts are read by, before anybody reads it: it names exactly one metric type. Null when it is well. */
export function filterFault(filter: string): { message: string; hint: string | null } | null {
  const types = filter.match(/\bmetric\.type\s*=\s*"[^"]+"/g) ?? [];
  if (types.length !== 1) {
    const message = `A filter names exactly one metric type, this one names ${types.length || 'none'}.`;
    return { message, hint: 'Begin with metric.type="…".' };
  }
  const closed = (filter.match(/(?<!\\)"/g) ?? []).length % 2 === 0;
  return closed ? null : { message: 'A quote is not closed in this filter.', hint: null };
}

/** True when labels (keyed by the last part of the path) satisfy every condition. A missing label equals "". */
export function matches(conditions: readonly LabelCondition[], labels: Record<string, string>): boolean {
  return conditions.every(({ path, negate, values }) => values.includes(labels[labelOf(path)] ?? '') !== negate);
}

/** Last part of a label path: the key that a series' labels use. */
export function labelOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function normalPath(path: string): string {
  const [scope = '', , label = ''] = path.split(/\.(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  return `${scope}.label.${label.replace(/^"|"$/g, '')}`;
}

function parseList(list: string): string[] {
  return [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => unescaped(match[1] ?? ''));
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
