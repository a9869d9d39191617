import { baselineBefore } from '../slo/baseline.ts';
import { burnText, countText } from '../slo/figures.ts';
import { type MinuteSeries, minuteMs } from '../slo/series.ts';
import { findHarm } from '../slo/verdicts.ts';
import { burnRate } from '../slo/windows.ts';

/**
 * A burn that rose after a change: what whoever made it is told. Counts are of `minutes` whole minutes since the change; `total`
 * is the usual traffic where successes are still on their way.
 */
export interface Rise {
  bad: number;
  total: number;
  minutes: number;
  burn: number | null;
  before: { bad: number; total: number };
  /** True while the points behind it may still change. */
  provisional: boolean;
  text: string;
}

/**
 * Watches an SLO after a change: the rise over budget pace that chance does not explain, on provisional points too, so that it is told
 * minutes after the change and long before a page. Null while there is none; meant for the half hour after a change.
 */
export function riseSince(
  series: MinuteSeries,
  {
    objective,
    changeAt,
    settleMs,
    now,
    what = 'Failures',
  }: {
    objective: number;
    changeAt: number;
    settleMs: number;
    now: number;
    /** What rises, as a sentence begins with it. */
    what?: 'Failures' | 'Bad minutes';
  },
): Rise | null {
  const settled = Math.floor((now - settleMs) / minuteMs);
  const baseline = baselineBefore(series, changeAt, { onset: null, settledTo: settled * minuteMs });
  // Without a past to compare with, every service would look worse since.
  if (baseline.total === 0) return null;
  const first = Math.ceil(changeAt / minuteMs);
  const harm = findHarm({ series, objective, effectAt: changeAt, baseline, burnUnder: 1 }, first, settled);
  if (!harm) return null;
  const { bad, expected: total, minutes, provisional } = harm;
  const burn = burnRate(bad, total, objective);
  // Failures may be visible before the successes of the same minute.
  const about = total > harm.total ? 'about ' : '';
  const since = `${countText(bad)} of ${about}${countText(total)}`;
  const then = `${countText(baseline.bad)} of ${countText(baseline.total)}`;
  const rate = burn === null ? '' : `, ${burnText(burn)}`;
  const text = `${what} rise since this change: ${since} in ${minutes} min${rate}, against ${then} before it.`;
  return { bad, total, minutes, burn, before: { bad: baseline.bad, total: baseline.total }, provisional, text };
}
