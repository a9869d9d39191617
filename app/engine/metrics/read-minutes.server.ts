import type { DistributionValue, MonitoringRead, Series, SeriesQuery } from '../../clients/cloud-monitoring/port.ts';
import { countInRange } from '../../domain/slo/distribution.ts';
import { gaugeCount } from '../../domain/slo/gauge.ts';
import { minuteMs } from '../../domain/slo/series.ts';
import { pickerOf } from './pick-series.ts';
import type { ReadBatch, ReadPart, SharedRead } from './plan-reads.ts';

/** Points further ahead than this come from a wrong clock. */
const aheadMs = 5 * minuteMs;
/** Within every read of the tail, however it slides. */
const signedMinutes = 8;

/** Counts of one SLO by the end (ms) of their period. */
export type Counts = Map<number, { bad: number; total: number }>;

/** The answers to a batch, cut into SLOs. Times are ends of periods, ms. */
export interface BatchAnswer {
  bySlo: Map<string, Counts>;
  /** Periods for which the source has any point. */
  present: Set<number>;
  /** The newest of `present`; null without any point. */
  newest: number | null;
  /** Changes whenever a point of the last minutes came or moved, and only then. */
  signature: string;
  /** Events a minute over the last minutes before `newest`, all series together. */
  rate: number;
  /** Points that were dropped because they lie over 5 min in the future. */
  dropped: number;
}

interface Range {
  from: number;
  to: number;
  periodSeconds: number;
  signal?: AbortSignal;
}

type AnySeries = Series<number | DistributionValue>;

/** Reads (from, to] in periods and cuts the answers into SLOs. Points after `to` are not taken. */
export async function readBatch(monitoring: MonitoringRead, batch: ReadBatch, range: Range): Promise<BatchAnswer> {
  const answers = await Promise.all(batch.reads.map((read) => readOne(monitoring, read, range)));
  // Bad events alone may be missing for hours while all is well: they say nothing of whether the source is alive.
  const leading = answers.filter(({ read }) => read.parts.some(({ role }) => role !== 'bad'));
  const [first, ...others] = leading.map(({ present }) => present);
  const present = new Set([...(first ?? [])].filter((end) => others.every((other) => other.has(end))));
  const newest = present.size > 0 ? Math.max(...present) : null;
  const bySlo = new Map<string, Counts>(batch.slos.map(({ id }) => [id, new Map()]));
  for (const { read, series } of answers) {
    const pick = pickerOf(series);
    for (const part of read.parts) {
      const counts = bySlo.get(part.slo.id);
      if (counts) for (const one of pick(part.conditions)) add(counts, part, one);
    }
  }
  const { points, events } = recent(
    leading.flatMap(({ series }) => series),
    newest,
  );
  return {
    bySlo,
    present,
    newest,
    signature: `${newest} ${points} ${events}`,
    rate: events / signedMinutes,
    dropped: answers.reduce((sum, { dropped }) => sum + dropped, 0),
  };
}

async function readOne(monitoring: MonitoringRead, read: SharedRead, range: Range) {
  const query = { project: read.project, filter: read.filter, groupBy: read.groupBy, ...range };
  const answered = await answerOf(monitoring, read.kind, query);
  let dropped = 0;
  const present = new Set<number>();
  const series = answered.map((one) => {
    const points = one.points.filter(({ end }) => end <= range.to);
    dropped += one.points.filter(({ end }) => end > range.to + aheadMs).length;
    for (const { end } of points) present.add(end);
    return { ...one, points, isGauge: read.kind === 'max' || read.kind === 'min' };
  });
  return { read, series, present, dropped };
}

function answerOf(monitoring: MonitoringRead, kind: SharedRead['kind'], query: SeriesQuery): Promise<AnySeries[]> {
  if (kind === 'count') return monitoring.counts(query);
  return kind === 'distribution' ? monitoring.distributions(query) : monitoring.gauges({ ...query, worst: kind });
}

function add(counts: Counts, part: ReadPart, series: AnySeries): void {
  for (const { end, value } of series.points) {
    const { indicator } = part.slo;
    if (indicator.kind === 'gauge') {
      if (typeof value !== 'number' || Number.isNaN(value)) continue;
      // The worst of several series is what the minute is.
      const { bad, total } = gaugeCount(indicator, value);
      counts.set(end, { bad: Math.max(bad, counts.get(end)?.bad ?? 0), total });
      continue;
    }
    const sums = counts.get(end) ?? { bad: 0, total: 0 };
    counts.set(end, sums);
    if (typeof value === 'number') {
      if (part.role === 'total') sums.total += value;
      else if (part.role === 'bad') sums.bad += value;
      else sums.bad -= value;
      // bad = total − good: the total comes in by its own part.
      if (part.role === 'total' && indicator.kind === 'good-ratio') sums.bad += value;
    } else if (indicator.kind === 'latency') {
      const { min, max } = indicator.source;
      sums.total += value.count;
      sums.bad += value.count - countInRange(value, min, max);
    }
  }
}

/** `events` of a gauge are its points: they say how often one is due. */
function recent(
  series: readonly (AnySeries & { isGauge: boolean })[],
  newest: number | null,
): { points: number; events: number } {
  let [points, events] = [0, 0];
  for (const one of series) {
    for (const { end, value } of one.points) {
      if (newest === null || end <= newest - signedMinutes * minuteMs) continue;
      points += 1;
      events += one.isGauge ? 1 : typeof value === 'number' ? value : value.count;
    }
  }
  return { points, events };
}
