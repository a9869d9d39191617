import type { DistributionValue, MonitoringRead, Series } from '../../clients/cloud-monitoring/port.ts';
import { countInRange } from '../../domain/slo/distribution.ts';
import { matches } from '../../domain/slo/filter.ts';
import type { ReadPart, SharedRead } from './plan-reads.ts';

/** Counts of one SLO by the end (ms) of their period. `newest` is the end of the newest point of the whole shared read. */
export interface SloCounts {
  slo: string;
  newest: number | null;
  counts: Map<number, { bad: number; total: number }>;
}

/** One shared read, cut into the SLOs that take part in it. Periods without a point are left out of `counts`. */
export async function readCounts(
  monitoring: MonitoringRead,
  read: SharedRead,
  range: { from: number; to: number; periodSeconds: number; signal?: AbortSignal },
): Promise<SloCounts[]> {
  const query = { project: read.project, filter: read.filter, groupBy: read.groupBy, ...range };
  const series: Series<number | DistributionValue>[] =
    read.kind === 'count' ? await monitoring.counts(query) : await monitoring.distributions(query);
  let newest: number | null = null;
  for (const { points } of series) {
    const last = points.at(-1)?.end;
    if (last !== undefined && (newest === null || last > newest)) newest = last;
  }
  const bySlo = new Map<string, SloCounts>();
  for (const part of read.parts) {
    const entry = bySlo.get(part.slo.id) ?? { slo: part.slo.id, newest, counts: new Map() };
    bySlo.set(part.slo.id, entry);
    for (const one of series) if (matches(part.conditions, one.labels)) add(entry, part, one);
  }
  return [...bySlo.values()];
}

function add(entry: SloCounts, part: ReadPart, series: Series<number | DistributionValue>): void {
  for (const { end, value } of series.points) {
    const sums = entry.counts.get(end) ?? { bad: 0, total: 0 };
    entry.counts.set(end, sums);
    if (typeof value === 'number') {
      if (part.role === 'total') sums.total += value;
      else if (part.role === 'bad') sums.bad += value;
      else sums.bad -= value;
      // bad = total − good: the total comes in by its own part.
      if (part.role === 'total' && part.slo.indicator.kind === 'good-ratio') sums.bad += value;
    } else if (part.slo.indicator.kind === 'latency') {
      const { min, max } = part.slo.indicator.source;
      sums.total += value.count;
      sums.bad += value.count - countInRange(value, min, max);
    }
  }
}
