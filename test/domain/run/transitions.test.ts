import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StepState, stepStates } from '#app/domain/run/run.ts';
import {
  allowed,
  type StepEvent,
  after as stateAfter,
  type Transition,
  transitions,
} from '#app/domain/run/transitions.ts';

const rows: readonly Transition[] = transitions;
const events = transitions.map((row) => row.event);
/** States in which nothing more happens unless a person asks for it. */
const restingStates: readonly StepState[] = ['succeeded', 'failed', 'skipped', 'undone', 'unknown'];

/** What is true of the world, as far as a step's state tells it. The reference that the table is held against. */
interface Model {
  state: StepState;
  /** A person's word stands for what runs. */
  confirmed: boolean;
  /** The effect of the change: not there, there, or nobody knows. */
  effect: 'none' | 'there' | 'unknown';
  undoing: boolean;
}

/** The world after an event, told without the table; null when it would be wrong to let it happen. */
function world(model: Model, event: StepEvent): Omit<Model, 'state'> | null {
  const { confirmed, effect, undoing } = model;
  switch (event) {
    case 'confirm':
    case 'approve':
    case 'break-glass':
      return { confirmed: true, effect, undoing: false };
    case 'take-effect':
    case 'decide-done':
      return confirmed && !undoing ? { confirmed, effect: 'there', undoing } : null;
    // Whoever reports an effect stands for it, so that it counts as confirmed; an undo is told from it by its own decision.
    case 'by-hand':
      return undoing ? null : { confirmed: true, effect: 'there', undoing: false };
    case 'succeed':
      return confirmed ? { confirmed, effect: 'there', undoing: false } : null;
    case 'undo':
      return confirmed ? { confirmed, effect, undoing: true } : null;
    case 'undone':
    case 'decide-undone':
      return undoing ? { confirmed, effect: 'none', undoing: false } : null;
    case 'lose':
      return confirmed ? { confirmed, effect: 'unknown', undoing } : null;
    case 'retry':
    case 'stale':
    case 'reject':
      return { confirmed: false, effect: event === 'retry' ? effect : 'none', undoing: false };
    case 'decide-failed':
      return { confirmed, effect, undoing };
    default:
      return { confirmed, effect, undoing };
  }
}

describe('the table of transitions', () => {
  it('names each event once and only states that exist', () => {
    expect(new Set(events).size).toBe(events.length);
    for (const row of rows) {
      expect(stepStates).toContain(row.to);
      for (const state of row.from) expect(stepStates).toContain(state);
    }
  });

  it('reaches every state from pending, and no resting state is a trap for a person', () => {
    const reached = new Set<StepState>(['pending']);
    for (let size = 0; size !== reached.size; ) {
      size = reached.size;
      for (const row of rows) if (row.from.some((state) => reached.has(state))) reached.add(row.to);
    }
    expect([...reached].sort()).toEqual([...stepStates].sort());
    const askedFor = rows.filter((row) => row.by === 'person').flatMap((row) => row.from);
    expect(askedFor).toEqual(expect.arrayContaining(['failed', 'unknown', 'succeeded']));
    expect(rows.some((row) => row.from.includes('skipped') || row.from.includes('undone'))).toBe(false);
  });

  it('lets nothing run without a person: running is entered only by a confirmation, an approval, a broken glass, an undo or a continuation', () => {
    const into = rows.filter((row) => row.to === 'running').map((row) => row.event);
    expect(into).toEqual(['confirm', 'approve', 'break-glass', 'go-on', 'undo']);
    for (const event of ['confirm', 'approve', 'break-glass', 'undo'] as const) {
      expect(rows.find((row) => row.event === event)?.by).toBe('person');
    }
  });

  it('ends a resting step only by a person', () => {
    for (const row of rows) {
      if (row.from.some((state) => restingStates.includes(state))) expect(row.by).toBe('person');
    }
  });

  it('agrees with itself: allowed(from, to) is some event', () => {
    fc.assert(
      fc.property(fc.constantFrom(...stepStates), fc.constantFrom(...stepStates), (from, to) => {
        expect(allowed(from, to)).toBe(events.some((event) => stateAfter(from, event) === to));
      }),
    );
  });

  it('never leaves what the world knows, on any walk through it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 60 }), (walk) => {
        let model: Model = { state: 'pending', confirmed: false, effect: 'none', undoing: false };
        for (const event of walk) {
          const state = stateAfter(model.state, event);
          const next = state && world(model, event);
          if (!state || !next) continue;
          model = { state, ...next };
          if (['running', 'verifying', 'blocked'].includes(state)) expect(model.confirmed).toBe(true);
          if (state === 'verifying') expect(model.effect).toBe('there');
          if (state === 'undone') expect(model.effect).toBe('none');
          if (state === 'unknown') expect(model.effect).toBe('unknown');
          if (state === 'pending' || state === 'planned') expect(model.confirmed).toBe(false);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
