import { expect, test } from 'vitest';
import { pageOutlook } from '#app/domain/incident/page-outlook.ts';
import type { BurnTier } from '#app/domain/slo/slo.ts';

const minute = 60_000;
const at = 100 * minute;
const tiers: BurnTier[] = [
  { tier: 'page-fast', long: '1h', short: '5m', share: 0.02, factor: 14.4 },
  { tier: 'page-slow', long: '6h', short: '30m', share: 0.05, factor: 6 },
  { tier: 'ticket-slow', long: '3d', short: '6h', share: 0.1, factor: 1 },
];

test.each([
  ['what the evaluation says of the windows', { tier: 'page-fast', clearing: { page: at + 7 * minute, all: null } }, 7],
  ['the short window where it says nothing', { tier: 'page-slow' }, 30],
  ['the fast page where none fires', { tier: null }, 5],
  ['the fast page where only a ticket fires: its bounds page nobody', { tier: 'ticket-slow' }, 5],
] as const)('a page clears after %s, and the delay of the data', (_what, evaluation, minutes) => {
  const outlook = pageOutlook(at - 3 * minute, { at, ...evaluation }, tiers, 2 * minute);
  expect(outlook?.clearsAt).toBe(at + (minutes + 2) * minute);
  expect(outlook?.tier.tier).toBe(evaluation.tier === 'page-slow' ? 'page-slow' : 'page-fast');
});

test('a change newer than the evaluation starts the count', () => {
  expect(pageOutlook(at + minute, { at, tier: 'page-fast' }, tiers, 0)?.clearsAt).toBe(at + 6 * minute);
});

test('without a page tier nothing is promised', () => {
  expect(pageOutlook(at, { at, tier: 'ticket-slow' }, tiers.slice(2), 0)).toBeNull();
});
