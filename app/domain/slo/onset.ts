import { type MinuteSeries, minuteMs, windowSums } from './series.ts';
import { poissonAtLeast } from './statistics.ts';
import { burnRate } from './windows.ts';

/** Quiet minutes after which an earlier burn is another one. */
const quietMinutes = 30;

/**
 * Start (ms) of the first minute over budget pace of the burn that goes on at `at`: the change point that the counts make
 * likeliest (largest CUSUM between budget pace and today's failure rate), carried back over minutes that are
 * beyond doubt over pace themselves. Null when nothing burns, or when the counts do not reach back.
 */
export function findOnset(series: MinuteSeries, objective: number, at: number): number | null {
  const end = Math.floor(at / minuteMs);
  const pace = 1 - objective;
  const rate = currentRate(series, objective, end);
  const start = series.minutes.start;
  if (rate === null || start === null) return null;
  const middle = rate > pace * 1.01 ? (rate - pace) / Math.log(rate / pace) : pace;
  let sum = 0;
  let best = 0;
  let onset: number | null = null;
  for (let minute = end - 1; minute >= start; minute--) {
    const { bad, total } = windowSums(series, minute + 1, 1);
    sum += bad - middle * total;
    if (sum > best) {
      best = sum;
      onset = minute;
    } else if (onset !== null && onset - minute >= quietMinutes) {
      const quiet = windowSums(series, minute + quietMinutes, quietMinutes);
      if ((burnRate(quiet.bad, quiet.total, objective) ?? 0) <= 1) break;
    }
  }
  if (onset === null) return null;
  while (onset > start && clearlyOver(series, pace, onset - 1)) onset--;
  return onset * minuteMs;
}

/** Failure rate over the shortest of 5 min and 1 h that is over budget pace; null when neither is. */
function currentRate(series: MinuteSeries, objective: number, end: number): number | null {
  for (const minutes of [5, 60]) {
    const { bad, total } = windowSums(series, end, minutes);
    if ((burnRate(bad, total, objective) ?? 0) > 1) return bad / total;
  }
  return null;
}

function clearlyOver(series: MinuteSeries, pace: number, minute: number): boolean {
  const { bad, total } = windowSums(series, minute + 1, 1);
  return bad > pace * total && poissonAtLeast(bad, pace * total) < 0.001;
}
