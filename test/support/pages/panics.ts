import type { Panic } from '#app/domain/panic/panic.ts';
import type { PanicStore } from '#app/stores/panic/panics.server.ts';
import type { Told } from './stores.ts';
import type { World } from './world.ts';

/** A dry run over the world's first run, and one member that could not be planned. */
export function panicOf({ runs, now }: World): Panic {
  const [first] = runs;
  const run = first ? { ...first, steps: first.steps.filter(({ kind }) => kind === 'stop') } : null;
  return {
    ...{ id: 'panic-1', set: 'speech', title: 'Speech back', why: 'Voices fail.', environment: 'production' },
    ...{ openedBy: 'Ada Byron', openedAt: now - 30_000, confirmedBy: null, confirmedAt: null, reason: null },
    ...{ undoBy: null, undoAt: null, undoEndedAt: null, undoDespite: [], putAwayAt: null },
    members: [
      { kind: 'flag', name: 'voiceover-v2', run, problem: null, confirmed: false },
      { kind: 'traffic', name: 'voiceover', run: null, problem: 'There is no service voiceover.', confirmed: false },
    ],
  };
}

/** Panics of a world: reads answer from it, wishes are remembered. */
export function fakePanics(world: World, told: Told): PanicStore {
  const panic = world.panic ?? panicOf(world);
  const tell = (what: string) => async (input: unknown) => {
    told.push({ what, with: input });
  };
  return {
    ofRun: async (runId) => (world.panic && panic.members.some(({ run }) => run?.id === runId) ? panic : null),
    recent: async () => [panic],
    get: async (id) =>
      id === panic.id
        ? { ...panic, hash: 'panic-hash', undoHash: 'undo-hash', against: world.panicAgainst ?? [] }
        : null,
    open: async (set, actor) => {
      told.push({ what: 'panic-open', with: { set: set.name, by: actor.email } });
      return panic.id;
    },
    readAgain: tell('panic-read-again'),
    confirm: tell('panic-confirm'),
    undo: tell('panic-undo'),
    putAway: tell('panic-put-away'),
  };
}
