import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert } from '#app/domain/alert/alert.ts';
import { transition } from '#app/domain/alert/transition.ts';
import { type Tier, tiers } from '#app/domain/slo/slo.ts';

const open = (tier: Tier): Alert => ({
  id: 'a',
  slo: 's',
  service: 'v',
  tier,
  peakTier: tier,
  openedAt: 100,
  clearedAt: null,
  incidentId: 'i',
});

test('opens, escalates, eases and clears; the peak never falls', () => {
  expect(transition(null, { at: 100, tier: 'ticket-slow' })).toEqual({ kind: 'open', tier: 'ticket-slow' });
  expect(transition(null, { at: 100, tier: null })).toEqual({ kind: 'none' });
  expect(transition(open('page-slow'), { at: 160, tier: 'page-slow' })).toEqual({ kind: 'none' });
  const up = transition(open('ticket-fast'), { at: 160, tier: 'page-fast' });
  expect(up).toMatchObject({ kind: 'escalate', alert: { tier: 'page-fast', peakTier: 'page-fast' } });
  const down = transition(open('page-fast'), { at: 160, tier: 'ticket-slow' });
  expect(down).toMatchObject({ kind: 'ease', alert: { tier: 'ticket-slow', peakTier: 'page-fast' } });
  expect(transition(open('page-fast'), { at: 160, tier: null })).toMatchObject({
    kind: 'clear',
    alert: { clearedAt: 160 },
  });
});

test('keeps from when to when it stood at a page tier, over every rise and fall', () => {
  const ticket = open('ticket-fast');
  const rose = transition(ticket, { at: 160, tier: 'page-slow' });
  expect(rose).toMatchObject({ alert: { pageFrom: 160, pageTo: null } });
  const alert = (rose as { alert: Alert }).alert;
  const higher = (transition(alert, { at: 180, tier: 'page-fast' }) as { alert: Alert }).alert;
  const eased = (transition(higher, { at: 220, tier: 'ticket-fast' }) as { alert: Alert }).alert;
  expect(eased).toMatchObject({ pageFrom: 160, pageTo: 220 });
  expect(transition(eased, { at: 240, tier: 'ticket-slow' })).toMatchObject({ alert: { pageFrom: 160, pageTo: 220 } });
  expect(transition(eased, { at: 300, tier: 'page-fast' })).toMatchObject({ alert: { pageFrom: 160, pageTo: null } });
  expect(transition(ticket, { at: 160, tier: 'ticket-slow' })).toMatchObject({
    alert: { pageFrom: null, pageTo: null },
  });
});

test('an evaluation older than the last step changes nothing', () => {
  expect(transition(open('page-fast'), { at: 99, tier: null })).toEqual({ kind: 'none' });
  const over = { ...open('page-fast'), clearedAt: 200 };
  expect(transition(over, { at: 200, tier: 'page-fast' })).toEqual({ kind: 'none' });
  expect(transition(over, { at: 201, tier: 'page-fast' })).toEqual({ kind: 'open', tier: 'page-fast' });
});

test('repeating an evaluation is the same as having it once', () => {
  const tier = fc.constantFrom<Tier | null>(null, ...tiers);
  const apply = (latest: Alert | null, at: number, to: Tier | null): Alert | null => {
    const step = transition(latest, { at, tier: to });
    if (step.kind === 'none') return latest;
    return step.kind === 'open' ? { ...open(step.tier), openedAt: at } : step.alert;
  };
  fc.assert(
    fc.property(fc.array(tier), (sequence) => {
      let once: Alert | null = null;
      let often: Alert | null = null;
      for (const [index, to] of sequence.entries()) {
        once = apply(once, index, to);
        for (let i = 0; i < 3; i += 1) often = apply(often, index, to);
        expect(often).toEqual(once);
      }
    }),
  );
});
