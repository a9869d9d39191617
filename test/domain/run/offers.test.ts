import { describe, expect, test } from 'vitest';
import { cancelOffer, confirmPermission, stepOffer } from '#app/domain/run/offers.ts';
import { type ActionKind, type StepState, stepStates } from '#app/domain/run/run.ts';
import { killPlan, step } from '../../support/pages/runs.ts';

const ada = { role: 'responder' } as const;
const open = { state: 'open' } as const;
const inState = (state: StepState) => step('s', 0, { state, undoable: true });

describe('what stands on a step', () => {
  test.each([
    ['confirm', ['planned']],
    ['undo', ['planned', 'verifying', 'succeeded', 'failed']],
    ['retry', ['failed']],
    ['resolve', ['unknown']],
  ] as const)('%s only in %j', (offer, states) => {
    const where = stepStates.filter((state) => stepOffer(offer, open, inState(state), ada, 'act') !== null);
    expect(where).toEqual(states);
  });

  test('nothing on a run that ended', () => {
    for (const state of ['done', 'cancelled'] as const) {
      expect(stepOffer('undo', { state }, inState('succeeded'), ada, 'act')).toBeNull();
    }
  });

  test('no undo for what cannot be undone', () => {
    expect(stepOffer('undo', open, step('s', 0, { state: 'succeeded' }), ada, 'act')).toBeNull();
  });
});

describe('why a button is disabled', () => {
  const planned = step('s', 0, { state: 'planned', plan: killPlan(0), planHash: 'h' });

  test.each(['planned', 'failed'] as const)('what stands half done is undone, not skipped: %s', (state) => {
    const half = step('s', 0, { state, captured: { percent: 5 }, undoable: true });
    expect(stepOffer('skip', open, half, ada, 'act')?.why).toMatch(/undo it first/);
    expect(stepOffer('undo', open, half, ada, 'act')).toEqual({ why: null });
    expect(stepOffer('skip', open, { ...half, captured: null }, ada, 'act')).toEqual({ why: null });
  });

  test('a viewer reads', () => {
    expect(stepOffer('confirm', open, planned, { role: 'viewer' }, 'act')?.why).toBe('Viewers read; a responder acts.');
  });

  test('while Firebreak only observes', () => {
    expect(stepOffer('confirm', open, planned, ada, 'observe')?.why).toMatch(/only observes/);
  });

  test('a refused plan says its refusal', () => {
    const refused = { ...planned, plan: killPlan(0, { refused: 'There is no such flag.' }) };
    expect(stepOffer('confirm', open, refused, ada, 'act')?.why).toBe('There is no such flag.');
  });

  test('product people act on flags they own', () => {
    const linus = (flags: string[]) => ({ role: 'product' as const, flags });
    expect(stepOffer('confirm', open, planned, linus(['voiceover-v2']), 'act')?.why).toBeNull();
    expect(stepOffer('confirm', open, planned, linus(['other']), 'act')?.why).toMatch(/flags you own/);
  });

  test('never for a responder with a good plan', () => {
    expect(stepOffer('confirm', open, planned, ada, 'act')).toEqual({ why: null });
  });
});

test.each<[ActionKind, string]>([
  ['stop', 'run.confirm-stop'],
  ['forward', 'run.confirm-forward'],
  ['people', 'run.people'],
  ['read', 'run.confirm-stop'],
])('confirming a %s asks for %s', (kind, permission) => {
  expect(confirmPermission(kind)).toBe(permission);
});

describe('cancelling a run', () => {
  const linus = { role: 'product', email: 'linus@studio.example', name: 'Linus' } as const;
  const grace = { role: 'responder', email: 'grace@studio.example', name: 'Grace' } as const;
  const run = (acted: (string | null)[], openedBy: string = linus.email) => ({
    state: 'open' as const,
    openedBy,
    acted,
  });

  test('product people cancel what they opened, until somebody else acts in it', () => {
    expect(cancelOffer(run([null, 'Linus']), linus)?.why).toBeNull();
    expect(cancelOffer(run(['Grace', null]), linus)?.why).toBe(
      'Grace acts in this run. Ask them, or a responder, to cancel it.',
    );
    expect(cancelOffer(run([null], grace.email), linus)?.why).toBe('You may cancel runs you opened only.');
  });

  test('a responder cancels any run that has not ended', () => {
    expect(cancelOffer(run(['Linus']), grace)).toEqual({ why: null });
    expect(cancelOffer({ ...run([]), state: 'done' }, grace)).toBeNull();
  });
});
