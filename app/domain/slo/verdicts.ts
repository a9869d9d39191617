import type { Verification } from '../runbook/runbook.ts';
import type { Baseline } from './baseline.ts';
import { type MinuteSeries, minuteMs, newestKnownMinute, type Sums, windowSums } from './series.ts';
import { type Counts, chanceAsHigh, chanceAsLow } from './statistics.ts';
import { burnRate } from './windows.ts';

/** Bad events that the old failure rate must let expect before their absence says anything. */
const leastExpected = 5;
/** Chance at which noise may pass for an improvement, or for harm; looked at every cycle for many minutes. */
const improvedChance = 1e-5;
const worseChance = 1e-6;
/** Chance at which a burn over the bound may be a calm one's noise. */
const stillChance = 1e-3;
/** How much worse than before counts as harm (more while successes may still be missing), and how many failures it takes. */
const worseRatio = 1.3;
const worseRatioIncomplete = 1.5;
const worseLeast = 5;

/** What a verification is judged from. `baseline` is what failed before the effect (`baselineBefore`). Times ms. */
export interface VerificationInput {
  requirement: Verification;
  effectAt: number;
  objective: number;
  series: MinuteSeries;
  settleMs: number;
  now: number;
  baseline: Baseline;
  /** Said behind every judgement: what it goes by, where that is not the SLO's own count. */
  note?: string | null;
  /** What the counted ones did: they failed, unless said. */
  said?: 'failed' | 'minutes were bad';
}

/** Counts of a run of minutes, and how many it has. */
export type Seen = Sums & { minutes: number };

/** Counts of the `minutes` before `end`, of none before `first`. */
export function since(series: MinuteSeries, end: number, minutes: number, first = 0): Seen {
  const length = Math.min(minutes, end - first);
  return { ...windowSums(series, end, length), minutes: length };
}

/** Over the bound in the last window beyond chance; or over it since the effect, and no better than it was before. */
export function stillBurns(input: VerificationInput, first: number, settled: number, length: number): boolean {
  const { requirement, objective, series, baseline } = input;
  const last = since(series, settled, length);
  const burn = burnRate(last.bad, last.total, objective);
  if (last.known < length || burn === null || burn < requirement.burnUnder) return false;
  // An endless sample at exactly the bound: only the noise of the new counts is left.
  const bound = { bad: requirement.burnUnder * (1 - objective) * 1e12, total: 1e12 };
  for (let minutes = length; minutes <= settled - first; minutes++) {
    const seen = since(series, settled, minutes);
    if (!isEnough(seen, baseline) || chanceAsHigh(deflate(seen, baseline), bound) >= stillChance) continue;
    if (minutes === length || chanceAsLow(deflate(seen, baseline), deflate(baseline, baseline)) > 0.01) return true;
  }
  return false;
}

/** True when the old failure rate lets expect enough bad events among these. */
export function isEnough(seen: Counts, baseline: Baseline): boolean {
  return baseline.total > 0 && (seen.total * baseline.bad) / baseline.total >= leastExpected;
}

/** The shortest run of settled minutes, from the window up to all since the effect, that proves the improvement. */
export function findProof(
  { requirement, objective, series, baseline }: VerificationInput,
  first: number,
  settled: number,
  length: number,
): Seen | null {
  const last = since(series, settled, length);
  const lastBurn = burnRate(last.bad, last.total, objective);
  if (lastBurn === null || lastBurn >= requirement.burnUnder) return null;
  for (let minutes = length; minutes <= settled - first; minutes++) {
    const seen = since(series, settled, minutes);
    const burn = burnRate(seen.bad, seen.total, objective);
    if (seen.known < minutes) return null;
    if (burn === null || burn >= requirement.burnUnder || !isEnough(seen, baseline)) continue;
    if (chanceAsLow(deflate(seen, baseline), deflate(baseline, baseline)) < improvedChance) return seen;
  }
  return null;
}

/** Counts as if failures came singly, where they come in bursts. */
function deflate({ bad, total }: Counts, { dispersion = 1 }: Baseline): Counts {
  return { bad: bad / dispersion, total };
}

/**
 * A minute, the last five, or all since the effect, that failed more than chance allows. While a minute's points are
 * on their way its failures may stand there without its successes: then it counts with the usual traffic, `expected`.
 */
export function findHarm(
  {
    burnUnder,
    objective,
    series,
    effectAt,
    baseline,
  }: Pick<VerificationInput, 'objective' | 'series' | 'effectAt' | 'baseline'> & { burnUnder: number },
  first: number,
  settled: number,
): (Seen & { provisional: boolean; expected: number }) | null {
  const newest = newestKnownMinute(series);
  if (newest === null || newest < first) return null;
  const before = windowSums(series, Math.floor(effectAt / minuteMs), 60);
  const usual = before.known > 0 ? before.total / before.known : 0;
  const rate = baseline.total > 0 ? baseline.bad / baseline.total : 0;
  const end = newest + 1;
  const start = Math.max(first, end - 5);
  const stretches = Array.from({ length: end - start }, (_, i): [number, number] => [start + i, start + i + 1]);
  if (start > first) stretches.push([first, end]);
  for (const [from, to] of [[start, end], ...stretches] as [number, number][]) {
    const sums = windowSums(series, to, to - from);
    const provisional = to > settled;
    const total = provisional ? Math.max(sums.total, usual * sums.known, sums.bad) : sums.total;
    const burn = burnRate(sums.bad, total, objective);
    if (sums.bad < worseLeast || burn === null || burn < Math.max(1, burnUnder)) continue;
    const ratio = provisional && sums.total < usual * sums.known ? worseRatioIncomplete : worseRatio;
    if (sums.bad / total < rate * ratio) continue;
    const chance = chanceAsHigh(deflate({ bad: sums.bad, total }, baseline), deflate(baseline, baseline));
    if (chance < worseChance) return { ...sums, minutes: to - from, provisional, expected: Math.round(total) };
  }
  return null;
}
