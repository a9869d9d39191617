import type { Rollout, RolloutEntry } from '#app/domain/rollout/rollout.ts';
import { isEnded } from '#app/domain/rollout/transitions.ts';
import type { RolloutStore } from '#app/stores/rollouts.server.ts';

/** The rollouts of a world; none unless said. */
export interface RolloutWorld {
  rollouts?: Rollout[];
  rolloutEntries?: RolloutEntry[];
}

/** A fake rollout store over a world: reads answer from it, writes are remembered. */
export function fakeRollouts(world: RolloutWorld, told: { what: string; with: unknown }[]): RolloutStore {
  return {
    get: async (id) => (world.rollouts ?? []).find((each) => each.id === id) ?? null,
    list: async ({ target, service, open, limit }) =>
      (world.rollouts ?? [])
        .filter((each) => target === undefined || each.target === target)
        .filter((each) => service === undefined || each.service === service)
        .filter((each) => open === undefined || isEnded(each.state) !== open)
        .slice(0, limit),
    entries: async () => world.rolloutEntries ?? [],
    runs: async () => [],
    draw: async (rollout) => {
      told.push({ what: 'draw', with: rollout });
      return 'rollout-new';
    },
    decide: async (input) => {
      told.push({ what: 'decide', with: input });
    },
  };
}
