import { advanceRollout } from './advance.server.ts';
import type { RolloutDeps } from './deps.ts';
import { createReadings } from './readings.server.ts';
import { tellOfRollouts } from './tell.server.ts';

/** Data ms for which an ended rollout is still looked after: a step of it that waits is called off. */
const lookAfter = 10 * 60_000;

/**
 * One round over all rollouts that may move. Safe on any number of processes. One that fails is tried again next time and
 * costs the others nothing.
 */
export function advanceRollouts(deps: RolloutDeps): (signal: AbortSignal) => Promise<void> {
  const readGuards = createReadings(deps);
  return async (signal) => {
    const catalog = await deps.catalog();
    if (!catalog) return;
    for (const { id } of await deps.rollouts.moving(deps.clock.now() - lookAfter)) {
      await advanceRollout(deps, readGuards, catalog, id, signal).catch((error: unknown) => {
        if (signal.aborted) throw error;
        deps.log.warn({ rollout: id, err: error }, 'a rollout could not be moved on');
      });
    }
    await tellOfRollouts(deps, catalog);
  };
}
