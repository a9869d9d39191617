import { evaluateSlo } from '#app/domain/slo/evaluate.ts';
import type { BurnPoint, SloEvaluation } from '#app/domain/slo/evaluation.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { createSeries, loadHour, type MinuteSeries, setMinute } from '#app/domain/slo/series.ts';
import { cutSlices, slicesOf } from '#app/domain/slo/slices.ts';
import type { Slo } from '#app/domain/slo/slo.ts';
import type { StoredCounts } from '#app/domain/slo/stored-counts.ts';
import { stored } from '#test/domain/slo/stored.ts';
import { burnPoints } from './burn-points.ts';

const minute = 60_000;
const perMinute = 900;

/** What an SLO went through: its data end, and stretches of minutes with their failure ratio. */
export interface History {
  slo: Slo;
  now: number;
  /** Data reaches to this time, ms. */
  dataTo: number;
  bad: { from: number; to: number; ratio: number }[];
  stale?: { error: string; since: number };
}

/** Thirty days of even traffic with the given failures (older than three days by the hour): points and the evaluation that the domain makes of them, so that all figures agree. */
export function playHistory(history: History): {
  evaluation: SloEvaluation;
  points(from: number, to: number): BurnPoint[];
  counts(range: { from: number; to: number; byMinute: readonly number[] }): StoredCounts;
} {
  const series = createSeries();
  const end = Math.floor(history.dataTo / minute);
  const first = Math.ceil((end - 3 * 1440) / 60) * 60;
  for (let hour = first / 60 - 27 * 24; hour < first / 60; hour += 1) {
    const spell = history.bad.find((each) => hour * 60 * minute >= each.from && hour * 60 * minute < each.to);
    loadHour(series, hour, {
      bad: Math.round(55_000 * (spell?.ratio ?? 0.0002)),
      total: 55_000,
      known: 60,
      minutes: null,
    });
  }
  for (let at = first; at < end; at += 1) {
    const spell = history.bad.find((each) => at * minute >= each.from && at * minute < each.to);
    const total = perMinute + ((at * 37) % 60);
    setMinute(series, at, Math.round(total * (spell?.ratio ?? 0.0002 + ((at * 13) % 7) / 30_000)), total);
  }
  const at = Math.min(history.now - history.slo.settle, history.dataTo);
  return told(history, counted(history.slo, series, { first, end }), series, at);
}

/** What counts against the budget: the events, or slices, whose older hours are all good. */
function counted(slo: Slo, events: MinuteSeries, { first, end }: { first: number; end: number }): MinuteSeries {
  const slices = slicesOf(slo);
  if (!slices) return events;
  const series = createSeries();
  for (let hour = first / 60 - 27 * 24; hour < first / 60; hour += 1)
    loadHour(series, hour, { bad: 0, total: 60 / slices.minutes, known: 60, minutes: null });
  cutSlices(events, series, slices, { from: first, to: end });
  return series;
}

function told(
  history: History,
  series: MinuteSeries,
  events: MinuteSeries,
  at: number,
): ReturnType<typeof playHistory> {
  const evaluation = evaluateSlo({
    slo: history.slo,
    profile: defaultProfile(history.slo.period),
    series,
    events,
    at,
    stale: history.stale ?? null,
  });
  return {
    evaluation,
    counts: ({ byMinute }) =>
      stored(
        series,
        at,
        byMinute.map((hour) => hour * 60 * minute),
      ),
    points: (from, to) =>
      burnPoints(series, history.slo.objective, { from, to: Math.min(to, history.dataTo), settledTo: at }),
  };
}
