import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepStates } from '#app/domain/run/run.ts';
import { chooseMove } from '#app/engine/runs/choose-move.ts';

const step = fc.record({
  state: fc.constantFrom(...stepStates),
  drive: fc.record({ look: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }), replan: fc.boolean() }),
});
const steps = fc
  .array(step, { maxLength: 5 })
  .map((all) => all.map((one, index) => ({ ...one, step_id: `s${index}` })));
const run = fc.record({ state: fc.constantFrom('prepared', 'open', 'done', 'cancelled') as fc.Arbitrary<'open'> });
const token = fc.constantFrom(null, 'a', 'b');

test('while something is in flight nothing else is planned, and a run never finishes over it', () => {
  fc.assert(
    fc.property(run, steps, token, (one, all, look) => {
      const move = chooseMove(one, all, look);
      const inFlight = all.some(({ state }) => state === 'running' || state === 'blocked' || state === 'verifying');
      if (inFlight) expect(['apply', 'look', 'rest']).toContain(move.kind);
      if (move.kind === 'finish') {
        expect(all.every(({ state }) => ['succeeded', 'skipped', 'undone'].includes(state))).toBe(true);
      }
    }),
  );
});

test('a step that waits for its look moves only for the job that carries its token', () => {
  fc.assert(
    fc.property(run, steps, token, (one, all, look) => {
      const move = chooseMove(one, all, look);
      if (!('stepId' in move)) return;
      const waits = all.find(({ step_id }) => step_id === move.stepId)!.drive.look;
      expect(waits === undefined || waits === look).toBe(true);
    }),
  );
});

test('an ended run plans nothing, and a failed or unknown step keeps all later ones waiting', () => {
  fc.assert(
    fc.property(run, steps, token, (one, all, look) => {
      const move = chooseMove(one, all, look);
      if (move.kind !== 'plan') return;
      expect(['prepared', 'open']).toContain(one.state);
      const index = all.findIndex(({ step_id }) => step_id === move.stepId);
      for (const before of all.slice(0, index)) expect(['succeeded', 'skipped', 'undone']).toContain(before.state);
    }),
  );
});
