import { type MinuteSeries, minuteMs, windowSums } from './series.ts';

/** How an SLO failed before an effect: the yardstick of verification. */
export interface Baseline {
  bad: number;
  total: number;
  /** Variance over mean of the bad events per minute, at least 1: bursty failures need more of them to prove anything. Absent: 1. */
  dispersion?: number;
}

const longest = 15;

/**
 * Counts of up to 15 minutes before `effectAt` (ms), from the onset of the burn on, and only of settled minutes (those that end by
 * `settledTo`): a minute whose failures are still on their way would make the past look better than it was.
 * Without a settled minute since the onset it reaches back before it.
 */
export function baselineBefore(
  series: MinuteSeries,
  effectAt: number,
  { onset, settledTo }: { onset: number | null; settledTo: number },
): Baseline {
  const end = Math.floor(Math.min(effectAt, settledTo) / minuteMs);
  const since = onset === null ? longest : end - Math.ceil(onset / minuteMs);
  const minutes = since > 0 ? Math.min(longest, since) : longest;
  const { bad, total, known } = windowSums(series, end, minutes);
  let squares = 0;
  for (let minute = end - minutes; minute < end; minute++) {
    const one = windowSums(series, minute + 1, 1);
    if (one.known) squares += (one.bad - bad / known) ** 2;
  }
  const dispersion = known >= 5 && bad > 0 ? Math.max(1, squares / (known - 1) / (bad / known)) : 1;
  return { bad, total, dispersion };
}
