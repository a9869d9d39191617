import type { Clock } from '../../platform/clock.ts';
import type { ObservationStore } from '../../stores/stores.ts';
import { readFailureText } from '../given-up.ts';

/**
 * Reads one thing outside and stores it with its time; a failure is stored too and the last value stays. Null after a
 * failure. `givenUpAfterMs` is the deadline (wall) that the read's signal keeps, for its words.
 */
export async function observe<T>(
  deps: { observations: ObservationStore; clock: Clock },
  source: string,
  key: string,
  read: () => Promise<T>,
  givenUpAfterMs = 0,
): Promise<T | null> {
  const startedAt = deps.clock.now();
  try {
    const value = await read();
    await deps.observations.saw(source, key, value, startedAt);
    return value;
  } catch (error) {
    await deps.observations.failed(source, key, readFailureText(error, givenUpAfterMs), deps.clock.now());
    return null;
  }
}
