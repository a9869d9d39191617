import { type AlertSpell, comparePages, type Difference, replayAlerts } from '../../domain/alert/what-if.ts';
import { budgetLeft, elapsedShare, periodBounds } from '../../domain/slo/budget.ts';
import { budgetEvents } from '../../domain/slo/budget-events.ts';
import { profileProblems } from '../../domain/slo/profiles.ts';
import { hourMs } from '../../domain/slo/series.ts';
import { spreadMinutes } from '../../domain/slo/spread.ts';
import { type StoredCounts, storedSums } from '../../domain/slo/stored-counts.ts';
import type { WhatIfSetting } from './wish.ts';

/** One setting over the stored history: what it would have done, and what it would leave of the budget. */
export interface WhatIfSide {
  pages: number;
  tickets: number;
  /** Budget left at the end, null without events; `allowed` and `left` in events. */
  budget: { share: number; allowed: number; left: number } | null;
  /** What keeps it from its work, in words. */
  problems: string[];
}

/** Two settings over the same history, times ms. */
export interface WhatIfView {
  from: number;
  to: number;
  /** From here on minutes are exact; before it they are spread within their hour. */
  exactFrom: number;
  present: WhatIfSide;
  other: WhatIfSide;
  difference: Difference;
}

/** Replays both settings over what is stored from `from` to `to` (ms). */
export function whatIfView(
  counts: StoredCounts,
  range: { from: number; to: number },
  minBadEvents: number,
  present: WhatIfSetting,
  other: WhatIfSetting,
): WhatIfView {
  const from = Math.floor(range.from / hourMs) * hourMs;
  const minutes = spreadMinutes(counts, from, Math.ceil(range.to / hourMs) * hourMs);
  const replay = (setting: WhatIfSetting) =>
    replayAlerts(minutes, { ...setting, minBadEvents }, { from, to: range.to });
  const [now, changed] = [replay(present), replay(other)];
  const exact = [...counts.minutes.keys()].reduce((least, hour) => Math.min(least, hour * hourMs), range.to);
  return {
    from,
    to: range.to,
    exactFrom: exact,
    present: side(counts, range.to, present, now),
    other: side(counts, range.to, other, changed),
    difference: comparePages(now.pages, changed.pages),
  };
}

function side(
  counts: StoredCounts,
  at: number,
  { objective, period, profile }: WhatIfSetting,
  { pages, tickets }: { pages: AlertSpell[]; tickets: AlertSpell[] },
): WhatIfSide {
  const { start, end } = periodBounds(period, at);
  const { bad, total } = storedSums(counts, start, at);
  const left = budgetLeft(objective, { bad, total }, elapsedShare(period, at));
  const sums = { start, end, bad, total, sli: null, budgetRemaining: left, coverage: 1 };
  const events = budgetEvents({ objective, period }, sums, at);
  return {
    pages: pages.length,
    tickets: tickets.length,
    budget: left !== null && events ? { share: left, ...events } : null,
    problems: profileProblems(profile, objective, period),
  };
}
