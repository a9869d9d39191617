import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextMove, type RolloutSeen, type StepSeen } from '#app/domain/rollout/next-move.ts';
import { type HeldReason, heldReasons } from '#app/domain/rollout/rollout.ts';
import { afterEvent, endedRollouts, rolloutStates } from '#app/domain/rollout/transitions.ts';
import { verdictKinds } from '#app/domain/rollout/verdict.ts';
import { stepStates } from '#app/domain/run/run.ts';
import { bakingRollout } from '../../support/pages/rollouts.ts';

const now = Date.UTC(2026, 10, 22, 3, 26);

const step = (state: StepSeen['state'], open = true): StepSeen => ({
  ...{
    runId: 'r',
    stepId: 'expose',
    open,
    state,
    result: 'none',
    reason: null,
    planHash: 'h',
    plan: null,
    effectAt: now,
  },
});
const seen = (part: Partial<RolloutSeen> = {}, rollout: Parameters<typeof bakingRollout>[1] = {}): RolloutSeen => ({
  ...{
    now,
    rollout: bakingRollout(now, rollout),
    step: step('succeeded'),
    back: null,
    applied: true,
    foreign: null,
    restored: false,
  },
  ...{ brakes: [], refused: null, verdict: bakingRollout(now).verdict, bakedAt: now + 60_000 },
  ...part,
});
const refusedBack = { ...step('planned'), plan: { refused: 'Unleash has no flag.' } as StepSeen['plan'] };
const brake = { reason: 'incident' as const, text: 'It burns.' };
const verdict = (kind: (typeof verdictKinds)[number]) => ({ kind, at: now, guards: [] });
const held = (reason: HeldReason) => ({ state: 'held' as const, held: { reason, text: 'x', since: now } });
const before = { state: 'preflight' as const, effectAt: null };

test.each<[string, RolloutSeen, unknown]>([
  ['it is watched until its data are complete', seen(), { kind: 'rest' }],
  ['it goes to the next stage after that', seen({ bakedAt: now }), { event: 'next', stage: 2, effectAt: null }],
  ['it ends after the last', seen({ bakedAt: now }, { stage: 2 }), { event: 'finish' }],
  ['a breach goes before everything', seen({ verdict: verdict('breach'), brakes: [brake] }), { event: 'breach' }],
  ['also while it is paused', seen({ verdict: verdict('breach') }, held('paused')), { event: 'breach' }],
  ['but never over another hand', seen({ verdict: verdict('breach'), foreign: 'off' }), { event: 'supersede' }],
  ['no data hold it', seen({ verdict: verdict('stale') }), { event: 'hold', held: { reason: 'no-data' } }],
  [
    'so does a failing source',
    seen({ verdict: verdict('error') }),
    { event: 'hold', held: { reason: 'provider-error' } },
  ],
  ['too little is waited for', seen({ verdict: verdict('insufficient') }), { kind: 'rest' }],
  ['and holds it at the end', seen({ verdict: verdict('insufficient'), bakedAt: now }), { event: 'hold' }],
  [
    'a step waits for what is in its way',
    seen({ brakes: [brake], step: null }, before),
    { event: 'hold', held: brake },
  ],
  ['and is opened otherwise', seen({ step: null }, before), { kind: 'open', direction: 'forward' }],
  ['in shadow it is only said', seen({ step: null }, { ...before, shadow: true }), { event: 'bake', effectAt: now }],
  ['a plan is confirmed', seen({ step: step('planned') }, { state: 'applying', effectAt: null }), { kind: 'confirm' }],
  [
    'unless it may not be',
    seen({ step: step('planned'), refused: brake }, { state: 'applying', effectAt: null }),
    { event: 'hold' },
  ],
  ['an undone step ends it', seen({ step: step('undone') }), { event: 'supersede' }],
  [
    'a plan that waits for people is waited for',
    seen({ step: step('awaiting-approval') }, { ...held('approval'), effectAt: null }),
    { kind: 'rest' },
  ],
  [
    'one that they refused is not asked for again',
    seen({ step: step('planned') }, { ...held('approval'), effectAt: null }),
    { kind: 'rest' },
  ],
  [
    'one that they approved goes on',
    seen({ step: step('running') }, { ...held('approval'), effectAt: null }),
    { event: 'go-on-applying' },
  ],
  [
    'a rollback first calls off what waits',
    seen({ step: step('planned') }, { state: 'rolling_back' }),
    { kind: 'cancel' },
  ],
  ['then opens its run', seen({}, { state: 'rolling_back' }), { kind: 'open', direction: 'back' }],
  [
    'and waits where nothing is known yet',
    seen({ applied: false, step: step('running', false) }, { state: 'rolling_back' }),
    { kind: 'rest' },
  ],
  [
    'a rollback that did not help is not called one',
    seen({ back: { ...step('succeeded'), result: 'not_improved' } }, { state: 'rolling_back' }),
    { event: 'unverified' },
  ],
  [
    'a rollback overwrites no other hand: a kill stays',
    seen({ back: step('planned'), foreign: 'off' }, { state: 'rolling_back' }),
    { event: 'supersede' },
  ],
  [
    'what stands as before is rolled back',
    seen({ back: refusedBack, restored: true }, { state: 'rolling_back' }),
    { event: 'rolled-back' },
  ],
  [
    'what cannot be put back is not called rolled back',
    seen({ back: refusedBack }, { state: 'rolling_back' }),
    { event: 'unverified', text: 'Not rolled back: Unleash has no flag.' },
  ],
  ['an ended one calls off what waits', seen({ step: step('planned') }, { state: 'superseded' }), { kind: 'cancel' }],
])('%s', (_, given, expected) => {
  expect(nextMove(given)).toMatchObject(expected as object);
});

const anything = fc.record({
  state: fc.constantFrom(...rolloutStates),
  reason: fc.constantFrom(...heldReasons),
  step: fc.option(fc.tuple(fc.constantFrom(...stepStates), fc.boolean())),
  back: fc.option(fc.constantFrom(...stepStates)),
  kind: fc.option(fc.constantFrom(...verdictKinds)),
  brakes: fc.boolean(),
  foreign: fc.boolean(),
  applied: fc.boolean(),
  effect: fc.boolean(),
  baked: fc.boolean(),
  shadow: fc.boolean(),
});

test('whatever is seen: only allowed moves, forward only when nothing is in the way, and what has ended stays so', () => {
  fc.assert(
    fc.property(anything, (any) => {
      const { state, shadow } = any;
      const given = seen(
        {
          ...{ step: any.step && step(...any.step), back: any.back && step(any.back), applied: any.applied },
          ...{ verdict: any.kind && verdict(any.kind), bakedAt: any.effect ? now + (any.baked ? 0 : 1) : null },
          ...{ brakes: any.brakes ? [brake] : [], foreign: any.foreign ? 'off' : null },
        },
        { state, shadow, effectAt: any.effect ? now : null, held: { reason: any.reason, text: 'x', since: now } },
      );
      const move = nextMove(given);
      if (move.kind === 'event') expect(afterEvent(state, move.event)).not.toBeNull();
      const forward = move.kind === 'confirm' && move.direction === 'forward';
      if (forward) expect([any.brakes, any.foreign, any.kind === 'breach']).toEqual([false, false, false]);
      if (move.kind === 'event' && (move.event === 'next' || move.event === 'finish')) expect(any.kind).toBe('pass');
      if (move.kind === 'event' && move.event === 'breach') expect(any.kind).toBe('breach');
      if ((endedRollouts as readonly string[]).includes(state)) expect(['rest', 'cancel']).toContain(move.kind);
    }),
  );
});
