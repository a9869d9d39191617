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
 * A piecewise linear clock over `segments` (ascending by wall time, see `goesForward`). Before the first segment data
 * time runs at speed 1.
 */
export function piecewiseClock(segments: () => readonly ClockSegment[], wall: () => number = () => Date.now()): Clock {
  const at = (t: number): ClockSegment => {
    const all = segments();
    const found = all.findLast((segment) => segment.wall <= t);
    if (found) return found;
    const first = all[0] ?? { wall: t, data: t };
    return { wall: first.wall, data: first.data, speed: 1 };
  };
  const convert = (t: number) => dataAt(at(t), t);
  return { now: () => convert(wall()), wall, fromWall: convert, speed: () => at(wall()).speed };
}

/**
 * True when segments follow each other in wall time and data time never goes back: none runs backward, and each begins
 * where the one before has come to, or later. A millisecond less is rounding.
 */
export function goesForward(segments: readonly ClockSegment[]): boolean {
  return segments.every((segment, index) => {
    const { wall, data, speed } = segment;
    if (![wall, data, speed].every(Number.isFinite) || speed < 0) return false;
    const before = segments[index - 1];
    return !before || (wall >= before.wall && data >= dataAt(before, wall) - 1);
  });
}

function dataAt(segment: ClockSegment, wall: number): number {
  return Math.round(segment.data + (wall - segment.wall) * segment.speed);
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
