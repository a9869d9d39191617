import { alignedShape, reducedShape, type SeriesShape } from './aggregation-rules.ts';
import { distributionPercentile, mergeDistributions, numberPercentile } from './distribution.ts';
import { normalField } from './filter.ts';
import type { Distribution, PointValue, RawSeries } from './metric-source.ts';

/** A series after aggregation, points ascending by `end` (ms). */
export interface ResultSeries {
  metricLabels: Record<string, string>;
  resourceType: string;
  resourceLabels: Record<string, string>;
  shape: SeriesShape;
  points: { start: number; end: number; value: PointValue }[];
}

/** One validated step of aggregation; `periodMs` is 0 with ALIGN_NONE. */
export interface Aggregation {
  aligner: string;
  periodMs: number;
  reducer: string;
  groupBy: string[];
}

const quantile = (name: string) => Number(name.slice(-2)) / 100;
const asNumber = (value: PointValue) => (typeof value === 'number' ? value : value.sum / Math.max(1, value.count));
const total = (values: readonly PointValue[]): PointValue =>
  typeof values[0] === 'number'
    ? (values as number[]).reduce((a, b) => a + b, 0)
    : mergeDistributions(values as Distribution[]);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: readonly number[]) => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

/** One value out of the values of a window (`what` without its ALIGN_ or REDUCE_ prefix). */
function combine(what: string, values: readonly PointValue[]): PointValue {
  if (what === 'SUM' || what === 'DELTA') return total(values);
  if (what === 'COUNT') return values.length;
  if (what === 'NEXT_OLDER' || what === 'INTERPOLATE') return values.at(-1)!;
  if (what.startsWith('PERCENTILE')) {
    if (typeof values[0] === 'number') return numberPercentile(values as number[], quantile(what));
    return distributionPercentile(mergeDistributions(values as Distribution[]), quantile(what));
  }
  const numbers = values.map(asNumber);
  if (what === 'MIN') return Math.min(...numbers);
  if (what === 'MAX') return Math.max(...numbers);
  return what === 'STDDEV' ? deviation(numbers) : mean(numbers);
}

/** Aligns one series on windows that end at multiples of the period; a window without points gives none, but for DELTA and RATE inside the data. */
export function align(
  series: RawSeries,
  shape: SeriesShape,
  step: Aggregation,
  after: number,
  until: number,
): ResultSeries {
  const { aligner, periodMs } = step;
  const result: ResultSeries = {
    metricLabels: series.metricLabels,
    resourceType: series.resourceType,
    resourceLabels: series.resourceLabels,
    shape: alignedShape(aligner, shape)!,
    points: [],
  };
  if (aligner === 'ALIGN_NONE') {
    const length = shape.kind === 'DELTA' ? 60_000 : 0;
    series.visit(after, until, (end, value) => result.points.push({ start: end - length, end, value }));
    return result;
  }
  const what = aligner.slice('ALIGN_'.length);
  const smoothed = what === 'PERCENT_CHANGE';
  const fills = what === 'DELTA' || what === 'RATE';
  const length = result.shape.kind === 'DELTA' ? periodMs : 0;
  let window: PointValue[] = [];
  let windowEnd = 0;
  let previous: number | null = null;
  const close = () => {
    if (window.length === 0) return;
    let value = smoothed ? mean(window.map(asNumber)) : combine(what === 'RATE' ? 'SUM' : what, window);
    if (what === 'RATE') value = (value as number) / (periodMs / 1000);
    if (smoothed) {
      const before: number | null = previous;
      previous = value as number;
      if (before === null) return;
      value =
        before === 0 ? (value === 0 ? 0 : Number.POSITIVE_INFINITY) : (((value as number) - before) / before) * 100;
    }
    const last = result.points.at(-1);
    if (fills && last && typeof value === 'number')
      for (let end = last.end + periodMs; end < windowEnd; end += periodMs)
        result.points.push({ start: end - length, end, value: 0 });
    result.points.push({ start: windowEnd - length, end: windowEnd, value });
  };
  series.visit(after, until, (end, value) => {
    const of = Math.ceil(end / periodMs) * periodMs;
    if (of !== windowEnd) {
      close();
      window = [];
      windowEnd = of;
    }
    window.push(value);
  });
  close();
  return result;
}

const field = (series: ResultSeries, name: string): string | undefined => {
  if (name.startsWith('metric.label.')) return series.metricLabels[name.slice(13)];
  if (name.startsWith('resource.label.')) return series.resourceLabels[name.slice(15)];
  return undefined;
};

/** Joins aligned series that agree in the group-by fields; the result keeps those labels only. */
export function reduce(all: ResultSeries[], step: Aggregation): ResultSeries[] {
  if (step.reducer === 'REDUCE_NONE') return all;
  const what = step.reducer.slice('REDUCE_'.length);
  const names = step.groupBy.map(normalField);
  const groups = new Map<string, ResultSeries[]>();
  for (const series of all) {
    if (series.points.length === 0) continue;
    const key = JSON.stringify([series.resourceType, ...names.map((name) => field(series, name) ?? null)]);
    const group = groups.get(key);
    if (group) group.push(series);
    else groups.set(key, [series]);
  }
  return [...groups.values()].map((group) => {
    const first = group[0]!;
    const shape = reducedShape(step.reducer, first.shape)!;
    const at = new Map<number, { start: number; values: PointValue[] }>();
    for (const series of group)
      for (const point of series.points) {
        const found = at.get(point.end);
        if (found) found.values.push(point.value);
        else at.set(point.end, { start: point.start, values: [point.value] });
      }
    const points = [...at].sort(([a], [b]) => a - b);
    return {
      metricLabels: pick(first.metricLabels, names, 'metric.label.'),
      resourceType: first.resourceType,
      resourceLabels: pick(first.resourceLabels, names, 'resource.label.'),
      shape,
      points: points.map(([end, { start, values }]) => ({
        start: shape.kind === 'GAUGE' ? end : start,
        end,
        value: combine(what, values),
      })),
    };
  });
}

function pick(labels: Record<string, string>, names: string[], prefix: string): Record<string, string> {
  const wanted = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return Object.fromEntries(wanted.filter((name) => name in labels).map((name) => [name, labels[name]!]));
}
