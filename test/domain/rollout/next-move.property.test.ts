import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextMove, type RolloutSeen, type StepSeen } from '#app/domain/rollout/next-move.ts';
import { heldReasons } from '#app/domain/rollout/rollout.ts';
import { afterEvent, endedRollouts, rolloutStates } from '#app/domain/rollout/transitions.ts';
import { verdictKinds } from '#app/domain/rollout/verdict.ts';
import { stepStates } from '#app/domain/run/run.ts';
import { bakingRollout } from '../../support/pages/rollouts.ts';

const now = Date.UTC(2026, 10, 22, 3, 26);
const results = ['none', 'improved', 'not_improved', 'worse', 'no_data'] as const;

const step = fc
  .record({
    state: fc.constantFrom(...stepStates),
    result: fc.constantFrom(...results),
    open: fc.boolean(),
    refused: fc.boolean(),
    effectAt: fc.option(fc.constant(now)),
  })
  .map(
    ({ refused, ...seen }): StepSeen => ({
      ...{ runId: 'r', stepId: 'expose', reason: null, planHash: 'h', ...seen },
      plan: { refused: refused ? 'It is there already.' : null } as StepSeen['plan'],
    }),
  );
const brake = fc.record({ reason: fc.constantFrom(...heldReasons), text: fc.constant('It may not.') });
const sometimes = fc.option(fc.constant('off by hand'));

/** Anything that may be stored and seen, also what never comes together. */
const anySeen: fc.Arbitrary<RolloutSeen> = fc
  .record({
    state: fc.constantFrom(...rolloutStates),
    stage: fc.nat({ max: 2 }),
    held: fc.option(brake),
    effectAt: fc.option(fc.constant(now - 600_000)),
    shadow: fc.boolean(),
    resume: fc.constantFrom('by-person' as const, 'when-calm' as const),
    step: fc.option(step),
    back: fc.option(step),
    applied: fc.boolean(),
    foreign: sometimes,
    restored: fc.boolean(),
    brakes: fc.array(brake, { maxLength: 2 }),
    refused: fc.option(brake),
    kind: fc.option(fc.constantFrom(...verdictKinds)),
    bakedAt: fc.option(fc.constantFrom(now - 1, now, now + 1)),
  })
  .map(({ state, stage, held, effectAt, shadow, resume, kind, ...seen }) => {
    const { plan, ...rollout } = bakingRollout(now, {
      state,
      stage,
      effectAt,
      shadow,
      held: held && { ...held, since: now },
    });
    const verdict = kind && { kind, at: now, guards: [] };
    return { now, ...seen, verdict, rollout: { ...rollout, plan: { ...plan, resume } } };
  });

/** True for what may give people more: a step's run, its word, or in shadow what stands for both. */
function forward(move: ReturnType<typeof nextMove>, { rollout }: RolloutSeen): boolean {
  if (move.kind === 'event') return move.event === 'bake' && rollout.state === 'preflight';
  return (move.kind === 'open' || move.kind === 'confirm') && move.direction === 'forward';
}
const holds = (about: (seen: RolloutSeen, move: ReturnType<typeof nextMove>) => void) =>
  fc.assert(
    fc.property(anySeen, (seen) => about(seen, nextMove(seen))),
    { numRuns: 5_000 },
  );
const ended: readonly string[] = endedRollouts;

test('nothing goes forward under a brake, a hold, a breach or another hand, nor in a state that is over', () => {
  holds((seen, move) => {
    if (!forward(move, seen)) return;
    expect([seen.brakes, seen.foreign, seen.verdict?.kind === 'breach']).toEqual([[], null, false]);
    expect(['preflight', 'applying']).toContain(seen.rollout.state);
    if (move.kind === 'confirm') expect(seen.refused).toBeNull();
  });
});

test('it goes to the next stage, or ends, on a pass over complete data alone', () => {
  holds((seen, move) => {
    if (move.kind !== 'event' || !['next', 'finish'].includes(move.event)) return;
    expect([seen.rollout.state, seen.verdict?.kind, seen.bakedAt! <= now]).toEqual(['baking', 'pass', true]);
  });
});

test('a breach takes it back from wherever it stands, unless somebody else set it since', () => {
  holds((seen, move) => {
    const { state } = seen.rollout;
    const goes = state !== 'draft' && state !== 'approved' && state !== 'rolling_back' && !ended.includes(state);
    if (seen.verdict?.kind !== 'breach' || !goes) return;
    const expected = seen.foreign === null ? 'breach' : 'supersede';
    expect(move).toMatchObject({ kind: 'event', event: expected });
  });
});

test('what a person holds, a person ends; what is over is never opened again', () => {
  holds((seen, move) => {
    const { state, held } = seen.rollout;
    if (ended.includes(state)) expect(['rest', 'cancel']).toContain(move.kind);
    if (state === 'draft') expect(move.kind).toBe('rest');
    const stopped = state === 'held' && (held?.reason === 'paused' || held?.reason === 'step');
    if (stopped && move.kind !== 'rest')
      expect(move).toMatchObject({ event: expect.stringMatching(/breach|supersede/) });
  });
});

test('only what the table of states allows, and the same of the same', () => {
  holds((seen, move) => {
    if (move.kind === 'event') expect(afterEvent(seen.rollout.state, move.event)).not.toBeNull();
    expect(nextMove(structuredClone(seen))).toEqual(move);
  });
});
