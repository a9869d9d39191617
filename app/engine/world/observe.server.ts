import type { Clock } from '../../platform/clock.ts';
import type { ObservationStore } from '../../stores/stores.ts';

/** Reads one thing outside and stores it with its time; a failure is stored too and the last value stays. Null after a failure. */
export async function observe<T>(
  deps: { observations: ObservationStore; clock: Clock },
  source: string,
  key: string,
  read: () => Promise<T>,
): Promise<T | null> {
  const startedAt = deps.clock.now();
  try {
    const value = await read();
    await deps.observations.saw(source, key, value, startedAt);
    return value;
  } catch (error) {
    await deps.observations.failed(source, key, (error as Error).message, deps.clock.now());
    return null;
  }
}
