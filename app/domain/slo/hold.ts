import { burnText, countText } from './figures.ts';
import { type MinuteSeries, minuteMs, newestKnownMinute, type Sums, windowSums } from './series.ts';
import { chanceAsHigh, chanceAsLow } from './statistics.ts';
import { burnRate } from './windows.ts';

/** How the first share of a two-move traffic change does. `waiting` looks again; `unjudged` lets a person go on. */
export type HoldVerdict = 'waiting' | 'good' | 'bad' | 'unjudged';

/** One look at a hold. Times ms. */
export interface HoldState {
  verdict: HoldVerdict;
  /** Complete data minutes of the new share so far, and how many are asked for. */
  minutes: number;
  needed: number;
  /** The latest time at which the hold ends, judged or not. */
  until: number;
  target: { bad: number; total: number; burn: number | null };
  others: { bad: number; total: number; burn: number | null };
  text: string;
}

/** What a hold is judged from: one series for the revision that takes the share, one for all others. */
export interface HoldInput {
  target: MinuteSeries;
  others: MinuteSeries;
  effectAt: number;
  holdMs: number;
  settleMs: number;
  now: number;
  objective: number;
  /** Requests of the new share under which nothing is judged. */
  minRequests: number;
  /** Share of traffic given to the target, 0 to 1. */
  share: number;
}

/**
 * Judges the first share on provisional points: counts complete minutes that began after the effect. Bad as soon as the target burns beyond
 * chance and not clearly less than the others; good once the minutes are full; after hold + settle under `minRequests`, unjudged.
 */
export function judgeHold(input: HoldInput): HoldState {
  const { target, others, effectAt, holdMs, settleMs, now, objective, minRequests, share } = input;
  const first = Math.ceil(effectAt / minuteMs);
  const needed = Math.ceil(holdMs / minuteMs);
  const until = first * minuteMs + holdMs + settleMs;
  // A minute is complete once a newer one is there, or once it has settled.
  const newest = Math.max(newestKnownMinute(target) ?? 0, newestKnownMinute(others) ?? 0);
  const end = Math.max(first, newest, Math.floor((now - settleMs) / minuteMs));
  const seen = windowSums(target, end, end - first);
  const rest = windowSums(others, end, end - first);
  const usual = usualTraffic(target, others, first) * share;
  const exposed = { bad: seen.bad, total: Math.max(seen.total, usual * seen.known, seen.bad) };
  const state = (verdict: HoldVerdict, text: string): HoldState => ({
    verdict,
    minutes: seen.known,
    needed,
    until,
    target: { bad: seen.bad, total: seen.total, burn: burnRate(seen.bad, seen.total, objective) },
    others: { bad: rest.bad, total: rest.total, burn: burnRate(rest.bad, rest.total, objective) },
    text,
  });
  const counts = `${countText(seen.bad)} of ${countText(seen.total)} failed on it, ${countText(rest.bad)} of ${countText(rest.total)} elsewhere`;
  if (isHarmful(exposed, rest, objective)) {
    return state('bad', `The new share does no better: ${counts}.`);
  }
  if (seen.total >= minRequests && seen.known >= needed) {
    return state(
      'good',
      `Good on ${seen.known} minutes of data, burning ${burnText(burnRate(seen.bad, seen.total, objective))}: ${counts}.`,
    );
  }
  if (now >= until) {
    return state(
      'unjudged',
      `Not judged: ${countText(seen.total)} requests in ${seen.known} minutes are too few (${countText(minRequests)} are needed). You decide.`,
    );
  }
  return state('waiting', `${seen.known} of ${needed} minutes of data: ${counts}.`);
}

/** Burning beyond chance, and either worse than the others or not clearly better. */
function isHarmful(target: { bad: number; total: number }, others: Sums, objective: number): boolean {
  if (target.bad < 5) return false;
  const burning = chanceAsHigh(target, { bad: (1 - objective) * 1e12, total: 1e12 }) < 1e-4;
  const better = chanceAsLow(target, others) < 1e-3 && target.bad / target.total < 0.5 * (others.bad / others.total);
  return burning && !better;
}

/** Requests per minute of the whole service in the hour before the effect. */
function usualTraffic(target: MinuteSeries, others: MinuteSeries, first: number): number {
  let rate = 0;
  for (const series of [target, others]) {
    const { total, known } = windowSums(series, first - 1, 60);
    if (known > 0) rate += total / known;
  }
  return rate;
}
