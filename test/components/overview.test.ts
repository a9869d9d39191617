import { describe, expect, test } from 'vitest';
import { byUrgency, type SloRow, sloRow, turningBlind } from '#app/components/overview.ts';
import { history } from '../support/pages/world.ts';

const row = (title: string, more: Partial<SloRow>): SloRow => ({
  id: title,
  title,
  service: 's',
  objective: 0.99,
  tier: null,
  condition: 'ok',
  burn5m: 0,
  burn1h: 0,
  last5m: '0×',
  lastHour: '0×',
  budget: 1,
  goneAt: null,
  dataTo: 0,
  stale: false,
  blindFrom: 0,
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

describe('an SLO that nobody has evaluated lately', () => {
  const minute = 60_000;
  const slo = { id: 'a', title: 'a', service: 's', objective: 0.99, settle: 4 * minute };
  const at = 1_000 * minute;
  const evaluation = { ...history('voiceover-availability', []).evaluation, at };
  const state = { evaluation, error: null, errorAt: null, readAt: at };

  test('is blind three minutes after the next evaluation was due, and stands before calm ones', () => {
    const due = at + slo.settle + 3 * minute;
    expect(sloRow(slo, state, due - 1)).toMatchObject({ stale: false, blindFrom: due });
    expect(sloRow(slo, state, due)).toMatchObject({ stale: true, blindFrom: due });
    const late = sloRow({ ...slo, title: 'late' }, state, due);
    expect(byUrgency([row('warm', { burn1h: 5 }), late]).map(({ title }) => title)).toEqual(['late', 'warm']);
  });

  test('is told from one whose source fails or gives no data, which is blind already', () => {
    expect(sloRow(slo, { ...state, error: 'no answer', errorAt: at + 1 }, at)).toMatchObject({ blindFrom: 0 });
    const blind = { ...state, evaluation: { ...evaluation, condition: 'no-data' as const } };
    expect(sloRow(slo, blind, at)).toMatchObject({ stale: false, blindFrom: 0 });
    expect(sloRow(slo, null, at)).toMatchObject({ condition: 'not-evaluated', blindFrom: 0 });
  });

  test('rows turn blind together, those that are already are not counted again', () => {
    const rows = [row('a', { blindFrom: 9 }), row('b', { blindFrom: 9 }), row('c', { blindFrom: 8 }), row('d', {})];
    expect(turningBlind(rows, 5)).toEqual([
      { at: 9, count: 2 },
      { at: 8, count: 1 },
    ]);
    expect(turningBlind(rows, 8)).toEqual([{ at: 9, count: 2 }]);
  });
});
