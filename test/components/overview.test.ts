import { expect, test } from 'vitest';
import { byUrgency, type SloRow } from '#app/components/overview.ts';

const row = (title: string, more: Partial<SloRow>): SloRow => ({
  id: title,
  title,
  service: 's',
  objective: 0.99,
  tier: null,
  condition: 'ok',
  burn5m: 0,
  burn1h: 0,
  budget: 1,
  goneAt: null,
  dataTo: 0,
  stale: false,
  ...more,
});

test('tiers come before burn, a blind source before calm ones, the higher burn before the lower', () => {
  const rows = [
    row('calm', {}),
    row('warm', { burn1h: 0.9 }),
    row('blind', { condition: 'no-data' }),
    row('idle', { condition: 'no-traffic' }),
    row('ticket', { tier: 'ticket-fast', burn1h: 500 }),
    row('slow', { tier: 'page-slow', burn1h: 7 }),
    row('fast', { tier: 'page-fast', burn1h: 15 }),
    row('faster', { tier: 'page-fast', burn1h: 90 }),
  ];
  expect(byUrgency(rows).map((each) => each.title)).toEqual([
    'faster',
    'fast',
    'slow',
    'ticket',
    'blind',
    'warm',
    'calm',
    'idle',
  ]);
});
