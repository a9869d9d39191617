import type { MonitoringRead, Series } from '../../clients/cloud-monitoring/port.ts';
import type { PrometheusRead } from '../../clients/prometheus/port.ts';
import type { FailureGroup, Failures } from '../../domain/incident/observed.ts';
import { countInRange } from '../../domain/slo/distribution.ts';
import type { CountSource, Slo } from '../../domain/slo/slo.ts';
import { readCounterFailures } from './counter-failures.server.ts';

const kept = ['metric.label.response_code', 'resource.label.revision_name', 'resource.label.location'];

/**
 * Bad events of an SLO from `from` to the newest point up to `to`, by code, revision and region; totals are those of the
 * same revision and region.
 */
export async function readFailures(
  { monitoring, prometheus }: { monitoring: MonitoringRead; prometheus: PrometheusRead },
  slo: Slo,
  range: { from: number; to: number; signal?: AbortSignal },
): Promise<Failures> {
  const { from, to, signal } = range;
  const counts = (source: CountSource) =>
    monitoring.counts({ ...source, from, to, periodSeconds: 60, groupBy: kept, signal });
  const { indicator } = slo;
  if (indicator.kind === 'prometheus') return readCounterFailures(prometheus, indicator, range);
  // A gauge has no events that could fail in one place and not in another.
  if (indicator.kind === 'gauge') return { from, to, groups: [] };
  if (indicator.kind === 'latency') {
    const { project, filter, min, max } = indicator.source;
    const series = await monitoring.distributions({
      project,
      filter,
      from,
      to,
      periodSeconds: 60,
      groupBy: kept,
      signal,
    });
    const words = max === null ? `under ${min} ms` : `over ${max} ms`;
    const groups = series.map(({ labels, points }) => {
      const total = points.reduce((sum, { value }) => sum + value.count, 0);
      const good = points.reduce((sum, { value }) => sum + countInRange(value, min, max), 0);
      return { ...where(labels), code: `${labels.response_code ?? ''} ${words}`.trim(), bad: total - good, total };
    });
    return { from, to: newestOf(series) ?? to, groups: groups.filter(({ bad }) => bad > 0) };
  }
  const [total, other] = await Promise.all([
    counts(indicator.total),
    counts(indicator.kind === 'ratio' ? indicator.bad : indicator.good),
  ]);
  const totals = new Map<string, number>();
  for (const one of total) add(totals, place(one.labels), sum(one));
  const bad = indicator.kind === 'ratio' ? other : without(total, other);
  const groups: FailureGroup[] = bad
    .map((one) => ({
      ...where(one.labels),
      code: one.labels.response_code ?? '',
      bad: sum(one),
      total: totals.get(place(one.labels)) ?? 0,
    }))
    .filter((group) => group.bad > 0);
  return { from, to: newestOf(total) ?? to, groups };
}

function newestOf(series: readonly Series<unknown>[]): number | null {
  const ends = series.flatMap(({ points }) => points.at(-1)?.end ?? []);
  return ends.length > 0 ? Math.max(...ends) : null;
}

function sum(series: Series<number>): number {
  return series.points.reduce((all, { value }) => all + value, 0);
}

function without(total: Series<number>[], good: Series<number>[]): Series<number>[] {
  return total.map((one) => {
    const same = good.find(({ labels }) => kept.every((path) => labels[last(path)] === one.labels[last(path)]));
    const value = sum(one) - (same ? sum(same) : 0);
    return { labels: one.labels, points: [{ end: 0, value }] };
  });
}

function where(labels: Record<string, string>) {
  return { revision: labels.revision_name ?? '', region: labels.location ?? '' };
}

function place(labels: Record<string, string>): string {
  return `${labels.revision_name ?? ''} ${labels.location ?? ''}`;
}

function add(map: Map<string, number>, key: string, value: number): void {
  map.set(key, (map.get(key) ?? 0) + value);
}

function last(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
