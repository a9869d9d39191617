import type { Path } from '../yaml/document.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { type DashboardQuery, type DashboardWidget, type WidgetKind, widgetKinds } from './dashboard.ts';
import { field, list, number, record, text } from './loose.ts';

/** Says that something will not be drawn, at a path into the file. */
export type Warn = (path: Path, message: string, hint?: string | null) => void;

/** Fields that stand beside the one that names the widget's kind. */
const beside = ['title', 'id', 'visibilityCondition', 'name'];

/** What a widget shows; its place in the grid is its layout's business. */
export function readWidget(
  value: unknown,
  path: Path,
  warn: Warn,
): Pick<DashboardWidget, 'title' | 'kind' | 'queries' | 'thresholds' | 'text'> {
  const widget = record(value) ?? {};
  const known = widgetKinds.find((kind) => kind in widget);
  const stranger = Object.keys(widget).find((key) => !beside.includes(key));
  if (!known)
    warn(
      stranger ? [...path, stranger] : path,
      stranger ? `Widgets of kind "${stranger}" are not drawn here.` : 'This widget has no content.',
      stranger ? didYouMean(stranger, widgetKinds) : null,
    );
  const kind: WidgetKind = known ?? 'unknown';
  const body = record(widget[kind]) ?? {};
  return {
    title: text(widget.title) ?? '',
    kind,
    queries: queriesOf(body, [...path, kind], warn),
    thresholds: list(body.thresholds).flatMap((threshold) => {
      const bound = number(field(threshold, 'value'));
      return bound === null ? [] : [{ value: bound, label: text(field(threshold, 'label')) ?? '' }];
    }),
    text: kind === 'text' ? (text(body.content) ?? '') : null,
  };
}

function queriesOf(body: Record<string, unknown>, path: Path, warn: Warn): DashboardQuery[] {
  const own =
    body.timeSeriesQuery === undefined ? [] : [{ value: body.timeSeriesQuery, at: [...path, 'timeSeriesQuery'] }];
  const sets = list(body.dataSets).map((set, index) => ({
    value: field(set, 'timeSeriesQuery'),
    at: [...path, 'dataSets', index, 'timeSeriesQuery'],
  }));
  return [...own, ...sets].map(({ value, at }) => {
    const query = readQuery(value);
    if (!query.evaluated)
      warn(at, `${notEvaluated[query.kind] ?? 'This query'} is not evaluated here: the panel says so.`);
    return query;
  });
}

const notEvaluated: Partial<Record<DashboardQuery['kind'], string>> = {
  mql: 'MQL (deprecated by Google)',
  'ops-analytics': 'Log Analytics SQL',
};

function readQuery(value: unknown): DashboardQuery {
  const query = record(value) ?? {};
  const filter = text(field(query.timeSeriesFilter, 'filter'));
  if (filter !== null) return { kind: 'filter', evaluated: true, text: filter };
  const numerator = text(field(field(query.timeSeriesFilterRatio, 'numerator'), 'filter'));
  if (numerator !== null) return { kind: 'ratio', evaluated: true, text: numerator };
  const promql = text(query.prometheusQuery);
  if (promql !== null) return { kind: 'prometheus', evaluated: true, text: promql };
  const mql = text(query.timeSeriesQueryLanguage);
  if (mql !== null) return { kind: 'mql', evaluated: false, text: mql };
  const sql = text(field(query.opsAnalyticsQuery, 'sql'));
  if (sql !== null) return { kind: 'ops-analytics', evaluated: false, text: sql };
  return { kind: 'unknown', evaluated: false, text: '' };
}
