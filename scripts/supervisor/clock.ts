import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type ClockSegment, piecewiseClock } from '../../app/platform/clock.ts';

/** The stored clock of a demo: a file that the console and the simulator re-read when it changes. */
export interface StoredClock {
  path: string;
  now(): number;
  /** True until `begin`: what happens before lies days before the world's first minute. */
  before(): boolean;
  /** The world's first minute, data ms. */
  readonly firstMinute: number;
  /** Data time jumps to the first minute and stands still until it is played. */
  begin(): void;
  /** True while the world's first minutes have not been played. */
  frozen(): boolean;
  /** From now on data time runs at `speed`; it never goes back. */
  run(speed: number): void;
  /** Data time leaps by `ms`, `aheadMs` of wall time from now so that all processes leap together, and goes on as it went. */
  jump(ms: number, aheadMs: number): void;
  /** Plays the pieces one after the other, the longest for so long that data time meets wall time; then goes on at `after`. Returns the wall ms it takes. */
  play(pieces: readonly PlayedPiece[], after: number): number;
}

/** `forMs` of data time at `speed`, data ms per wall ms. */
export interface PlayedPiece {
  forMs: number;
  speed: number;
}

/** Setting up a world (creating its flags) lies this far before its first minute, so that nobody takes it for a change. */
const setUpMs = 3 * 24 * 3_600_000;

/** Opens the clock at `path`. A new one begins `behindMs` before the wall clock. */
export function storedClock(path: string, behindMs: number): StoredClock {
  const stored: ClockSegment[] = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).segments : [];
  // A set-up that never came to its first minute is made anew: its world would lie too far behind.
  const existed = stored.length > 1;
  let segments: ClockSegment[] = existed
    ? stored
    : [{ wall: Date.now(), data: wholeMinute(Date.now() - behindMs) - setUpMs, speed: 1 }];
  const firstMinute = (segments[0]?.data ?? 0) + setUpMs;
  const clock = piecewiseClock(() => segments);
  const save = (added: ClockSegment[]) => {
    const from = added[0]?.wall ?? Number.POSITIVE_INFINITY;
    segments = [...segments.filter((segment) => segment.wall < from), ...added];
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify({ segments }));
    renameSync(draft, path);
  };
  if (!existed) save(segments);
  const run = (speed: number) => {
    const wall = Date.now();
    save([{ wall, data: clock.now(), speed }]);
  };
  return {
    path,
    now: clock.now,
    before: () => segments.length === 1,
    firstMinute,
    begin: () => save([{ wall: Date.now(), data: firstMinute, speed: 0 }]),
    frozen: () => clock.speed() === 0,
    run,
    jump(ms, aheadMs) {
      const wall = Date.now() + aheadMs;
      save([{ wall, data: clock.fromWall(wall) + ms, speed: clock.speed() }]);
    },
    play(pieces, after) {
      // The processes re-read the file within 200 ms: the first piece starts a moment later, so that all see it whole.
      const begin = Date.now() + 400;
      const lengths = pieces.map(({ forMs }) => forMs);
      const gained = pieces.reduce((sum, { forMs, speed }) => sum + forMs - forMs / speed, 0);
      const longest = lengths.indexOf(Math.max(...lengths));
      const { speed } = pieces[longest]!;
      const behind = begin - clock.fromWall(begin) - gained;
      lengths[longest]! += Math.max(0, (behind * speed) / (speed - 1));
      let at = { wall: begin, data: clock.fromWall(begin) };
      const planned: ClockSegment[] = [];
      for (const [index, piece] of pieces.entries()) {
        planned.push({ ...at, speed: piece.speed });
        const takes = Math.ceil(lengths[index]! / piece.speed);
        at = { wall: at.wall + takes, data: at.data + takes * piece.speed };
      }
      save([...planned, { ...at, speed: after }]);
      return at.wall - Date.now();
    },
  };
}

function wholeMinute(ms: number): number {
  return Math.floor(ms / 60_000) * 60_000;
}
