import { countText, windowBurnText } from './figures.ts';
import { minuteMs } from './series.ts';
import { type Counts, chanceAsHigh, chanceAsLow } from './statistics.ts';
import { burnRate } from './windows.ts';

/** How the first share of a two-move traffic change does. `waiting` looks again; `unjudged` lets a person go on. */
export type HoldVerdict = 'waiting' | 'good' | 'bad' | 'unjudged';

/** One minute of one revision; `at` is its start, ms. */
export interface RevisionPoint extends Counts {
  revision: string;
  at: number;
}

/** What a hold is judged from: points by revision, with those of the hour before the effect. Times ms. */
export interface HoldInput {
  points: readonly RevisionPoint[];
  revision: string;
  /** Share of traffic given to the revision, 0 to 1. */
  share: number;
  effectAt: number;
  holdMs: number;
  settleMs: number;
  now: number;
  objective: number;
  /** Requests of the new share under which nothing is judged. */
  minRequests: number;
}

/** One look at a hold. */
export interface HoldState {
  verdict: HoldVerdict;
  /** Complete data minutes of the new share so far, and how many are asked for. */
  minutes: number;
  needed: number;
  /** The latest time at which the hold ends, judged or not. */
  until: number;
  target: Counts & { burn: number | null };
  others: Counts & { burn: number | null };
  text: string;
}

/**
 * Judges the first share on provisional points of complete minutes that began after the effect: a minute is complete once a newer one
 * is there, or once it has settled. Bad as soon as the revision burns beyond chance and not clearly less than the
 * others; good once the minutes are full, or at the end with what came; unjudged after hold + settle under `minRequests`.
 */
export function judgeHold(input: HoldInput): HoldState {
  const { points, revision, share, effectAt, holdMs, settleMs, now, objective, minRequests } = input;
  const first = Math.ceil(effectAt / minuteMs) * minuteMs;
  const newest = points.reduce((latest, { at }) => Math.max(latest, at), 0);
  const end = Math.max(first, newest, Math.floor((now - settleMs) / minuteMs) * minuteMs);
  const seen = points.filter(({ at }) => at >= first && at < end);
  const mine = seen.filter((point) => point.revision === revision && point.total > 0);
  const [target, others] = [sum(mine), sum(seen.filter((point) => point.revision !== revision))];
  const minutes = new Set(mine.map(({ at }) => at)).size;
  const needed = Math.ceil(holdMs / minuteMs);
  const until = first + holdMs + settleMs;
  const state = (verdict: HoldVerdict, text: string): HoldState => ({
    verdict,
    minutes,
    needed,
    until,
    target: { ...target, burn: burnRate(target.bad, target.total, objective) },
    others: { ...others, burn: burnRate(others.bad, others.total, objective) },
    text,
  });
  const counts = `${countText(target.bad)} of ${countText(target.total)} failed on ${revision}, ${countText(others.bad)} of ${countText(others.total)} elsewhere`;
  // Failures may be visible before the successes of their minute: then the usual traffic of the share counts.
  const usual = usualTraffic(points, effectAt) * share * minutes;
  const exposed = { bad: target.bad, total: Math.max(target.total, usual, target.bad) };
  if (isHarmful(exposed, others, objective)) return state('bad', `The first share does no better: ${counts}.`);
  if (target.total >= minRequests && (minutes >= needed || now >= until)) {
    const burn = windowBurnText({ ...target, burn: burnRate(target.bad, target.total, objective), coverage: 1 });
    return state('good', `Good on ${minutes} min of data, burning ${burn}: ${counts}.`);
  }
  if (now >= until) {
    const few = `${countText(target.total)} requests in ${minutes} min are too few (${countText(minRequests)} are needed)`;
    return state('unjudged', `Not judged: ${few}. You decide.`);
  }
  const awaited = `waiting for points up to ${utcMinute(first + holdMs)}, until ${utcMinute(until)} at the latest`;
  return state('waiting', `${minutes} of ${needed} min of data are in: ${counts}; ${awaited}.`);
}

/** "03:24 UTC". */
function utcMinute(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}

/** Burning beyond chance, and not clearly better than the others: at least half of their failures. */
function isHarmful(target: Counts, others: Counts, objective: number): boolean {
  if (target.bad < 5) return false;
  const burning = chanceAsHigh(target, { bad: (1 - objective) * 1e12, total: 1e12 }) < 1e-4;
  const better = chanceAsLow(target, others) < 1e-3 && target.bad / target.total < 0.5 * (others.bad / others.total);
  return burning && !better;
}

/** Requests per minute of the whole service in the hour before the effect. */
function usualTraffic(points: readonly RevisionPoint[], effectAt: number): number {
  const before = points.filter(({ at }) => at + minuteMs <= effectAt && at >= effectAt - 60 * minuteMs);
  return sum(before).total / Math.max(1, new Set(before.map(({ at }) => at)).size);
}

function sum(points: readonly Counts[]): Counts {
  return points.reduce((all, { bad, total }) => ({ bad: all.bad + bad, total: all.total + total }), {
    bad: 0,
    total: 0,
  });
}
