import type { Runbook } from './runbook.ts';

/** Whether a runbook's review is due. `days` is days until (or since) the due date; null when no review is declared. */
export interface Freshness {
  state: 'fresh' | 'overdue' | 'undeclared';
  days: number | null;
  /** "reviewed 2026-11-01, next in 41 days", "overdue by 41 days". */
  text: string;
}

const dayMs = 86_400_000;

/** Freshness on a day; `today` is an ISO date. */
export function freshness(runbook: Pick<Runbook, 'lastReviewedOn' | 'reviewInDays'>, today: string): Freshness {
  const { lastReviewedOn, reviewInDays } = runbook;
  if (lastReviewedOn === null || reviewInDays === null) {
    return { state: 'undeclared', days: null, text: 'no review date declared' };
  }
  const left = Math.round((Date.parse(lastReviewedOn) - Date.parse(today.slice(0, 10))) / dayMs) + reviewInDays;
  if (left < 0) return { state: 'overdue', days: -left, text: `review overdue by ${days(-left)}` };
  return {
    state: 'fresh',
    days: left,
    text: `reviewed ${lastReviewedOn}, next review ${left === 0 ? 'today' : `in ${days(left)}`}`,
  };
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}
