/** The injected clock: data time. `wall` is the machine's own. Both in ms since the epoch. */
export interface Clock {
  now(): number;
  wall(): number;
  /** Data time of a wall-clock instant, for timestamps that outside systems stamp by their own clock. */
  fromWall(wall: number): number;
  /** Data ms per wall ms right now; 1 in production. */
  speed(): number;
}

/** One piece of a piecewise linear clock: from wall time `wall` on, data time is `data + (t - wall) · speed`. */
export interface ClockSegment {
  wall: number;
  data: number;
  speed: number;
}

/** The clock of production: data time is wall time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  wall: () => Date.now(),
  fromWall: (wall) => wall,
  speed: () => 1,
};

/**
 * A piecewise linear clock over `segments` (ascending by wall time). It never goes back: the root refuses
 * segments that would. Before the first segment data time runs at speed 1.
 */
export function piecewiseClock(segments: () => readonly ClockSegment[], wall: () => number = () => Date.now()): Clock {
  const at = (t: number): ClockSegment => {
    const all = segments();
    let found = all[0];
    for (const segment of all) if (segment.wall <= t) found = segment;
    if (!found) return { wall: t, data: t, speed: 1 };
    return t < found.wall ? { ...found, speed: 1 } : found;
  };
  const convert = (t: number) => {
    const s = at(t);
    return Math.round(s.data + (t - s.wall) * s.speed);
  };
  return { now: () => convert(wall()), wall, fromWall: convert, speed: () => at(wall()).speed };
}

/** A clock that tests turn by hand. */
export function manualClock(start: number): Clock & { set(to: number): void; advance(ms: number): void } {
  let now = start;
  return {
    now: () => now,
    wall: () => now,
    fromWall: (wall) => wall,
    speed: () => 1,
    set: (to) => {
      now = to;
    },
    advance: (ms) => {
      now += ms;
    },
  };
}
