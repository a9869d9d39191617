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
      // A first look, more news than one page holds, or news of what many flags share.
      if (!before || fresh.length >= page || fresh.some(touchesMany)) flags.clear();
      for (const event of fresh) for (const flag of touched(event, flags)) flags.delete(flag);
    },
    get: (flag) => flags.get(flag),
    put: (state) => void flags.set(state.flag, state),
  };
}

/** Segments, environments, imports and projects change flags without naming them; tokens and users do not. */
function touchesMany(event: UnleashEvent): boolean {
  return event.flag === null && /segment|environment|import|project/.test(event.type);
}

/** A dependency shows on both ends: the parent lists its children. */
function touched(event: UnleashEvent, known: Map<string, FlagState>): string[] {
  if (event.flag === null) return [];
  if (!/dependenc|archived|deleted|revived/.test(event.type)) return [event.flag];
  const parent = (event.data as { feature?: unknown } | null)?.feature;
  const parents = known.get(event.flag)?.parents ?? [];
  return [event.flag, ...parents, ...(typeof parent === 'string' ? [parent] : [])];
}
