import { expect, it } from 'vitest';
import { freshness } from '#app/domain/runbook/freshness.ts';

it.each([
  ['2026-11-01', 91, '2026-11-22', 'fresh', 70, 'reviewed 2026-11-01, next review in 70 days'],
  ['2026-11-01', 21, '2026-11-22', 'fresh', 0, 'reviewed 2026-11-01, next review today'],
  ['2026-11-01', 20, '2026-11-22', 'overdue', 1, 'review overdue by 1 day'],
  ['2026-03-01', 91, '2026-07-11', 'overdue', 41, 'review overdue by 41 days'],
  [null, 91, '2026-11-22', 'undeclared', null, 'no review date declared'],
  ['2026-11-01', null, '2026-11-22', 'undeclared', null, 'no review date declared'],
])('last %s, every %s days, on %s: %s', (lastReviewedOn, reviewInDays, today, state, days, text) => {
  expect(freshness({ lastReviewedOn, reviewInDays }, today)).toEqual({ state, days, text });
});
