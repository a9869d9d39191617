import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type ClockSegment, piecewiseClock } from '../../app/platform/clock.ts';

/** The stored clock of a demo: a file that the console and the simulator re-read when it changes. */
export interface StoredClock {
  path: string;
  now(): number;
  /** True until `begin`: what happens before lies days before the world's first minute. */
  before(): boolean;
  /** The world's first minute: data time jumps there and stands still until it is played. */
  begin(): void;
  /** True while the world's first minutes have not been played. */
  frozen(): boolean;
  /** From now on data time runs at `speed`; it never goes back. */
  run(speed: number): void;
  /** Plays at least `forMs` of data time at `speed`, and on until data time meets wall time; then goes on at `after`. Returns the wall ms it takes. */
  play(options: { forMs: number; speed: number; after: number }): number;
}

/** Setting up a world (creating its flags) lies this far before its first minute, so that nobody takes it for a change. */
const setUpMs = 3 * 24 * 3_600_000;

/** Opens the clock at `path`. A new one begins `behindMs` before the wall clock. */
export function storedClock(path: string, behindMs: number): StoredClock {
  const existed = existsSync(path);
  let segments: ClockSegment[] = existed
    ? (JSON.parse(readFileSync(path, 'utf8')) as { segments: ClockSegment[] }).segments
    : [{ wall: Date.now(), data: wholeMinute(Date.now() - behindMs) - setUpMs, speed: 1 }];
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
    begin: () => save([{ wall: Date.now(), data: wholeMinute(Date.now() - behindMs), speed: 0 }]),
    frozen: () => clock.speed() === 0,
    run,
    play({ forMs, speed, after }) {
      // The processes re-read the file within 100 ms: the piece starts a moment later, so that all see it whole.
      const wall = Date.now() + 400;
      const data = clock.fromWall(wall);
      const untilMet = ((wall - data) * speed) / (speed - 1);
      const takes = Math.ceil(Math.max(forMs, untilMet) / speed);
      save([
        { wall, data, speed },
        { wall: wall + takes, data: data + takes * speed, speed: after },
      ]);
      return wall + takes - Date.now();
    },
  };
}

function wholeMinute(ms: number): number {
  return Math.floor(ms / 60_000) * 60_000;
}
