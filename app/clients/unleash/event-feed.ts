import type { UnleashEvent } from './port.ts';

/** How far back below the newest id a late event is still looked for. */
const lateBy = 200;

/**
 * Picks, from pages read newest first, what a reader who has all up to `since` has not been given yet. An event can become
 * visible after one with a higher id (ids are drawn before the commit), so what was given is remembered by id.
 */
export function createEventFeed() {
  const given = new Set<number>();
  let start: number | null = null;
  return {
    /** The lowest id that must be read to answer `since`. */
    floor(since: number): number {
      start ??= since;
      return Math.max(start, since - lateBy);
    },
    /** The events not given before, oldest first. */
    take(since: number, events: UnleashEvent[]): UnleashEvent[] {
      const floor = this.floor(since);
      const fresh = events
        .filter((event) => event.id > floor && (event.id > since || !given.has(event.id)))
        .sort((a, b) => a.id - b.id);
      for (const event of fresh) given.add(event.id);
      for (const id of given) if (id <= floor) given.delete(id);
      return fresh;
    },
  };
}
