import type { FlagState } from '../../domain/flag/flag.ts';
import type { UnleashEvent } from './port.ts';

/** Flags whose details are known and still good. A listing costs two calls, and one more per flag that changed since. */
export interface FlagCache {
  /** Reads the newest events: forgets each flag that one of them touches. */
  learn(newestFirst: UnleashEvent[]): void;
  get(flag: string): FlagState | undefined;
  put(state: FlagState): void;
}

/** An empty cache. `page` is how many of the newest events `learn` is given. */
export function createFlagCache(page: number): FlagCache {
  const flags = new Map<string, FlagState>();
  let seen: Set<number> | null = null;
  return {
    learn(events) {
      // Ids have gaps and may commit out of order, so each id is compared, not only the highest.
      const before = seen;
      const fresh = before ? events.filter((event) => !before.has(event.id)) : events;
      seen = new Set(events.map((event) => event.id));
      // More news than one page holds, a first look, or an event that names no flag (segments, environments, imports).
      if (!before || fresh.length >= page || fresh.some((event) => event.flag === null)) flags.clear();
      for (const event of fresh) for (const flag of touched(event, flags)) flags.delete(flag);
    },
    get: (flag) => flags.get(flag),
    put: (state) => void flags.set(state.flag, state),
  };
}

/** A dependency shows on both ends: the parent lists its children. */
function touched(event: UnleashEvent, known: Map<string, FlagState>): string[] {
  if (event.flag === null) return [];
  if (!/dependenc|archived|deleted|revived/.test(event.type)) return [event.flag];
  const parent = (event.data as { feature?: unknown } | null)?.feature;
  const parents = known.get(event.flag)?.parents ?? [];
  return [event.flag, ...parents, ...(typeof parent === 'string' ? [parent] : [])];
}
